import { constants } from 'node:os';
import { finished } from 'node:stream/promises';
import type { CommandEnd, CommandStream, Terminal, TerminalSize } from '../electron/core/ssh/types.ts';
import { AppError } from '../electron/shared/errors.ts';

/** What a failure of ours is as an exit code, where others are the command's own; as ssh does. */
export const OUR_FAILURE = 255;

const ofSignal = (name: string): number => {
  const number = Object.entries(constants.signals).find(([known]) => known === `SIG${name.replace(/^SIG/, '')}`)?.[1];
  return 128 + (number ?? 0);
};

/** As a shell tells how a command ended; null: its connection was lost. */
export function exitCodeOf(end: CommandEnd): number | null {
  if (end.code !== null) return end.code;
  return end.signal === null ? null : ofSignal(end.signal);
}

const lost = () => new AppError('connection-lost', 'The connection was lost while it ran.');

/**
 * Carries a command's input and output to its end; its exit code. Ctrl-C goes to it, where `interrupts`; a second one, or
 * the first where it cannot, ends it.
 * @throws AppError `connection-lost`
 */
export async function carry(stream: CommandStream, interrupts: boolean): Promise<number> {
  let asked = false;
  /** What we ended it for. */
  let stopped: number | null = null;
  const end = (signal: string) => {
    stopped ??= ofSignal(signal);
    stream.destroy();
  };
  const onInterrupt = () => {
    if (interrupts && !asked) stream.interrupt();
    else end('INT');
    asked = true;
  };
  const onTerm = () => end('TERM');
  // Whoever reads our output has gone, e.g. `| head`.
  const onPipe = () => end('PIPE');
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerm);
  process.stdout.on('error', onPipe);
  try {
    process.stdin.pipe(stream);
    stream.pipe(process.stdout, { end: false });
    // A command may end without reading all of its input; its exit code tells the rest.
    const failure = await finished(stream, { writable: false }).then(
      () => null,
      (error: unknown) => AppError.from(error),
    );
    const told = exitCodeOf(await stream.ended);
    const code = stopped ?? told;
    if (code === null) throw failure ?? lost();
    return code;
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onTerm);
    process.stdout.off('error', onPipe);
    letGoOfInput();
  }
}

function letGoOfInput(): void {
  process.stdin.unpipe();
  process.stdin.pause();
}

const sizeHere = (): TerminalSize => ({ columns: process.stdout.columns || 80, rows: process.stdout.rows || 24 });

/** @throws AppError `bad-input` where input or output is no terminal */
export function terminalHere(): TerminalSize & { type: string } {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new AppError('bad-input', 'A shell needs a terminal, and this is none.', {
      hint: 'Run a command without one: tunel exec CLUSTER -- COMMAND',
    });
  }
  return { ...sizeHere(), type: process.env.TERM || 'xterm-256color' };
}

/** Gives this terminal to one there until that ends; its exit code. Every key goes there, Ctrl-C too. */
export async function converse(terminal: Terminal): Promise<number> {
  const { stdin, stdout } = process;
  const { stream } = terminal;
  const onResize = () => terminal.resize(sizeHere());
  const onTerm = () => stream.destroy();
  stdout.on('resize', onResize);
  process.on('SIGTERM', onTerm);
  stdin.setRawMode(true);
  try {
    stdin.pipe(stream);
    stream.pipe(stdout, { end: false });
    await finished(stream, { writable: false }).catch(() => undefined);
    const code = exitCodeOf(await terminal.ended);
    if (code === null) throw lost();
    return code;
  } finally {
    stdin.setRawMode(false);
    stdout.off('resize', onResize);
    process.off('SIGTERM', onTerm);
    letGoOfInput();
  }
}
