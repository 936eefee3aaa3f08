import { z } from 'zod';
import type { AppAnswer } from '../instances/ask-app.ts';
import type { AppAppearance } from './types.ts';

/** What an app written for Rescale answers at `.rescale-app`; every field may be missing. */
const discoverySchema = z.object({
  name: z.string().trim().min(1).max(200).optional().catch(undefined),
  icon: z.string().max(2000).optional().catch(undefined),
  webappUrl: z.string().max(1000).optional().catch(undefined),
});

const pictures = /^image\/(png|jpeg|gif|webp|svg\+xml)\b/;
const maxIcon = 64 * 1024;

/** Asks for the document where such apps have it: many join their prefix and the name with two slashes. */
export async function readAppearance(
  ask: (path: string) => Promise<AppAnswer>,
  prefix: string,
  now: AppAppearance,
): Promise<AppAppearance | null> {
  for (const path of [`${prefix}/.rescale-app`, `${prefix}//.rescale-app`]) {
    const answer = await askFollowing(ask, path);
    const found = answer.status === 200 ? readDiscovery(answer.body) : null;
    if (!found) continue;
    const { name, icon, webappUrl } = found;
    return {
      title: name ?? now.title,
      path: webappUrl && isOwnPath(webappUrl) ? webappUrl : now.path,
      icon: (icon && isOwnPath(icon) ? await readIcon(ask, icon) : null) ?? now.icon,
    };
  }
  return null;
}

async function askFollowing(ask: (path: string) => Promise<AppAnswer>, path: string): Promise<AppAnswer> {
  const answer = await ask(path);
  if (![301, 302, 307, 308].includes(answer.status)) return answer;
  const target = answer.location.replace(/^https?:\/\/[^/]+/, '');
  return isOwnPath(target) ? ask(target) : answer;
}

export function readDiscovery(body: Buffer): z.infer<typeof discoverySchema> | null {
  try {
    const parsed = discoverySchema.safeParse(JSON.parse(body.toString('utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** `//x` would be another host. */
const isOwnPath = (path: string): boolean => /^\/(?!\/)[\x21-\x7e]*$/.test(path);

async function readIcon(ask: (path: string) => Promise<AppAnswer>, path: string): Promise<string | null> {
  const { status, type, body } = await ask(path);
  if (status !== 200 || !pictures.test(type) || body.length > maxIcon) return null;
  return `data:${type.split(';')[0]};base64,${body.toString('base64')}`;
}
