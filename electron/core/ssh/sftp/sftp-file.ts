import type { OpenMode, SFTPWrapper } from 'ssh2';

/** Every server takes 32 KiB; larger is not certain. */
const CHUNK = 32 * 1024;
/** What OpenSSH takes at a time and ssh2 makes of one request. */
const MOST_CHUNK = 255 * 1024;
/** Enough in flight for some 2 MiB a round trip. */
const PARALLEL = 64;

/** SSH_FX_NO_SUCH_FILE. */
const NO_SUCH_FILE = 2;

/** SSH_FX_* of an sftp error; undefined for others. */
export function sftpStatus(error: unknown): number | undefined {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'number' ? code : undefined;
}

type Done<T> = (error: Error | null | undefined, value: T) => void;

function called<T>(start: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, value) => (error ? reject(error) : resolve(value)));
  });
}

/** One open file of an sftp channel. */
export class SftpFile {
  readonly #sftp: SFTPWrapper;
  readonly #handle: Buffer;

  private constructor(sftp: SFTPWrapper, handle: Buffer) {
    this.#sftp = sftp;
    this.#handle = handle;
  }

  static async open(sftp: SFTPWrapper, path: string, flags: OpenMode, mode = 0o600): Promise<SftpFile> {
    return new SftpFile(sftp, await called<Buffer>((done) => sftp.open(path, flags, mode, done)));
  }

  /** Over an existing file where the server can (OpenSSH), else after removing that. */
  static async rename(sftp: SFTPWrapper, from: string, to: string): Promise<void> {
    try {
      await called<void>((done) => sftp.ext_openssh_rename(from, to, (error) => done(error, undefined)));
    } catch (error) {
      if (sftpStatus(error) !== undefined) throw error;
      await SftpFile.remove(sftp, to);
      await called<void>((done) => sftp.rename(from, to, (renamed) => done(renamed, undefined)));
    }
  }

  /** Whether it is gone, or never was; a failure shows when the name is used next. */
  static remove(sftp: SFTPWrapper, path: string): Promise<boolean> {
    return new Promise((resolve) => {
      sftp.unlink(path, (error) => resolve(!error || sftpStatus(error) === NO_SUCH_FILE));
    });
  }

  /** Bytes that the server takes in one request. */
  get writeSize(): number {
    return requestSize(this.#sftp, '_maxWriteLen');
  }

  /** Bytes that the server gives in one answer. */
  get readSize(): number {
    return requestSize(this.#sftp, '_maxReadLen');
  }

  /** Ends the whole channel, and with it this file. */
  endChannel(): void {
    this.#sftp.end();
  }

  writeAt(bytes: Buffer, position: number): Promise<void> {
    // ssh2 never answers what is asked on a channel that the server has closed.
    if (Reflect.get(this.#sftp, 'readable') === false) return Promise.reject(new Error('The sftp channel was closed.'));
    return called<void>((done) =>
      this.#sftp.write(this.#handle, bytes, 0, bytes.length, position, (error) => done(error, undefined)),
    );
  }

  /** Fewer bytes than asked for only at the end of the file. */
  async readAt(position: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length);
    let read = 0;
    while (read < length) {
      const got = await this.#readOnce(bytes, read, length - read, position + read);
      if (got === 0) break;
      read += got;
    }
    return bytes.subarray(0, read);
  }

  async size(): Promise<number> {
    const stats = await called<{ size: number }>((done) => this.#sftp.fstat(this.#handle, done));
    return stats.size;
  }

  chmod(mode: number): Promise<void> {
    return called<void>((done) => this.#sftp.fchmod(this.#handle, mode, (error) => done(error, undefined)));
  }

  close(): Promise<void> {
    return called<void>((done) => this.#sftp.close(this.#handle, (error) => done(error, undefined)));
  }

  async writeAll(data: Uint8Array): Promise<void> {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    await inParallel(bytes.length, async (at) => {
      const length = Math.min(CHUNK, bytes.length - at);
      await called<void>((done) =>
        this.#sftp.write(this.#handle, bytes, at, length, at, (error) => done(error, undefined)),
      );
    });
  }

  #readOnce(bytes: Buffer, at: number, length: number, position: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#sftp.read(this.#handle, bytes, at, length, position, (error, got) => {
        if (!error) resolve(got);
        else if (sftpStatus(error) === 1) resolve(0);
        else reject(error);
      });
    });
  }
}

/** ssh2 1.17 asks the server for its limits and keeps them for itself (SFTP.js). */
function requestSize(sftp: SFTPWrapper, limit: '_maxWriteLen' | '_maxReadLen'): number {
  const size: unknown = Reflect.get(sftp, limit);
  return typeof size === 'number' && size >= CHUNK ? Math.min(size, MOST_CHUNK) : CHUNK;
}

async function inParallel(total: number, work: (at: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < total) {
      const at = next;
      next += CHUNK;
      await work(at);
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, Math.ceil(total / CHUNK)) }, worker));
}
