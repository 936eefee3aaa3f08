import type { SFTPWrapper } from 'ssh2';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import { quote } from '../../../shared/shell-quote.ts';
import type { Clock } from '../../deps.ts';
import { limited } from '../shells/run.ts';
import type { UploadOptions } from '../types.ts';
import { ExtraChannels } from './extra-channels.ts';
import { type FileProblem, fileError, fileProblemError } from './file-errors.ts';
import { readAhead, writeLanes } from './file-transfer.ts';
import { isFar, MOST_LANES } from './lane-policy.ts';
import type { LaneWriter } from './lane-writer.ts';
import { SftpFile, sftpStatus } from './sftp-file.ts';
import { downloadByShell, type ShellTransferPort, uploadByShell, writeProblem } from './shell-transfer.ts';
import { closeOf, TemporaryFile } from './temporary-file.ts';

const SFTP_READY_MS = 20_000;
/** Enough for a slow line to carry what these files are: scripts, logs, answers. */
const TRANSFER_MS = 10 * 60_000;
const REMOVE_MS = 20_000;
const MAX_READ = 512 * 1024 * 1024;

/** SSH_FX_NO_SUCH_FILE and SSH_FX_PERMISSION_DENIED. */
const problems: ReadonlyMap<number, FileProblem> = new Map([
  [2, 'not-found'],
  [3, 'not-permitted'],
]);

interface RemoteFilesOptions extends ShellTransferPort {
  /** Fires with the connection. */
  closed: AbortSignal;
  sftp(signal: AbortSignal): Promise<SFTPWrapper>;
  /** One more channel, which `endExtraChannel` may end; null: others would not have enough. */
  extraSftp(signal: AbortSignal): Promise<SFTPWrapper | null>;
  clock: Pick<Clock, 'now'>;
  /** The shortest seen, ms; null: not measured yet. */
  roundTripMs(): number | null;
}

/** From this size on an upload opens all of its channels at its start. */
const LARGE = 8 * 1024 * 1024;

/** Files through sftp; through the shell where sftp is absent, broken by a noisy login file, or too terse about a failure. */
export class RemoteFiles {
  readonly #options: RemoteFilesOptions;
  /** Of the uploads that go on. */
  readonly #extra = new Set<ExtraChannels>();
  #sftpWorks = true;
  /** Why it does not. */
  #sftpProblem = '';

  constructor(options: RemoteFilesOptions) {
    this.#options = options;
  }

  /**
   * Writes beside, checks the size, renames: readers see the old or the new file, a full disk leaves the old one. Where the server
   * cannot rename over a file, the old one is removed first.
   * Rejects with `no-space`, `read-only`, `not-permitted`, `not-found`, `connection-lost`.
   */
  async write(path: string, data: Uint8Array, options: { mode?: number; signal?: AbortSignal } = {}): Promise<void> {
    const mode = options.mode ?? 0o600;
    const temporary = new TemporaryFile(path);
    try {
      const writing = (sftp: SFTPWrapper) => writeOverSftp(sftp, path, temporary, data, mode);
      if (await this.#overSftp(path, 'written', options.signal, writing)) return;
    } finally {
      this.#removeLater(temporary);
    }
    await this.#byShell(() => this.#writeByShell(path, data, mode, options.signal));
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
    return done ? done.value : this.#byShell(() => this.#readByShell(path, offset, maxBytes, options.signal));
  }

  /**
   * Streams a file of any size, as `write` does; it holds some MiB at a time. Resolves with its size. An error of the source
   * leaves what was there before, and a part as far as it was written. Rejects as `write`.
   */
  async upload(path: string, source: AsyncIterable<Uint8Array>, options: UploadOptions = {}): Promise<number> {
    const { signal, part, place } = options;
    const mode = options.mode ?? 0o600;
    const temporary = new TemporaryFile(path);
    const target = part ? path : temporary.path;
    if (!part) options.onTemporary?.(temporary.path);
    const isLarge = (options.size ?? 0) >= LARGE;
    const extra = new ExtraChannels(this.#options, signal);
    this.#extra.add(extra);
    let hasBegun = false;
    const onBegun = (lanes: LaneWriter) => {
      hasBegun = true;
      extra.lanes = lanes;
    };
    try {
      const writing = this.#overSftp(path, 'written', signal, async (sftp) => {
        if (!part) temporary.begin(closeOf(sftp));
        try {
          const { clock, roundTripMs } = this.#options;
          const now = () => clock.now();
          const lanes = { mode, part, extra: () => extra.open(), isLarge, now, roundTripMs, onBegun };
          const size = await writeLanes(sftp, target, source, lanes);
          if (!part) await (place ? place(target) : SftpFile.rename(sftp, target, path));
          temporary.isGone = true;
          return size;
        } catch (error) {
          // What was read of the source is gone: nothing else can write it.
          const explained = hasBegun ? await this.#explain(error, path, target) : error;
          if (!part) temporary.isGone = await SftpFile.remove(sftp, target);
          throw explained;
        }
      });
      // The first one asks for its session before.
      if (isLarge && this.#sftpWorks && isFar(this.#options.roundTripMs()))
        setImmediate(() => extra.prepare(MOST_LANES - 1));
      const done = await writing;
      if (!done) extra.close();
      if (!done && hasBegun) throw this.#channelClosed(path, part !== undefined);
      hasBegun = true;
      const shellUpload = { path, temporary: target, source, mode, part, place, signal };
      if (done) return done.value;
      if (!part) temporary.begin(Promise.resolve());
      const size = await this.#byShell(() => uploadByShell(this.#options, shellUpload));
      temporary.isGone = true;
      return size;
    } finally {
      extra.close();
      this.#extra.delete(extra);
      this.#removeLater(temporary);
    }
  }

  /** The rest of a part can be written over another channel. */
  #channelClosed(path: string, isPart: boolean): AppError {
    const { node } = this.#options;
    if (!isPart) return fileError('the sftp channel was closed', node, path, 'written');
    return new AppError('connection-lost', message`The sftp channel to ${{ node }} was closed.`);
  }

