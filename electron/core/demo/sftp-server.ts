import { constants, type Stats } from 'node:fs';
import {
  chmod,
  type FileHandle,
  lstat,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
} from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import ssh2, { type Attributes, type SFTPWrapper } from 'ssh2';

const { OPEN_MODE, STATUS_CODE } = ssh2.utils.sftp;

interface OpenDirectory {
  path: string;
  read: boolean;
}

/** Serves files to one SFTP channel, as the user this process runs as; relative names are below `home`. */
export function serveSftp(sftp: SFTPWrapper, home: string): void {
  new SftpServer(sftp, home).listen();
}

class SftpServer {
  readonly #sftp: SFTPWrapper;
  readonly #home: string;
  readonly #files = new Map<number, FileHandle>();
  readonly #directories = new Map<number, OpenDirectory>();
  #lastHandle = 0;

  constructor(sftp: SFTPWrapper, home: string) {
    this.#sftp = sftp;
    this.#home = home;
  }

  listen(): void {
    this.#serveFiles();
    this.#serveDirectories();
    this.#servePaths();
    this.#sftp.on('end', () => {
      // The channel is gone, so a failing close cannot be reported to anybody.
      for (const opened of this.#files.values()) opened.close().catch(() => {});
      // ssh2 answers a client's close of any channel but this one.
      this.#sftp.end();
    });
  }

  #serveFiles(): void {
    const sftp = this.#sftp;
    sftp.on('OPEN', (id, path, flags, attributes) =>
      this.#answer(id, async () => {
        const opened = await open(this.#absolute(path), openFlags(flags), attributes.mode ?? 0o600);
        const [number, handle] = this.#newHandle();
        this.#files.set(number, opened);
        sftp.handle(id, handle);
      }),
    );
    sftp.on('READ', (id, handle, offset, length) =>
      this.#answer(id, async () => {
        const buffer = Buffer.alloc(Math.min(length, 256 * 1024));
        const { bytesRead } = await this.#file(handle).read(buffer, 0, buffer.length, offset);
        if (bytesRead === 0) sftp.status(id, STATUS_CODE.EOF);
        else sftp.data(id, buffer.subarray(0, bytesRead));
      }),
    );
    sftp.on('WRITE', (id, handle, offset, data) =>
      this.#done(id, () => this.#file(handle).write(data, 0, data.length, offset)),
    );
    sftp.on('FSTAT', (id, handle) =>
      this.#answer(id, async () => sftp.attrs(id, attributesOf(await this.#file(handle).stat()))),
    );
    sftp.on('FSETSTAT', (id, handle, { mode }) =>
      this.#done(id, async () => {
        if (mode !== undefined) await this.#file(handle).chmod(mode & 0o7777);
      }),
    );
    sftp.on('CLOSE', (id, handle) =>
      this.#done(id, async () => {
        const number = handle.readUInt32BE();
        this.#directories.delete(number);
        await this.#files.get(number)?.close();
        this.#files.delete(number);
      }),
    );
  }

  #serveDirectories(): void {
    const sftp = this.#sftp;
    sftp.on('OPENDIR', (id, path) =>
      this.#answer(id, async () => {
        const [number, handle] = this.#newHandle();
        this.#directories.set(number, { path: this.#absolute(path), read: false });
        sftp.handle(id, handle);
      }),
    );
    sftp.on('READDIR', (id, handle) =>
      this.#answer(id, async () => {
        const directory = this.#directories.get(handle.readUInt32BE());
        if (!directory || directory.read) {
          sftp.status(id, directory ? STATUS_CODE.EOF : STATUS_CODE.FAILURE);
          return;
        }
        directory.read = true;
        const names = await readdir(directory.path);
        const entries = await Promise.all(
          names.map(async (filename) => {
            const attrs = attributesOf(await lstat(join(directory.path, filename)));
            return { filename, longname: filename, attrs };
          }),
        );
        sftp.name(id, entries);
      }),
    );
    sftp.on('MKDIR', (id, path, { mode }) =>
      this.#done(id, () => mkdir(this.#absolute(path), { mode: mode ?? 0o700 })),
    );
    sftp.on('RMDIR', (id, path) => this.#done(id, () => rmdir(this.#absolute(path))));
  }

  #servePaths(): void {
    const sftp = this.#sftp;
    const absolute = (path: string) => this.#absolute(path);
    sftp.on('STAT', (id, path) =>
      this.#answer(id, async () => sftp.attrs(id, attributesOf(await stat(absolute(path))))),
    );
    sftp.on('LSTAT', (id, path) =>
      this.#answer(id, async () => sftp.attrs(id, attributesOf(await lstat(absolute(path))))),
    );
    sftp.on('SETSTAT', (id, path, { mode }) =>
      this.#done(id, async () => {
        if (mode !== undefined) await chmod(absolute(path), mode & 0o7777);
      }),
    );
    sftp.on('REALPATH', (id, path) =>
      this.#answer(id, async () => {
        const filename = await realpath(absolute(path));
        sftp.name(id, [{ filename, longname: filename, attrs: attributesOf(await stat(filename)) }]);
      }),
    );
    sftp.on('REMOVE', (id, path) => this.#done(id, () => rm(absolute(path))));
    sftp.on('RENAME', (id, from, to) => this.#done(id, () => rename(absolute(from), absolute(to))));
  }

  #absolute(path: string): string {
    return isAbsolute(path) ? path : join(this.#home, path);
  }

  #newHandle(): [number, Buffer] {
    this.#lastHandle += 1;
    const buffer = Buffer.alloc(4);
    buffer.writeUInt32BE(this.#lastHandle);
    return [this.#lastHandle, buffer];
  }

  #file(handle: Buffer): FileHandle {
    const found = this.#files.get(handle.readUInt32BE());
    if (!found) throw Object.assign(new Error('no such handle'), { code: 'EBADF' });
    return found;
  }

  #answer(id: number, work: () => Promise<void>): void {
    work().catch((error: unknown) =>
      this.#sftp.status(id, statusOf(error), error instanceof Error ? error.message : ''),
    );
  }

  #done(id: number, work: () => Promise<unknown>): void {
    this.#answer(id, async () => {
      await work();
      this.#sftp.status(id, STATUS_CODE.OK);
    });
  }
}

function openFlags(flags: number): number {
  const read = (flags & OPEN_MODE.READ) !== 0;
  const write = (flags & OPEN_MODE.WRITE) !== 0;
  let mode = write ? (read ? constants.O_RDWR : constants.O_WRONLY) : constants.O_RDONLY;
  if (flags & OPEN_MODE.APPEND) mode |= constants.O_APPEND;
  if (flags & OPEN_MODE.CREAT) mode |= constants.O_CREAT;
  if (flags & OPEN_MODE.TRUNC) mode |= constants.O_TRUNC;
  if (flags & OPEN_MODE.EXCL) mode |= constants.O_EXCL;
  return mode;
}

function attributesOf(stats: Stats): Attributes {
  return {
    mode: stats.mode,
    uid: stats.uid,
    gid: stats.gid,
    size: stats.size,
    atime: Math.floor(stats.atimeMs / 1000),
    mtime: Math.floor(stats.mtimeMs / 1000),
  };
}

function statusOf(error: unknown): number {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return STATUS_CODE.NO_SUCH_FILE;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return STATUS_CODE.PERMISSION_DENIED;
  return STATUS_CODE.FAILURE;
}
