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
  const files = new Map<number, FileHandle>();
  const directories = new Map<number, OpenDirectory>();
  let lastHandle = 0;
  const absolute = (path: string) => (isAbsolute(path) ? path : join(home, path));
  const newHandle = (): [number, Buffer] => {
    lastHandle += 1;
    const buffer = Buffer.alloc(4);
    buffer.writeUInt32BE(lastHandle);
    return [lastHandle, buffer];
  };
  const file = (handle: Buffer) => {
    const found = files.get(handle.readUInt32BE());
    if (!found) throw Object.assign(new Error('no such handle'), { code: 'EBADF' });
    return found;
  };
  const answer = (id: number, work: () => Promise<void>) => {
    work().catch((error: unknown) => sftp.status(id, statusOf(error), error instanceof Error ? error.message : ''));
  };
  const done = (id: number, work: () => Promise<unknown>) =>
    answer(id, async () => {
      await work();
      sftp.status(id, STATUS_CODE.OK);
    });

  sftp.on('OPEN', (id, path, flags, attributes) =>
    answer(id, async () => {
      const opened = await open(absolute(path), openFlags(flags), attributes.mode ?? 0o600);
      const [number, handle] = newHandle();
      files.set(number, opened);
      sftp.handle(id, handle);
    }),
  );
  sftp.on('READ', (id, handle, offset, length) =>
    answer(id, async () => {
      const buffer = Buffer.alloc(Math.min(length, 256 * 1024));
      const { bytesRead } = await file(handle).read(buffer, 0, buffer.length, offset);
      if (bytesRead === 0) sftp.status(id, STATUS_CODE.EOF);
      else sftp.data(id, buffer.subarray(0, bytesRead));
    }),
  );
  sftp.on('WRITE', (id, handle, offset, data) => done(id, () => file(handle).write(data, 0, data.length, offset)));
  sftp.on('FSTAT', (id, handle) => answer(id, async () => sftp.attrs(id, attributesOf(await file(handle).stat()))));
  sftp.on('FSETSTAT', (id, handle, { mode }) =>
    done(id, async () => {
      if (mode !== undefined) await file(handle).chmod(mode & 0o7777);
    }),
  );
  sftp.on('CLOSE', (id, handle) =>
    done(id, async () => {
      const number = handle.readUInt32BE();
      directories.delete(number);
      await files.get(number)?.close();
      files.delete(number);
    }),
  );
  sftp.on('OPENDIR', (id, path) =>
    answer(id, async () => {
      const [number, handle] = newHandle();
      directories.set(number, { path: absolute(path), read: false });
      sftp.handle(id, handle);
    }),
  );
  sftp.on('READDIR', (id, handle) =>
    answer(id, async () => {
      const directory = directories.get(handle.readUInt32BE());
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
  sftp.on('STAT', (id, path) => answer(id, async () => sftp.attrs(id, attributesOf(await stat(absolute(path))))));
  sftp.on('LSTAT', (id, path) => answer(id, async () => sftp.attrs(id, attributesOf(await lstat(absolute(path))))));
  sftp.on('SETSTAT', (id, path, { mode }) =>
    done(id, async () => {
      if (mode !== undefined) await chmod(absolute(path), mode & 0o7777);
    }),
  );
  sftp.on('REALPATH', (id, path) =>
    answer(id, async () => {
      const filename = await realpath(absolute(path));
      sftp.name(id, [{ filename, longname: filename, attrs: attributesOf(await stat(filename)) }]);
    }),
  );
  sftp.on('MKDIR', (id, path, { mode }) => done(id, () => mkdir(absolute(path), { mode: mode ?? 0o700 })));
  sftp.on('REMOVE', (id, path) => done(id, () => rm(absolute(path))));
  sftp.on('RMDIR', (id, path) => done(id, () => rmdir(absolute(path))));
  sftp.on('RENAME', (id, from, to) => done(id, () => rename(absolute(from), absolute(to))));
  sftp.on('end', () => {
    // The channel is gone: there is nobody left to tell of a failing close.
    for (const opened of files.values()) opened.close().catch(() => {});
  });
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
