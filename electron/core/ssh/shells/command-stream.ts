import { randomBytes } from 'node:crypto';
import { Duplex, finished, type Writable } from 'node:stream';
import type { ClientChannel } from 'ssh2';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import { signalCommand } from '../client/ssh2-internals.ts';
import type { CommandEnd, CommandStream } from '../types.ts';
import { neverBegan } from './run.ts';
import { wrapCommand } from './run-protocol.ts';

const KEPT = 4096;
const BUFFER = 256 * 1024;

/**
 * Runs a script over an exec channel, whose bytes are then the script's own. `lost` is why the connection is gone, if it is.
 * `setup`: what the shell runs before.
 * Rejects with the signal's reason, or `command-failed` when the login shell did not run it.
 */
export function openCommandStream(
  node: string,
  channel: ClientChannel,
  script: string,
  signal: AbortSignal,
  lost: () => AppError | null,
  { setup = '', stderr: target = null }: { setup?: string; stderr?: Writable | null } = {},
): Promise<CommandStream> {
  const nonce = randomBytes(16).toString('hex');
  const begin = Buffer.from(`${nonce}:begin\n`);
  const stderr = new ErrorOutput(channel, begin, target);
  let before: Buffer = Buffer.alloc(0);
  const end: CommandEnd = { code: null, signal: null };
  return new Promise((resolve, reject) => {
    const stop = () => {
      signal.removeEventListener('abort', onAbort);
      channel.removeListener('data', onData);
      channel.removeListener('close', onClose);
      channel.removeListener('exit', onExit);
    };
    const onAbort = () => {
      stop();
      channel.resume();
      endChannel(channel);
      reject(AppError.from(signal.reason));
    };
    const onExit = (code: number | null, name?: string) => {
      // It may come before the marks of a short command are read.
      end.code = code;
      end.signal = name ?? null;
    };
    const onClose = () => {
      stop();
      reject(lost() ?? neverBegan(node, `${stderr.text}\n${before.toString('utf8')}`.trim(), describeEnd(end)));
    };
    const onData = (chunk: Buffer) => {
      before = before.length === 0 ? chunk : Buffer.concat([before, chunk]);
      const at = before.indexOf(begin);
      if (at < 0) {
        before = before.subarray(Math.max(0, before.length - KEPT));
        return;
      }
      stop();
      resolve(new ChannelCommand(node, channel, before.subarray(at + begin.length), stderr, lost, end));
    };
    channel.on('data', onData);
    channel.on('close', onClose);
    channel.on('exit', onExit);
    channel.on('error', () => undefined);
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    channel.write(wrapCommand(script, nonce, setup));
  });
}

function describeEnd({ code, signal }: CommandEnd): string | undefined {
  if (code !== null) return `exit code ${code}`;
  return signal === null ? undefined : `killed by ${signal}`;
}

/** Closing alone leaves a process that does not read its input running: without a terminal sshd sends it nothing. */
function endChannel(channel: ClientChannel): void {
  signalCommand(channel, 'TERM');
  channel.close();
}

class ChannelCommand extends Duplex implements CommandStream {
  readonly ended: Promise<CommandEnd>;
  readonly #node: string;
  readonly #channel: ClientChannel;
  readonly #stderr: ErrorOutput;
  readonly #lost: () => AppError | null;
  #closed = false;
  #unwritten: ((error: Error) => void) | null = null;