  /** Somebody waits for a session: an upload ends one of its channels. False: none has one to spare. */
  endExtraChannel(): boolean {
    return [...this.#extra].some((extra) => extra.endOne());
  }

  /** Gives a file's bytes from `offset` to its end, or at most `maxBytes`, in order and read ahead; resolves with how many. Rejects as `read`. */
  async download(
    path: string,
    write: (chunk: Uint8Array) => Promise<void>,
    options: { offset?: number; maxBytes?: number; signal?: AbortSignal } = {},
  ): Promise<number> {
    const { offset = 0, maxBytes, signal } = options;
    let bytes = 0;
    let isSftpOver = false;
    const counted = (chunk: Uint8Array) => {
      // What was read ahead over a channel that died meanwhile is read again by the shell.
      if (isSftpOver) throw new Error('The sftp channel was closed.');
      bytes += chunk.byteLength;
      return write(chunk);
    };
    const done = await this.#overSftp(path, 'read', signal, async (sftp) => {
      const file = await SftpFile.open(sftp, path, 'r');
      try {
        await readAhead(file, { offset, maxBytes }, counted);
      } finally {
        await file.close();
      }
    });
    if (done) return bytes;
    isSftpOver = true;
    const writeRest = (chunk: Uint8Array) => {
      bytes += chunk.byteLength;
      return write(chunk);
    };
    const rest = { path, offset: offset + bytes, maxBytes: maxBytes === undefined ? undefined : maxBytes - bytes };
    await this.#byShell(() => downloadByShell(this.#options, rest, writeRest, signal));
    return bytes;
  }

  /** Removes a file that its channel may have left; whoever gave the upload up does not wait for this. */
  #removeLater(temporary: TemporaryFile): void {
    const command = `rm -f -- ${quote(temporary.path)}`;
    // With the connection gone the file stays, under a name that says whose it is.
    temporary.whenLeft(() => this.#options.run(command, { timeoutMs: REMOVE_MS }).catch(() => undefined));
  }

  async #explain(error: unknown, path: string, temporary: string): Promise<AppError> {
    const status = sftpStatus(error);
    if (error instanceof AppError || status === undefined) return AppError.from(error);
    const problem = problems.get(status);
    const { node } = this.#options;
    if (problem) return fileProblemError(problem, node, path, 'written');
    const reason = await writeProblem(this.#options, temporary);
    return fileError(reason || AppError.from(error).message, node, path, 'written');
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
      this.#sftpProblem = error instanceof Error ? error.message : String(error);
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

  /** Where no command runs either, what is wrong with sftp is to be mended. */
  async #byShell<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (this.#sftpProblem === '' || !(error instanceof AppError) || error.code !== 'channel-refused') throw error;
      const { node } = this.#options;
      throw new AppError(
        'channel-refused',
        message`No files can be moved to or from ${{ node }}: sftp does not work there.`,
        {
          hint: 'A start-up file of the account, such as .bashrc, may print something: let it do that in terminals only.',
          detail: `${this.#sftpProblem}\n${error.message}`,
          cause: error,
        },
      );
    }
  }

  async #writeByShell(path: string, data: Uint8Array, mode: number, signal: AbortSignal | undefined): Promise<void> {
    const temporary = quote(new TemporaryFile(path).path);
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

/** Callbacks of an sftp channel that is gone never come. */
function raced<T>(work: Promise<T>, sftp: SFTPWrapper, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(AppError.from(signal.reason));
    signal.addEventListener('abort', onAbort, { once: true });
    sftp.once('close', () => reject(new Error('The sftp channel was closed.')));
    sftp.on('error', reject);
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

async function writeOverSftp(
  sftp: SFTPWrapper,
  path: string,
  temporary: TemporaryFile,
  data: Uint8Array,
  mode: number,
): Promise<void> {
  temporary.begin(closeOf(sftp));
  try {
    const file = await SftpFile.open(sftp, temporary.path, 'wx', 0o600);
    try {
      await file.writeAll(data);
      if ((await file.size()) !== data.byteLength) throw new Error('Not all bytes arrived.');
      await file.chmod(mode);
    } finally {
      await file.close();
    }
    await SftpFile.rename(sftp, temporary.path, path);
    temporary.isGone = true;
  } catch (error) {
    temporary.isGone = await SftpFile.remove(sftp, temporary.path);
    throw error;
  }
}

async function readOverSftp(sftp: SFTPWrapper, path: string, offset: number, maxBytes: number): Promise<Uint8Array> {
  const file = await SftpFile.open(sftp, path, 'r');
  try {
    const parts: Uint8Array[] = [];
    await readAhead(file, { offset, maxBytes }, async (chunk) => void parts.push(chunk));
    return Buffer.concat(parts);
  } finally {
    await file.close();
  }
}
