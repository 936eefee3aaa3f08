import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../electron/shared/errors.ts';
import { quote } from '../../electron/shared/shell-quote.ts';
import type { EngineSession } from '../engine-session.ts';
import type { Tree } from './plan.ts';

export interface RemoteFolder {
  clusterId: string;
  /** Absolute. */
  path: string;
}

/** Files on both sides with the same size, whose content can be the same. */
export const sameSized = (source: Tree, target: Tree): string[] =>
  [...source].flatMap(([path, { kind, size }]) => {
    const there = target.get(path);
    return kind === 'file' && there?.kind === 'file' && there.size === size ? [path] : [];
  });

/** Of these paths those with the same content here and on the cluster. @throws AppError */
export async function findSameContent(
  session: EngineSession,
  local: string,
  remote: RemoteFolder,
  paths: readonly string[],
): Promise<Set<string>> {
  if (paths.length === 0) return new Set();
  const there = await hashRemotely(session, remote, paths);
  const same = new Set<string>();
  for (const path of paths) {
    session.interrupted.throwIfAborted();
    if (there.get(path) === (await hashFile(join(local, path)))) same.add(path);
  }
  return same;
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** One command there reads all of them; those that it cannot read are left out. */
async function hashRemotely(
  { openStream, interrupted }: EngineSession,
  { clusterId, path }: RemoteFolder,
  paths: readonly string[],
): Promise<Map<string, string>> {
  const script = `cd -- ${quote(path)} && LC_ALL=C exec xargs -0 sha256sum --`;
  const { data, stderr, closed } = await openStream('terminals.exec', { target: { clusterId }, script });
  stderr?.resume();
  const names = Readable.from(paths.map((each) => `./${each}\0`));
  const [output] = await Promise.all([text(data), pipeline(names, data, { signal: interrupted })]);
  const { code } = await closed;
  // xargs ends with 123 where a file could not be read.
  if (code !== 0 && code !== 123) {
    throw new AppError('command-missing', 'The files on the cluster cannot be compared by their content.', {
      hint: 'It needs sha256sum and xargs there; leave out --hash to compare size and time.',
    });
  }
  return parseHashes(output);
}

/** Lines of sha256sum, which writes a backslash before the hash where it changed the name. */
export function parseHashes(output: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of output.split('\n')) {
    const [, escaped, hash = '', name = ''] = /^(\\?)([0-9a-f]{64}) [ *]\.\/(.*)$/.exec(line) ?? [];
    if (hash !== '') found.set(escaped ? name.replaceAll('\\n', '\n').replaceAll('\\\\', '\\') : name, hash);
  }
  return found;
}
