import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** What a client asks a terminal to be; `modes` are those of RFC 4254, section 8. */
export interface TerminalRequest {
  rows: number;
  cols: number;
  /** As `TERM` says it, e.g. `xterm-256color`. */
  term: string;
  modes: { readonly ECHO?: number };
}

export const terminalNameFd = 3;

/**
 * The command line that gives a command (null: an interactive shell) a pseudo-terminal, by script(1): Node itself makes none.
 * The name of its device is written to the descriptor `terminalNameFd`.
 */
export function terminalCommand(
  { rows, cols, modes }: TerminalRequest,
  command: string | null,
  platform: NodeJS.Platform,
): [program: string, ...args: string[]] {
  const echo = modes.ECHO === 0 ? '-echo' : 'echo';
  const prepare = `tty >&${terminalNameFd}; exec ${terminalNameFd}>&-; stty ${echo} rows ${Number(rows)} cols ${Number(cols)}`;
  const text = `${prepare}; ${command ?? 'exec "$SHELL" -i'}`;
  if (platform === 'darwin') return ['script', '-q', '/dev/null', '/bin/sh', '-c', text];
  return ['script', '-qefc', text, '/dev/null'];
}

/** Changes the size of the terminal of a process started by `terminalCommand`; the returned function takes each new size. */
export function followSize(child: ChildProcess, platform: NodeJS.Platform): (rows: number, cols: number) => void {
  const device = readName(child.stdio[terminalNameFd] as Readable);
  return async (rows, cols) => {
    const name = await device;
    if (name === '') return;
    const size = ['rows', String(rows), 'cols', String(cols)];
    // A terminal that has ended meanwhile needs no size.
    spawn('stty', [platform === 'darwin' ? '-f' : '-F', name, ...size], { stdio: 'ignore' }).on('error', () => {});
  };
}

/** The first line; script(1) keeps the descriptor open as long as it runs. */
async function readName(source: Readable): Promise<string> {
  let text = '';
  for await (const chunk of source.setEncoding('utf8')) {
    text += chunk;
    if (text.includes('\n')) break;
  }
  return text.trim();
}
