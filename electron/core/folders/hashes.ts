import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { throwIfAborted } from '../../shared/errors.ts';
import { localError } from './local-error.ts';
import type { LocalFile } from './scan.ts';
import type { ManifestFile } from './sync-policy.ts';

const cacheSchema = z.record(z.string(), z.object({ size: z.number(), mtimeMs: z.number(), sha256: z.string() }));
type Cache = z.infer<typeof cacheSchema>;

/** What each file here would be in the manifest. Only files whose size or time changed since are read. */
export async function hashFiles(
  files: readonly LocalFile[],
  cachePath: string,
  signal?: AbortSignal,
): Promise<Map<string, ManifestFile>> {
  const cache = await readCache(cachePath);
  const next: Cache = {};
  const hashed = new Map<string, ManifestFile>();
  for (const { name, path, size, mtimeMs, mode } of files) {
    const known = Object.hasOwn(cache, name) ? cache[name] : undefined;
    const isKnown = known?.size === size && known.mtimeMs === mtimeMs;
    const sha256 = isKnown ? known.sha256 : await hashFile(path, name, signal);
    next[name] = { size, mtimeMs, sha256 };
    hashed.set(name, { size, mtime: Math.floor(mtimeMs / 1000), mode, sha256 });
  }
  await mkdir(dirname(cachePath), { recursive: true, mode: 0o700 });
  // The app and a terminal may both be at it.
  const fresh = `${cachePath}.${randomBytes(4).toString('hex')}`;
  await writeFile(fresh, JSON.stringify(next), { mode: 0o600 });
  await rename(fresh, cachePath);
  return hashed;
}

/** @throws AppError `conflict` (it went away), `not-permitted`, `cancelled` */
async function hashFile(path: string, name: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash, { signal });
  } catch (error) {
    throwIfAborted(signal);
    throw localError(name, error);
  }
  return hash.digest('hex');
}

/** What cannot be read is made anew. */
async function readCache(path: string): Promise<Cache> {
  try {
    const parsed = cacheSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return parsed.success ? parsed.data : {};
  } catch {
    return {};
  }
}
