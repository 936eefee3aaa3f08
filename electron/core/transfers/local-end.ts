import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, lstat, mkdir, open, readdir, rename, rm, symlink, utimes } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { errorCode } from '../../client/storage-error.ts';
import { AppError, throwIfAborted } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import { isSameByTime } from './conflict-policy.ts';
import { changedFile, localFileError, nameTaken } from './local-file-error.ts';
import { readSmallHere, writeSmallHere } from './local-small.ts';
import { describeLocal, walkLocal } from './local-tree.ts';
import { isLocalName, localIdentity } from './name-policy.ts';
import { BLOCK, type BlockRange } from './resume-policy.ts';
import { syncFolder } from './sync-folder.ts';
import type { FileEnd, FinishOptions, FoundFile, PlannedItem, WriteOptions } from './types.ts';

const CHUNK = 1024 * 1024;

/** The files of this computer. */
export const localEnd: FileEnd = {
  async resolve(path) {
    if (isAbsolute(path)) return path;
    throw new AppError('bad-input', message`${{ path }} is no whole path of this computer.`);
  },
  join: (folder, name) => join(folder, name),
  baseName: (path) => basename(path),
  isName: (name) => isLocalName(name, process.platform),
  identity: (path) => localIdentity(path, process.platform),
  tree: walkLocal,
  stat: (path, links) => statLocal(path, links === 'follow'),
  async look(folders, signal) {
    const found = new Map<string, FoundFile>();
    for (const folder of folders) {
      throwIfAborted(signal);
      // One that cannot be read has nothing that is known; writing into it says why.
      const names = await readdir(folder).catch((): string[] => []);
      const entries = await Promise.all(
        names.map((name) => describeLocal(join(folder, name), name, false).catch(() => null)),
      );
      for (const entry of entries) if (entry) found.set(join(folder, entry.name), entry);
    }
    return found;
  },
  async makeFolders(folders, signal) {
    const failures = new Map<string, AppError>();
    for (const { path, mode } of folders) {
      throwIfAborted(signal);
      await mkdir(path, { recursive: true, mode: mode | 0o700 }).catch((cause: unknown) => {
        failures.set(path, localFileError(path, cause));
      });
    }
    return failures;
  },
  async hashes(paths, signal) {
    const found = new Map<string, string>();
    for (const path of paths) {
      const hash = createHash('sha256');
      const isRead = await pipeline(createReadStream(path, { highWaterMark: CHUNK }), hash, { signal }).then(
        () => true,
        () => false,
      );
      throwIfAborted(signal);
      if (isRead) found.set(path, hash.digest('hex'));
    }
    return found;
  },
  blockHashes: hashBlocks,
  makeLink: makeLocalLink,
  // Each file that was written is noted, so that a loss costs no more than what is under way.
  smallBatch: Number.POSITIVE_INFINITY,
  readSmall: (items, { signal }) => readSmallHere(items, signal),
  writeSmall: (files, target) => writeSmallHere(files, namePart, target),
  read: (path, { offset, end }) => readLocal(path, offset, end),
  writePart,
  finishPart,
  // Small files are written one by one here.
  removeStaging: async () => undefined,
  async removePart(part) {
    // It stays under a name that says what it is.
    await rm(part, { force: true }).catch(() => undefined);
  },
};

async function finishPart(part: string, item: PlannedItem, { keepsNewer }: FinishOptions): Promise<boolean> {
  const isNamed = await namePart(part, item, keepsNewer);
  if (isNamed) await syncFolder(dirname(item.target));
  return isNamed;
}

/** Gives a complete file its mode, its time and its name. False: what is there is as new. */
async function namePart(part: string, item: PlannedItem, keepsNewer: boolean): Promise<boolean> {
  const { target, mode, modified, size } = item;
  try {
    if ((await lstat(part)).size !== size) throw changedFile(part);
    const time = new Date(modified);
    await utimes(part, time, time);
    if (process.platform !== 'win32') await chmod(part, mode);
    await checkMayReplace(item);
    const existing = keepsNewer ? await statLocal(target, false) : null;
    if (existing && existing.modified >= modified) return false;
    await rename(part, target);
    return true;
  } catch (cause) {
    throw localFileError(target, cause);
  }
}

/** Made beside and renamed, since not every computer allows links: what has the name stays where it fails. */
async function makeLocalLink(part: string, item: PlannedItem): Promise<void> {
  try {
    await rm(part, { force: true });
    await symlink(item.link ?? '', part);
    await checkMayReplace(item);
    await rename(part, item.target);
  } catch (cause) {
    await rm(part, { force: true }).catch(() => undefined);
    throw localFileError(item.target, cause);
  }
}

async function statLocal(path: string, follows: boolean): Promise<FoundFile | null> {
  return describeLocal(path, '', follows).catch((cause: unknown) => {
    if (errorCode(cause) === 'ENOENT') return null;
    throw localFileError(path, cause);
  });
}

/** What has come to a name that was free is kept, unless it is the same copy. @throws AppError `conflict` */
async function checkMayReplace(item: PlannedItem): Promise<void> {
  if (item.existing !== null) return;
  const now = await statLocal(item.target, false);
  if (now === null) return;
  const isSame = item.kind === 'link' ? now.link === item.link : isSameByTime({ ...item, existing: now });
  if (!isSame) throw nameTaken(item.target);
}

async function hashBlocks(path: string, { first, count }: BlockRange, signal: AbortSignal): Promise<string[]> {
  const file = await open(path).catch(() => null);
  if (!file) return [];
  try {
    const hashes: string[] = [];
    const bytes = Buffer.alloc(BLOCK);
    while (hashes.length < count) {
      throwIfAborted(signal);
      const { bytesRead } = await file.read(bytes, 0, BLOCK, (first + hashes.length) * BLOCK);
      if (bytesRead < BLOCK) break;
      hashes.push(createHash('sha256').update(bytes).digest('hex'));
    }
    return hashes;
  } catch (cause) {
    throw localFileError(path, cause);
  } finally {
    await file.close();
  }
}

async function* readLocal(path: string, offset: number, end: number): AsyncIterable<Uint8Array> {
  if (end <= offset) return;
  try {
    yield* createReadStream(path, { start: offset, end: end - 1, highWaterMark: CHUNK });
  } catch (cause) {
    throw localFileError(path, cause);
  }
}

async function writePart(
  part: string,
  source: AsyncIterable<Uint8Array>,
  { offset, onWritten, signal }: WriteOptions,
): Promise<void> {
  const fail = (cause: unknown): never => {
    throw localFileError(part, cause);
  };
  const file = await open(part, offset > 0 ? 'r+' : 'w', 0o600).catch(fail);
  try {
    await file.truncate(offset).catch(fail);
    let position = offset;
    for await (const chunk of source) {
      throwIfAborted(signal);
      for (let at = 0; at < chunk.byteLength; ) {
        const { bytesWritten } = await file.write(chunk, at, chunk.byteLength - at, position).catch(fail);
        at += bytesWritten;
        position += bytesWritten;
      }
      onWritten(position);
    }
    await file.sync().catch(fail);
  } finally {
    await file.close();
  }
}
