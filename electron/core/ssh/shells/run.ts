import { randomBytes } from 'node:crypto';
import type { ClientChannel } from 'ssh2';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import { printable } from '../dial/connect-errors.ts';
import type { RunOptions } from '../types.ts';
import { MarkedOutput, wrapScript } from './run-protocol.ts';

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_MAX_BYTES = 4 * 1024 * 1024;

export interface RawResult {
  stdout: Buffer;
  stderr: string;
  exitCode: number;
}

/** A timer and the caller's signal as one signal; `done` frees both. */
export function limited(
  signal: AbortSignal | undefined,
  timeoutMs: number,
  timeoutError: () => AppError,
): { signal: AbortSignal; done(): void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(timeoutError()), timeoutMs);
  const onAbort = () => {
    const reason: unknown = signal?.reason;
    controller.abort(reason instanceof AppError ? reason : new AppError('cancelled', 'Cancelled.'));
  };
  if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    done() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}

/**
 * Runs a script over the exec channel that `open` gives, and closes it.
 * Rejects with `timeout`, `cancelled`, `command-failed` when the script could not be run to its end, or what `open` throws.
 */
export async function runScript(
  node: string,
  open: (signal: AbortSignal) => Promise<ClientChannel>,
  script: string,
  options: RunOptions = {},
): Promise<RawResult> {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const nonce = randomBytes(16).toString('hex');
  const input = wrapScript(script, nonce, options.stdin !== undefined);
  const limit = limited(
    options.signal,
    timeoutMs,
    () =>
      new AppError('timeout', message`A command on ${{ node }} took longer than ${Math.round(timeoutMs / 1000)} s.`),
  );
  try {
    const channel = await open(limit.signal);
    return await new ScriptRun(node, channel, nonce, limit.signal, options).run(input);
  } finally {
    limit.done();
  }
}

/** One script on its channel, from its first byte to its end. */
class ScriptRun {
  readonly #node: string;
  readonly #channel: ClientChannel;
  readonly #signal: AbortSignal;
  readonly #stdin: Uint8Array | string | undefined;
  readonly #maxBytes: number;
  readonly #out: MarkedOutput;
  readonly #err: MarkedOutput;
  #isInputSent: boolean;
  #exit: string | undefined;
  #resolve: (result: RawResult) => void = () => undefined;
  #reject: (error: AppError) => void = () => undefined;

  constructor(node: string, channel: ClientChannel, nonce: string, signal: AbortSignal, options: RunOptions) {
    this.#node = node;
    this.#channel = channel;
    this.#signal = signal;
    this.#stdin = options.stdin;
    this.#isInputSent = options.stdin === undefined;
    this.#maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
    this.#out = new MarkedOutput(nonce, this.#maxBytes);
    this.#err = new MarkedOutput(nonce, this.#maxBytes);
  }

  run(input: string): Promise<RawResult> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#start(input);
    });
  }

  #start(input: string): void {
    const channel = this.#channel;
    channel.on('data', this.#onOut);
    channel.stderr.on('data', this.#onErr);
    // A script may end without reading its input; its exit code shows what became of it.
    channel.on('error', () => undefined);
    channel.on('exit', (code: number | null, name?: string) => {
      this.#exit = code === null ? `killed by ${name}` : `exit code ${code}`;
    });
    channel.on('close', () => {
      if (this.#isComplete()) return;
      this.#stop();
      this.#reject(endedEarly(this.#node, this.#out, this.#err, this.#exit));
    });
    if (this.#signal.aborted) {
      this.#onAbort();
      return;
    }
    this.#signal.addEventListener('abort', this.#onAbort, { once: true });
    channel.write(input);
  }

  readonly #onOut = (chunk: Buffer): void => {
    this.#out.push(chunk);
    // Only now has sh stopped reading its own stdin ahead (dash reads in blocks), so the bytes reach the script whole.
    if (!this.#isInputSent && this.#out.begun) {
      this.#isInputSent = true;
      this.#channel.end(Buffer.from(this.#stdin ?? []));
    }
    this.#check();
  };

  readonly #onErr = (chunk: Buffer): void => {
    this.#err.push(chunk);
    this.#check();
  };

  readonly #onAbort = (): void => this.#fail(AppError.from(this.#signal.reason));

  #isComplete(): boolean {
    return this.#out.exitCode !== null && this.#err.exitCode !== null;
  }

  #check(): void {
    const { exitCode } = this.#out;
    if (this.#out.tooMuch || this.#err.tooMuch) {
      const sentence = message`A command on ${{ node: this.#node }} printed more than ${{ maxBytes: this.#maxBytes }} bytes.`;
      this.#fail(new AppError('command-failed', sentence));
    } else if (exitCode !== null && this.#isComplete()) {
      this.#stop();
      this.#channel.close();
      this.#resolve({ stdout: this.#out.bytes, stderr: this.#err.bytes.toString('utf8'), exitCode });
    }
  }

  #fail(error: AppError): void {
    this.#stop();
    // Closing alone leaves the process running: without a terminal sshd sends it nothing.
    if (this.#channel.writable) this.#channel.signal('TERM');
    this.#channel.close();
    this.#reject(error);
  }

  #stop(): void {
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.#channel.removeListener('data', this.#onOut);
    this.#channel.stderr.removeListener('data', this.#onErr);
    // What still comes is drained, else the channel would never close.
    this.#channel.resume();
    this.#channel.stderr.resume();
  }
}

function endedEarly(node: string, out: MarkedOutput, err: MarkedOutput, exit: string | undefined): AppError {
  const how = exit ? ` (${exit})` : '';
  const output = [err.noise, out.noise, err.bytes.toString('utf8')].filter(Boolean).join('\n');
  if (!out.begun) return neverBegan(node, output, exit);
  const detail = printable(output).slice(-2000);
  return new AppError('command-failed', message`A command on ${{ node }} was ended before it finished${{ how }}.`, {
    detail,
  });
}

/** The login shell printed `output` and was gone before it ran what it was given. */
export function neverBegan(node: string, output: string, exit: string | undefined): AppError {
  const how = exit ? ` (${exit})` : '';
  return new AppError(
    'command-failed',
    message`${{ node }} did not run a command: its login shell ended at once${{ how }}.`,
    {
      hint: 'The account may allow file transfer only, or a login file such as .bashrc ends the shell.',
      detail: printable(output).slice(-2000),
    },
  );
}
