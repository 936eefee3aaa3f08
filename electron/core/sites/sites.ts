import { readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import type { Cluster, ClusterFacts } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import type { ShippedSite, SiteReading } from '../../shared/sites.ts';
import { fetchSite } from './fetch-site.ts';
import { reviewSite } from './review-policy.ts';
import { maxSiteBytes, parseSite } from './site-file.ts';

export interface Sites {
  /** The profiles that ship with the app, by name. */
  list(): ShippedSite[];
  /**
   * Reads a profile from an absolute path, an https address, or by the name of a shipped one; changes nothing.
   * @throws AppError `site-invalid`, `not-found`, `not-permitted`, `bad-input`, `timeout`
   */
  read(
    source: string,
    on: { cluster: Cluster; facts: ClusterFacts | null } | null,
    signal?: AbortSignal,
  ): Promise<SiteReading>;
}

/** @param folder of the shipped profiles */
export function createSites(folder: string): Sites {
  const names = () =>
    statSync(folder, { throwIfNoEntry: false })?.isDirectory()
      ? readdirSync(folder)
          .filter((name) => name.endsWith('.yaml'))
          .map((name) => basename(name, '.yaml'))
          .sort()
      : [];
  const shipped = (name: string) => parseSite(name, readText(join(folder, `${name}.yaml`)));

  const load = async (source: string, signal?: AbortSignal) => {
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(source)) {
      const { text, url } = await fetchSite(source, { signal });
      return { profile: parseSite(url, text), source: url };
    }
    if (names().includes(source)) return { profile: shipped(source), source: `shipped: ${source}` };
    const path = source.startsWith('~/') ? join(homedir(), source.slice(2)) : source;
    if (!isAbsolute(path)) {
      throw new AppError('not-found', message`There is no shipped site profile “${{ source }}”.`, {
        hint: message`There are: ${names().join(', ') || 'none'}. Or give the whole path of a file, or an https address.`,
      });
    }
    return { profile: parseSite(path, readText(path)), source: path };
  };

  return {
    list: () => names().map((name) => ({ name, profile: shipped(name) })),
    async read(source, on, signal) {
      const read = await load(source, signal);
      return { ...read, review: reviewSite(read.profile, on) };
    },
  };
}

function readText(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw new AppError('not-found', message`There is no file ${{ path }}.`);
  // A pipe or a device could keep a reader waiting for ever.
  if (!stat.isFile()) throw new AppError('bad-input', message`${{ path }} is not a file.`);
  if (stat.size > maxSiteBytes) {
    throw new AppError(
      'site-invalid',
      message`${{ path }} is larger than ${maxSiteBytes / 1024} KiB, so it is no site profile.`,
    );
  }
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new AppError('not-permitted', message`${{ path }} cannot be read.`, {
      detail: error instanceof Error ? error.message : String(error),
      cause: error,
    });
  }
}
