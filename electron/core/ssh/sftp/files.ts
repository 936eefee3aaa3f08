import { randomBytes } from 'node:crypto';
import type { SFTPWrapper } from 'ssh2';
import { AppError } from '../../../shared/errors.ts';
import { quote } from '../../../shared/shell-quote.ts';
import { limited, type RawResult } from '../shells/run.ts';
import type { RunOptions } from '../types.ts';
import { type FileProblem, fileError, fileProblemError } from './file-errors.ts';
import { SftpFile, sftpStatus } from './sftp-file.ts';

const SFTP_READY_MS = 20_000;
/** Enough for a slow line to carry what these files are: scripts, logs, answers. */
const TRANSFER_MS = 10 * 60_000;
const MAX_READ = 512 * 1024 * 1024;

/** SSH_FX_NO_SUCH_FILE and SSH_FX_PERMISSION_DENIED. */
const problems: ReadonlyMap<number, FileProblem> = new Map([
  [2, 'not-found'],
  [3, 'not-permitted'],
]);

interface RemoteFilesOptions {
  node: string;
  /** Fires with the connection. */
  closed: AbortSignal;
  sftp(signal: AbortSignal): Promise<SFTPWrapper>;
  run(script: string, options: RunOptions): Promise<RawResult>;
}

/** Files through sftp; through the shell where sftp is absent, broken by a noisy login file, or too terse about a failure. */
export class RemoteFiles {
  readonly #options: RemoteFilesOptions;
  #sftpWorks = true;

  constructor(options: RemoteFilesOptions) {
    this.#options = options;
  }

  /**
   * Writes beside, checks the size, renames: readers see the old or the new file, a full disk leaves the old one.
   * Rejects with `no-space`, `read-only`, `not-permitted`, `not-found`, `connection-lost`.
   */
  async write(path: string, data: Uint8Array, options: { mode?: number; signal?: AbortSignal } = {}): Promise<void> {
    const mode = options.mode ?? 0o600;
    const done = await this.#overSftp(path, 'written', options.signal, (sftp) => writeOverSftp(sftp, path, data, mode));
    if (done) return;
    await this.#writeByShell(path, data, mode, options.signal);
  }

  /** From `offset`, at most `maxBytes`. Rejects with `not-found`, `not-permitted`, `connection-lost`. */
  async read(
    path: string,
    options: { offset?: number; maxBytes?: number; signal?: AbortSignal } = {},
  ): Promise<Uint8Array> {
    const offset = options.offset ?? 0;
    const maxBytes = options.maxBytes ?? MAX_READ;
    const done = await this.#overSftp(path, 'read', options.signal, (sftp) =>
      readOverSftp(sftp, path, offset, maxBytes),
    );
    return done ? done.value : this.#readByShell(path, offset, maxBytes, options.signal);
  }

  /** Null: do it by the shell instead, which also says why it fails. */
  async #overSftp<T>(
    path: string,
    doing: 'written' | 'read',
    signal: AbortSignal | undefined,
    work: (sftp: SFTPWrapper) => Promise<T>,
  ): Promise<{ value: T } | null> {
    if (!this.#sftpWorks) return null;
    const ready = limited(signal, SFTP_READY_MS, () => new AppError('timeout', 'sftp did not answer.'));
    let sftp: SFTPWrapper;
    try {
      sftp = await this.#options.sftp(ready.signal);
    } catch (error) {
      if (signal?.aborted || (error instanceof AppError && error.code !== 'timeout')) throw error;
      this.#sftpWorks = false;
      return null;
    } finally {
      ready.done();
    }
    try {
      return {
        value: await raced(
          work(sftp),
          sftp,
          AbortSignal.any(signal ? [signal, this.#options.closed] : [this.#options.closed]),
        ),
      };
    } catch (error) {
      if (error instanceof AppError) throw error;
      const problem = problems.get(sftpStatus(error) ?? 0);
      if (problem) throw fileProblemError(problem, this.#options.node, path, doing);
      return null;
    } finally {
      sftp.end();
    }
  }

  async #writeByShell(path: string, data: Uint8Array, mode: number, signal: AbortSignal | undefined): Promise<void> {
    const temporary = quote(temporaryName(path));
    const target = quote(path);
    const script = `LC_ALL=C; export LC_ALL; umask 077
t=${temporary}; p=${target}
if [ -d "$p" ]; then echo "Is a directory" >&2; exit 1; fi
trap 'rm -f -- "$t"' EXIT; trap 'exit 1' HUP INT TERM
cat >"$t" || exit 1
n=$(wc -c <"$t") || exit 1
if [ "$n" -ne ${data.byteLength} ]; then echo "$n of ${data.byteLength} bytes arrived" >&2; exit 1; fi
chmod ${mode.toString(8)} "$t" && mv -f -- "$t" "$p"`;
    const result = await this.#options.run(script, { stdin: data, signal, timeoutMs: TRANSFER_MS });
    if (result.exitCode !== 0) throw fileError(result.stderr, this.#options.node, path, 'written');
  }

  async #readByShell(
    path: string,
    offset: number,
    maxBytes: number,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array> {
    const script = `LC_ALL=C; export LC_ALL; p=${quote(path)}
if [ -d "$p" ]; then echo "Is a directory" >&2; exit 1; fi
exec <"$p" || exit 1
tail -c +${offset + 1} | head -c ${maxBytes}`;
    const result = await this.#options.run(script, { signal, timeoutMs: TRANSFER_MS, maxBytes: maxBytes + 1 });
    if (result.exitCode !== 0) throw fileError(result.stderr, this.#options.node, path, 'read');
    return result.stdout;
  }
}

function temporaryName(path: string): string {
  return `${path}.tunel-${randomBytes(6).toString('hex')}`;
}

/** Callbacks of an sftp channel that is gone never come. */
function raced<T>(work: Promise<T>, sftp: SFTPWrapper, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(AppError.from(signal.reason));
    signal.addEventListener('abort', onAbort, { once: true });
    sftp.once('close', () => reject(new Error('The sftp channel was closed.')));
    sftp.once('error', reject);
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

async function writeOverSftp(sftp: SFTPWrapper, path: string, data: Uint8Array, mode: number): Promise<void> {
  const temporary = temporaryName(path);
  const file = await SftpFile.open(sftp, temporary, 'wx', 0o600);
  try {
    try {
      await file.writeAll(data);
      if ((await file.size()) !== data.byteLength) throw new Error('Not all bytes arrived.');
      await file.chmod(mode);
    } finally {
      await file.close();
    }
    await SftpFile.rename(sftp, temporary, path);
  } catch (error) {
    await SftpFile.remove(sftp, temporary);
    throw error;
  }
}

async function readOverSftp(sftp: SFTPWrapper, path: string, offset: number, maxBytes: number): Promise<Uint8Array> {
  const file = await SftpFile.open(sftp, path, 'r');
  try {
    return await file.readFrom(offset, maxBytes);
  } finally {
    await file.close();
  }
}
