import { constants } from 'node:os';
import { finished } from 'node:stream/promises';
import type { ByteStream } from '../electron/client/byte-stream.ts';
import { AppError } from '../electron/shared/errors.ts';

/** The exit code of a failure of ours, where others are the command's own; as ssh does. */
export const OUR_FAILURE = 255;

/** How a command ended; both null: its connection was lost, or it was closed from here. */
interface CommandEnd {
  code: number | null;
  signal: string | null;
}
type CommandStream = ByteStream<unknown, CommandEnd>;

const exitCodeOfSignal = (name: string): number => {
  const number = Object.entries(constants.signals).find(([known]) => known === `SIG${name.replace(/^SIG/, '')}`)?.[1];
  return 128 + (number ?? 0);
};

/** The exit code that a shell gives a command; null: its connection was lost. */
export function exitCodeOf(end: CommandEnd): number | null {
  if (end.code !== null) return end.code;
  return end.signal === null ? null : exitCodeOfSignal(end.signal);
}

const connectionLost = () => new AppError('connection-lost', 'The connection was lost while it ran.');

/**
 * Connects this process's input and outputs to a command until it ends; its exit code. Ctrl-C goes to the command where
 * `canInterrupt`; a second one, or the first where it cannot, ends it.
 * @throws AppError `connection-lost`
 */
export async function runWithStdio(command: CommandStream, canInterrupt: boolean): Promise<number> {
  const { data, stderr, closed } = command;
  let wasInterrupted = false;
  /** The code of the signal for which it was ended from here. */
  let endedBy: number | null = null;
  const end = (signal: string) => {
    endedBy ??= exitCodeOfSignal(signal);
    data.destroy();
  };
  const stopListening = listenForSignals({
    onInterrupt() {
      if (canInterrupt && !wasInterrupted) command.control({ kind: 'interrupt' });
      else end('INT');
      wasInterrupted = true;
    },
    onTerminate: () => end('TERM'),
    // Whoever reads our output has gone, e.g. `| head`.
    onOutputClosed: () => end('PIPE'),
  });
  try {
    process.stdin.pipe(data);
    data.pipe(process.stdout, { end: false });
    stderr?.pipe(process.stderr, { end: false });
    const stderrEnded = stderr ? finished(stderr, { writable: false }).catch(() => undefined) : null;
    // A command may end without reading all of its input; its exit code says the rest.
    const failure = await finished(data, { writable: false }).then(
      () => null,
      (error: unknown) => AppError.from(error),
    );
    const reported = await closed.then(exitCodeOf, AppError.from);
    if (endedBy !== null) return endedBy;
    await stderrEnded;
    if (reported instanceof AppError) throw reported;
    if (reported === null) throw failure ?? connectionLost();
    return reported;
  } finally {
    stopListening();
    releaseStdin();
  }
}

/** The other end gets so long to end by itself. */
const GRACE_MS = 5000;

/**
 * Connects this process's input and outputs to a stream that only carries bytes, until either side ends. A signal closes the
 * other end's input, so that it can clean up: ssh ends its ProxyCommand by SIGHUP.
 * @returns 0, or the code of the signal
 */
export async function connectStdio({ data, stderr, closed }: ByteStream): Promise<number> {
  let code = 0;
  let limit: NodeJS.Timeout | null = null;
  const end = (signal: string) => {
    code ||= exitCodeOfSignal(signal);
    releaseStdin();
    data.end();
    limit ??= setTimeout(() => data.destroy(), GRACE_MS);
  };
  const stopListening = listenForSignals({
    onInterrupt: () => end('INT'),
    onTerminate: () => end('TERM'),
    onOutputClosed: () => end('PIPE'),
  });
  const onHangUp = () => end('HUP');
  process.on('SIGHUP', onHangUp);
  try {
    process.stdin.pipe(data);
    data.pipe(process.stdout, { end: false });
    stderr?.pipe(process.stderr, { end: false });
    await finished(data, { writable: false }).catch(() => undefined);
    if (code === 0) await closed;
    return code;
  } finally {
    if (limit) clearTimeout(limit);
    stopListening();
    process.off('SIGHUP', onHangUp);
    releaseStdin();
  }
}

function listenForSignals(on: { onInterrupt(): void; onTerminate(): void; onOutputClosed(): void }): () => void {
  process.on('SIGINT', on.onInterrupt);
  process.on('SIGTERM', on.onTerminate);
  process.stdout.on('error', on.onOutputClosed);
  return () => {
    process.off('SIGINT', on.onInterrupt);
    process.off('SIGTERM', on.onTerminate);
    process.stdout.off('error', on.onOutputClosed);
  };
}

function releaseStdin(): void {
  process.stdin.unpipe();
  process.stdin.pause();
}

const terminalSize = () => ({ columns: process.stdout.columns || 80, rows: process.stdout.rows || 24 });

/** @throws AppError `bad-input` where input or output is no terminal */
export function describeTerminal(): { columns: number; rows: number; type: string } {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new AppError('bad-input', 'A shell needs a terminal, and this is none.', {
      hint: 'Run a command without one: tunel exec CLUSTER -- COMMAND',
    });
  }
  return { ...terminalSize(), type: process.env.TERM || 'xterm-256color' };
}

/** Connects this terminal to one on the cluster until that ends; its exit code. @throws AppError `connection-lost` */
export async function runOnTerminal(terminal: CommandStream): Promise<number> {
  const code = exitCodeOf(await showOnTerminal(terminal));
  if (code === null) throw connectionLost();
  return code;
}

/** Connects this terminal to one on the cluster until that ends; how it did. Every key goes there, Ctrl-C too. */
export async function showOnTerminal<E extends CommandEnd>(terminal: ByteStream<unknown, E>): Promise<E> {
  const { stdin, stdout } = process;
  const { data, closed } = terminal;
  const onResize = () => terminal.control({ kind: 'resize', ...terminalSize() });
  const onTerminate = () => data.destroy();
  stdout.on('resize', onResize);
  process.on('SIGTERM', onTerminate);
  stdin.setRawMode(true);
  try {
    stdin.pipe(data);
    data.pipe(stdout, { end: false });
    await finished(data, { writable: false }).catch(() => undefined);
    return await closed;
  } finally {
    stdin.setRawMode(false);
    stdout.off('resize', onResize);
    process.off('SIGTERM', onTerminate);
    releaseStdin();
  }
}
