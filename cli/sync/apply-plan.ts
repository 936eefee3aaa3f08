import { lstat, mkdir, rm, rmdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError, type ErrorCode, type SerializedError } from '../../electron/shared/errors.ts';
import { quote } from '../../electron/shared/shell-quote.ts';
import type { EngineSession } from '../engine-session.ts';
import { printProgress } from '../output.ts';
import type { ProgressBar } from '../progress-bar.ts';
import { receiveFile, sendFile } from '../transfer/byte-copies.ts';
import { localFileError } from '../transfer/local-file-error.ts';
import type { RemoteFolder } from './compare-content.ts';
import type { SyncPlan, Tree } from './plan.ts';
import { workOnAll } from './work-on-all.ts';

/** Files on the way at the same time. */
const FILES_AT_ONCE = 4;

export interface SyncSides {
  session: EngineSession;
  direction: 'upload' | 'download';
  local: string;
  remote: RemoteFolder;
}

export interface SyncOutcome {
  copied: string[];
  removed: string[];
  failed: { path: string; error: SerializedError }[];
  bytes: number;
}

/** What concerns the other files as well. */
const fatal: readonly ErrorCode[] = [
  'cancelled',
  'connection-lost',
  'engine-down',
  'engine-stopped',
  'sign-in-needed',
  'no-space',
  'read-only',
  'storage-full',
  'storage-quota',
  'storage-read-only',
];

/** Makes the folders, copies the files, and then, where all were copied, removes what `removals` names. @throws AppError for what stops all of it */
export async function applyPlan(
  sides: SyncSides,
  { folders, copies, removals }: Pick<SyncPlan, 'folders' | 'copies' | 'removals'>,
  source: Tree,
  bar: ProgressBar,
): Promise<SyncOutcome> {
  const outcome: SyncOutcome = { copied: [], removed: [], failed: [], bytes: 0 };
  const { interrupted } = sides.session;
  const each = (paths: readonly string[], atOnce: number, work: (path: string) => Promise<void>) =>
    workOnAll(paths, { atOnce, signal: interrupted }, (path) => recordFailure(outcome, path, work));
  await each(folders, 1, (path) => makeFolder(sides, path));
  await each(copies, FILES_AT_ONCE, async (path) => {
    const bytes = await copyFile(sides, path, source, bar);
    outcome.bytes += bytes;
    outcome.copied.push(path);
  });
  if (sides.direction === 'upload') await setTimes(sides, outcome.copied, source);
  // A file that was moved would be gone where its copy failed.
  if (outcome.failed.length > 0) return outcome;
  const spellings = new Map([...source.keys()].map((path) => [foldName(path), path]));
  await each(removals, 1, async (path) => {
    if (await isSameFile(sides, path, spellings.get(foldName(path)))) return;
    await removePath(sides, path);
    outcome.removed.push(path);
  });
  return outcome;
}

const foldName = (path: string): string => path.normalize('NFC').toLowerCase();

/** Where this computer's disk takes no notice of case, `A` is the file that was just copied as `a`. */
async function isSameFile({ direction, local }: SyncSides, path: string, other: string | undefined): Promise<boolean> {
  if (direction === 'upload' || other === undefined) return false;
  const [one, copied] = await Promise.all([lstat(join(local, path)), lstat(join(local, other)).catch(() => null)]);
  return copied !== null && one.ino === copied.ino && one.dev === copied.dev;
}

async function recordFailure(
  { failed }: SyncOutcome,
  path: string,
  work: (path: string) => Promise<void>,
): Promise<void> {
  try {
    await work(path);
  } catch (thrown) {
    const error = localFileError(thrown, path) ?? AppError.from(thrown);
    if (fatal.includes(error.code)) throw error;
    failed.push({ path, error: error.serialize() });
  }
}

const remotePath = ({ remote }: SyncSides, path: string) => ({
  clusterId: remote.clusterId,
  path: posix.join(remote.path, path),
});

async function makeFolder(sides: SyncSides, path: string): Promise<void> {
  if (sides.direction === 'download') await mkdir(join(sides.local, path), { recursive: true });
  else await sides.session.request('files.makeDirectory', { ...remotePath(sides, path), parents: true });
}

async function copyFile(sides: SyncSides, path: string, source: Tree, bar: ProgressBar): Promise<number> {
  const { size = 0, modified, mode } = source.get(path) ?? {};
  const { openStream, interrupted: signal } = sides.session;
  const file = join(sides.local, path);
  if (sides.direction === 'download') {
    const stream = await openStream('files.download', remotePath(sides, path));
    return receiveFile(
      stream,
      file,
      { bar, signal },
      { mode: mode ?? 0o666, ...(modified !== undefined && { modified }) },
    );
  }
  const stream = await openStream('files.upload', { ...remotePath(sides, path), size, mode: mode ?? 0o600 });
  return sendFile(file, stream, { bar, signal });
}

async function removePath(sides: SyncSides, path: string): Promise<void> {
  if (sides.direction === 'upload') return sides.session.request('files.remove', remotePath(sides, path));
  const here = join(sides.local, path);
  // A folder is not a file to `rm`; only an empty one is removed.
  await rm(here).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_FS_EISDIR') throw error;
    return rmdir(here);
  });
}

/** As touch takes it, in UTC: `202611291420.07`. */
export const touchTime = (time: number): string =>
  new Date(time)
    .toISOString()
    .replaceAll(/[-T:]/g, '')
    .replace(/^(\d{12})(\d\d).*$/, '$1.$2');

/** Gives uploaded files the times that they have here, by which the next sync knows them. */
async function setTimes({ session, remote }: SyncSides, copied: readonly string[], source: Tree): Promise<void> {
  if (copied.length === 0) return;
  const script = `cd -- ${quote(remote.path)} && TZ=UTC0 && export TZ &&
while IFS= read -r time && IFS= read -r name; do touch -t "$time" -- "./$name" || bad=1; done && [ -z "$bad" ]`;
  const target = { clusterId: remote.clusterId };
  const { data, stderr, closed } = await session.openStream('terminals.exec', { target, script });
  data.resume();
  stderr?.resume();
  const lines = copied.map((path) => `${touchTime(source.get(path)?.modified ?? 0)}\n${path}\n`);
  await pipeline(Readable.from(lines), data, { signal: session.interrupted });
  const { code } = await closed;
  if (code !== 0) printProgress('The times of some files could not be set there; the next sync copies these again.');
}