  constructor(
    node: string,
    channel: ClientChannel,
    first: Buffer,
    stderr: ErrorOutput,
    lost: () => AppError | null,
    end: CommandEnd,
  ) {
    super({ highWaterMark: BUFFER });
    // It may break before its owner listens; whoever reads, writes or waits for the end learns why.
    this.on('error', () => undefined);
    this.#node = node;
    this.#channel = channel;
    this.#stderr = stderr;
    this.#lost = lost;
    channel.on('exit', (code: number | null, name?: string) => {
      end.code = code;
      end.signal = name ?? null;
    });
    this.ended = new Promise((resolve) => {
      channel.on('close', () => {
        this.#onClose();
        // The last of its error output may be read only after the channel has closed.
        if (channel.stderr.readableEnded || channel.stderr.destroyed) resolve(end);
        else finished(channel.stderr, () => resolve(end));
      });
    });
    channel.on('data', (chunk: Buffer) => {
      // What comes after the end here is drained, else the channel would never close.
      if (!this.destroyed && !this.push(chunk)) channel.pause();
    });
    channel.on('end', () => this.push(null));
    if (first.length > 0) this.push(first);
  }

  get said(): string {
    return this.#stderr.text;
  }

  interrupt(): void {
    if (!this.#closed) signalCommand(this.#channel, 'INT');
  }

  override _read(): void {
    this.#channel.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#closed) {
      this.#afterRest(done);
      return;
    }
    this.#unwritten = done;
    this.#channel.write(chunk, () => {
      this.#unwritten = null;
      done();
    });
  }

  override _final(done: (error?: Error | null) => void): void {
    if (!this.#closed) this.#channel.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    // A channel closes only once all of its output was read.
    this.#stderr.stopForwarding();
    if (!this.#closed) {
      this.#channel.resume();
      endChannel(this.#channel);
    }
    done(error);
  }

  #onClose(): void {
    this.#closed = true;
    const lost = this.#lost();
    if (lost) {
      this.destroy(lost);
      return;
    }
    if (!this.readableEnded && !this.destroyed) this.push(null);
    const unwritten = this.#unwritten;
    this.#unwritten = null;
    if (unwritten) this.#afterRest(unwritten);
  }

  /** What the command still said is read first: an error would drop it. */
  #afterRest(done: (error: Error) => void): void {
    const fail = () =>
      done(
        new AppError('command-failed', message`A command on ${{ node: this.#node }} ended before it took its input.`),
      );
    if (this.readableEnded) fail();
    else this.once('end', fail);
  }
}

/**
 * The error output of a command: its end is kept, and all of it goes to `target`. While that is full nothing is read, so that
 * the channel's window, which is not renewed meanwhile, bounds what waits.
 */
class ErrorOutput {
  readonly #channel: ClientChannel;
  readonly #tail: Tail;
  #target: Writable | null;

  constructor(channel: ClientChannel, begin: Buffer, target: Writable | null) {
    this.#channel = channel;
    this.#tail = new Tail(begin);
    this.#target = target;
    target?.on('drain', () => channel.stderr.resume());
    target?.once('close', () => this.stopForwarding());
    channel.stderr.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  get text(): string {
    return this.#tail.text;
  }

  /** Nobody reads it any more: what still comes is drained. */
  stopForwarding(): void {
    this.#target = null;
    this.#channel.stderr.resume();
  }

  #take(chunk: Buffer): void {
    const fresh = this.#tail.push(chunk);
    if (fresh.length > 0 && this.#target && !this.#target.write(fresh)) this.#channel.stderr.pause();
  }
}

/** The last bytes of a stream, without what stood before a mark. */
class Tail {
  readonly #mark: Buffer;
  #kept: Buffer = Buffer.alloc(0);
  #begun = false;

  constructor(mark: Buffer) {
    this.#mark = mark;
  }

  /** @returns what of it stands after the mark */
  push(chunk: Buffer): Buffer {
    let all: Buffer = Buffer.concat([this.#kept, chunk]);
    let fresh: Buffer = this.#begun ? chunk : Buffer.alloc(0);
    const at = this.#begun ? -1 : all.indexOf(this.#mark);
    if (at >= 0) {
      this.#begun = true;
      all = all.subarray(at + this.#mark.length);
      fresh = all;
    }
    this.#kept = all.subarray(Math.max(0, all.length - KEPT));
    return fresh;
  }

  get text(): string {
    return this.#kept.toString('utf8').trim();
  }
}
