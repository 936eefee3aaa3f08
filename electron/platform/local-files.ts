import { constants, type Dirent, type Stats } from 'node:fs';
import { chmod, cp, lstat, mkdir, open, readdir, readlink, rename, rm, stat, statfs } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../shared/errors.ts';
import { decodeName, splitName } from '../shared/file-names.ts';
import type { FileEntry, FileList, FilePlace, FileSpace } from '../shared/files.ts';
import { fromLocalPath, toLocalPath } from '../shared/local-path.ts';
import { message } from '../shared/messages.ts';
import { localError } from './local-errors.ts';

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
  /** Empty: the home directory. */
  list(path: string, signal: AbortSignal): Promise<FileList>;
  places(): FilePlace[];
  space(path: string): Promise<FileSpace>;
  makeDirectory(path: string): Promise<void>;
  makeFile(path: string): Promise<void>;
  move(path: string, newPath: string): Promise<void>;
  copy(path: string, newPath: string): Promise<void>;
  trash(path: string): Promise<void>;
  remove(path: string): Promise<void>;
  setMode(path: string, mode: number): Promise<void>;
  /** At most `length` bytes from `offset` on. */
  read(path: string, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** The bytes of a path: a name need not be text. */
const toBytes = (path: string): Buffer =>
  Buffer.concat(splitName(path).map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

export function createLocalFiles({ isWindows, trashItem, knownFolders }: LocalFilesDeps): LocalFiles {
  const local = (path: string) => toLocalPath(path, isWindows) || homedir();
  /** What the system is asked for; on Windows names are text. */
  const native = (path: string): string | Buffer => (isWindows ? local(path) : toBytes(local(path)));
  const about = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw localError(error, local(path));
    }
  };
  const move = (path: string, newPath: string) =>
    about(newPath, async () => {
      await checkFree(native(newPath), path, newPath);
      await rename(native(path), native(newPath));
    });
  return {
    list: (path, signal) =>
      about(path, async () => {
        const entries = await readFolder(native(path), signal);
        return { path: fromLocalPath(local(path), isWindows), entries, truncated: false };
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
    copy: (path, newPath) =>
      about(newPath, () =>
        cp(local(path), local(newPath), {
          recursive: true,
          force: false,
          errorOnExist: true,
          preserveTimestamps: true,
          verbatimSymlinks: true,
        }),
      ),
    trash: (path) => about(path, () => trashItem(local(path))),
    remove: (path) => about(path, () => rm(native(path), { recursive: true })),
    setMode: (path, mode) => about(path, () => chmod(native(path), mode)),
    read: (path, offset, length) => about(path, () => readPart(native(path), offset, length)),
  };
}

/** Another path of the same file, as where only the case of its letters changes, is free. */
async function checkFree(target: string | Buffer, path: string, newPath: string): Promise<void> {
  const isThere = await lstat(target).then(
    () => true,
    () => false,
  );
  if (!isThere || path.toLowerCase() === newPath.toLowerCase()) return;
  throw new AppError('conflict', message`${{ path: newPath }}: there is something of that name already.`);
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
