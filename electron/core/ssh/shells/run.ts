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

/** The promise, or the signal's reason if that comes first; the work goes on for others. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(AppError.from(signal.reason));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
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
    return await converse(node, channel, nonce, input, limit.signal, options);
  } finally {
    limit.done();
  }
}

function converse(
  node: string,
  channel: ClientChannel,
  nonce: string,
  input: string,
  signal: AbortSignal,
  options: RunOptions,
): Promise<RawResult> {
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  const out = new MarkedOutput(nonce, maxBytes);
  const err = new MarkedOutput(nonce, maxBytes);
  let exit: string | undefined;

  return new Promise<RawResult>((resolve, reject) => {
    const stop = () => {
      signal.removeEventListener('abort', onAbort);
      channel.removeListener('data', onOut);
      channel.stderr.removeListener('data', onErr);
      // What still comes is drained, else the channel would never close.
      channel.resume();
      channel.stderr.resume();
    };
    const fail = (error: AppError) => {
      stop();
      // Closing alone leaves the process running: without a terminal sshd sends it nothing.
      if (channel.writable) channel.signal('TERM');
      channel.close();
      reject(error);
    };
    const check = () => {
      if (out.tooMuch || err.tooMuch) {
        fail(
          new AppError('command-failed', message`A command on ${{ node }} printed more than ${{ maxBytes }} bytes.`),
        );
      } else if (out.exitCode !== null && err.exitCode !== null) {
        stop();
        channel.close();
        resolve({ stdout: out.bytes, stderr: err.bytes.toString('utf8'), exitCode: out.exitCode });
      }
    };
    let sent = options.stdin === undefined;
    const onOut = (chunk: Buffer) => {
      out.push(chunk);
      // Only now has sh stopped reading its own stdin ahead (dash reads in blocks), so the bytes reach the script whole.
      if (!sent && out.begun) {
        sent = true;
        channel.end(Buffer.from(options.stdin ?? []));
      }
      check();
    };
    const onErr = (chunk: Buffer) => {
      err.push(chunk);
      check();
    };
    const onAbort = () => fail(AppError.from(signal.reason));

    channel.on('data', onOut);
    channel.stderr.on('data', onErr);
    // A script may end without reading its input; its exit code tells the rest.
    channel.on('error', () => undefined);
    channel.on('exit', (code: number | null, name?: string) => {
      exit = code === null ? `killed by ${name}` : `exit code ${code}`;
    });
    channel.on('close', () => {
      if (out.exitCode !== null && err.exitCode !== null) return;
      stop();
      reject(endedEarly(node, out, err, exit));
    });
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    channel.write(input);
  });
}

function endedEarly(node: string, out: MarkedOutput, err: MarkedOutput, exit: string | undefined): AppError {
  const how = exit ? ` (${exit})` : '';
  const said = [err.noise, out.noise, err.bytes.toString('utf8')].filter(Boolean).join('\n');
  if (!out.begun) return neverBegan(node, said, exit);
  const detail = printable(said).slice(-2000);
  return new AppError('command-failed', message`A command on ${{ node }} was ended before it finished${{ how }}.`, {
    detail,
  });
}

/** The login shell said `said` and was gone before it ran what it was given. */
export function neverBegan(node: string, said: string, exit: string | undefined): AppError {
  const how = exit ? ` (${exit})` : '';
  return new AppError(
    'command-failed',
    message`${{ node }} did not run a command: its login shell ended at once${{ how }}.`,
    {
      hint: 'The account may allow file transfer only, or a login file such as .bashrc ends the shell.',
      detail: printable(said).slice(-2000),
    },
  );
}
