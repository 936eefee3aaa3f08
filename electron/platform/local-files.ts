import { randomUUID } from 'node:crypto';
import { constants, type Dirent, type Stats } from 'node:fs';
import { chmod, cp, lstat, mkdir, open, readdir, readlink, rename, rm, stat, statfs } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { dirname, join, posix, win32 } from 'node:path';
import { errorCode } from '../client/storage-error.ts';
import { AppError } from '../shared/errors.ts';
import { decodeName, displayName, hasOddBytes, splitName } from '../shared/file-names.ts';
import {
  changeMode,
  type FileEntry,
  type FileInfo,
  type FileList,
  type FilePlace,
  type FileSpace,
  type ModeChange,
} from '../shared/files.ts';
import { fromLocalPath, toLocalPath } from '../shared/local-path.ts';
import { message } from '../shared/messages.ts';
import { localError } from './local-errors.ts';
import { replaceLocalFile, writeNewLocalFile } from './replace-local-file.ts';

/** Files that are looked at at the same time. */
const AT_ONCE = 64;

export interface LocalFilesDeps {
  isWindows: boolean;
  /** Puts something in the trash of the system. */
  trashItem: (path: string) => Promise<void>;
  /** Folders that the system has names for. */
  knownFolders: () => FilePlace[];
}

/** Files and folders of this computer, for its own window. Paths as the page writes them. All reject with an AppError. */
export interface LocalFiles {
  /** Absolute, or from the home directory. */
  list(path: string, signal: AbortSignal): Promise<FileList>;
  places(): FilePlace[];
  space(path: string): Promise<FileSpace>;
  makeDirectory(path: string): Promise<void>;
  makeFile(path: string): Promise<void>;
  move(path: string, newPath: string): Promise<void>;
  /** What was copied until the signal fires is removed again. */
  copy(path: string, newPath: string, signal: AbortSignal): Promise<void>;
  trash(path: string): Promise<void>;
  remove(path: string): Promise<void>;
  setMode(path: string, change: ModeChange): Promise<void>;
  stat(path: string): Promise<FileInfo>;
  /** `sha256`: of the content that is replaced; null: nothing is to be there. */
  write(path: string, bytes: Uint8Array, sha256: string | null): Promise<void>;
  /** At most `length` bytes from `offset` on. */
  read(path: string, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** The bytes of a path: a name need not be text. */
const toBytes = (path: string): Buffer =>
  Buffer.concat(splitName(path).map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

export function createLocalFiles({ isWindows, trashItem, knownFolders }: LocalFilesDeps): LocalFiles {
  const local = (path: string) => toLocalPath(path, isWindows);
  const { resolve } = isWindows ? win32 : posix;
  const absolute = (path: string) => resolve(homedir(), local(path.replace(/^~(?:\/|$)/, '')));
  /** What the system is asked for; on Windows names are text. */
  const native = (path: string): string | Buffer => (isWindows ? local(path) : toBytes(local(path)));
  /** For what takes no bytes. */
  const text = (path: string): string => {
    checkText(path);
    return local(path);
  };
  const about = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw localError(error, local(path));
    }
  };
  const move = (path: string, newPath: string) =>
    about(newPath, async () => {
      await checkFree(native(newPath), newPath, native(path));
      await rename(native(path), native(newPath));
    });
  return {
    list: (path, signal) =>
      about(path, async () => {
        const folder = absolute(path);
        const entries = await readFolder(isWindows ? folder : toBytes(folder), signal);
        return { path: fromLocalPath(folder, isWindows), entries, truncated: false };
      }),
    places: () =>
      [{ name: 'Home', path: homedir() }, ...knownFolders()].map((place) => ({
        ...place,
        path: fromLocalPath(place.path, isWindows),
      })),
    space: (path) => about(path, () => readSpace(native(path))),
    makeDirectory: (path) => about(path, async () => void (await mkdir(native(path)))),
    makeFile: (path) => about(path, async () => (await open(native(path), 'wx')).close()),
    move,
    copy: (path, newPath, signal) =>
      about(newPath, async () => {
        await checkFree(native(newPath), newPath);
        await copyAll(text(path), text(newPath), signal);
      }),
    trash: (path) => about(path, () => trashItem(text(path))),
    remove: (path) => about(path, () => rm(native(path), { recursive: true })),
    setMode: (path, change) =>
      about(path, async () => chmod(native(path), changeMode((await stat(native(path))).mode & 0o7777, change))),
    stat: (path) => about(path, () => readInfo(native(path), path)),
    write: (path, bytes, sha256) =>
      about(path, () =>
        sha256 === null ? writeNewLocalFile(native(path), bytes) : replaceLocalFile(native(path), bytes, sha256),
      ),
    read: (path, offset, length) => about(path, () => readPart(native(path), offset, length)),
  };
}

/** @throws AppError `bad-input` for a name that another file has once its bytes are replaced by text */
function checkText(path: string): void {
  if (!hasOddBytes(path)) return;
  throw new AppError('bad-input', message`${{ path: displayName(path) }} has bytes that are no text.`, {
    hint: 'Rename it first.',
  });
}

const isSameText = (one: string | Buffer, other: string | Buffer): boolean =>
  String(one).toLowerCase() === String(other).toLowerCase();

/** Another path of the file that is moved, as where only the case of its letters changes, is free. */
async function checkFree(target: string | Buffer, newPath: string, moved?: string | Buffer): Promise<void> {
  const there = await lstat(target).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  });
  if (!there) return;
  const own = moved !== undefined && isSameText(target, moved) ? await lstat(moved) : null;
  if (own && own.dev === there.dev && own.ino === there.ino) return;
  throw new AppError('conflict', message`${{ path: newPath }}: there is something of that name already.`);
}

/** What is copied has a name of its own until it is whole, so that nothing half copied has the new path. */
async function copyAll(path: string, newPath: string, signal: AbortSignal): Promise<void> {
  const unfinished = join(dirname(newPath), `.tunel-copy-${randomUUID()}`);
  const filter = () => {
    signal.throwIfAborted();
    return true;
  };
  try {
    await cp(path, unfinished, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true, filter });
    signal.throwIfAborted();
    await checkFree(newPath, newPath);
    await rename(unfinished, newPath);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}

async function readFolder(folder: string | Buffer, signal: AbortSignal): Promise<FileEntry[]> {
  const found: (Dirent | Dirent<Buffer>)[] =
    typeof folder === 'string'
      ? await readdir(folder, { withFileTypes: true })
      : await readdir(folder, { withFileTypes: true, encoding: 'buffer' });
  const own = userInfo();
  const entries: FileEntry[] = [];
  for (let at = 0; at < found.length; at += AT_ONCE) {
    signal.throwIfAborted();
    const read = await Promise.all(
      found.slice(at, at + AT_ONCE).map(({ name }) => readEntry(pathIn(folder, name), name, own)),
    );
    for (const entry of read) if (entry) entries.push(entry);
  }
  return entries;
}

function pathIn(folder: string | Buffer, name: string | Buffer): string | Buffer {
  if (typeof folder === 'string' || typeof name === 'string') return join(String(folder), String(name));
  return Buffer.concat([folder, Buffer.from('/'), name]);
}

const kindOf = (stats: Stats | null): FileEntry['kind'] =>
  stats?.isDirectory() ? 'folder' : stats?.isFile() ? 'file' : 'other';

/** null: it has gone meanwhile, or nothing of it can be read. */
async function readEntry(
  path: string | Buffer,
  name: string | Buffer,
  own: { uid: number; username: string },
): Promise<FileEntry | null> {
  const nothing = () => null;
  const stats = await lstat(path).catch(nothing);
  if (!stats) return null;
  const link = stats.isSymbolicLink();
  const [behind, target] = link
    ? await Promise.all([stat(path).catch(nothing), readlink(path, { encoding: 'buffer' }).catch(nothing)])
    : [stats, null];
  return {
    name: typeof name === 'string' ? name : decodeName(name),
    kind: kindOf(behind),
    link,
    size: !link && stats.isFile() ? stats.size : null,
    modified: Math.round(stats.mtimeMs),
    mode: own.uid < 0 ? null : stats.mode & 0o7777,
    owner: own.uid < 0 ? null : stats.uid === own.uid ? own.username : String(stats.uid),
    target: target === null ? null : decodeName(target),
  };
}

async function readInfo(path: string | Buffer, shown: string): Promise<FileInfo> {
  const [own, behind] = await Promise.all([lstat(path), stat(path)]);
  const kind = kindOf(behind);
  const { size, mtimeMs, ino, mode } = behind;
  return {
    path: shown,
    kind,
    link: own.isSymbolicLink(),
    size: kind === 'file' ? size : null,
    modified: Math.round(mtimeMs),
    mode: mode & 0o7777,
    version: kind === 'file' ? `${size}-${mtimeMs}-${ino}` : null,
  };
}

async function readSpace(path: string | Buffer): Promise<FileSpace> {
  const { blocks, bsize, bavail, files, ffree } = await statfs(path);
  return {
    total: blocks * bsize,
    free: bavail * bsize,
    filesTotal: files > 0 ? files : null,
    filesFree: files > 0 ? ffree : null,
    quota: null,
  };
}

async function readPart(path: string | Buffer, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  // A pipe would be waited for.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const bytes = new Uint8Array(length);
    const { bytesRead } = await file.read(bytes, 0, length, offset);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
