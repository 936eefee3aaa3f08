import { quote } from '../../../shared/shell-quote.ts';

/** The one command ever asked of a login shell; every csh, fish and sh reads it the same. */
export const REMOTE_COMMAND = 'exec /bin/sh -s';

/**
 * One harmless line in what all shells have in common. It prints the name of the shell that read it, so that a start-up
 * file which ends in `exec zsh` shows.
 */
export function handshakeLine(nonce: string): string {
  const name = 'c=$(cat /proc/$PPID/comm 2>/dev/null || ps -o comm= -p $PPID 2>/dev/null)';
  return `/bin/sh -c '${name}; printf "%s\\n" "${nonce}:shell:$c"' </dev/null\n`;
}

/** Turns whatever shell reads it into /bin/sh, which then says so. Nothing may follow before: that shell reads in blocks. */
export function switchLine(nonce: string): string {
  return `exec /bin/sh -c 'printf "%s\\n" "${nonce}:shell:sh"; exec /bin/sh -s'\n`;
}

/** The names of the shells that answered, oldest first; `rest` is what was printed besides, unfinished answers left out. */
export function readHandshakes(text: string, nonce: string): { shells: string[]; rest: string } {
  const answer = new RegExp(`${nonce}:shell:([^\\n]*)\\n`, 'g');
  const shells = [...text.matchAll(answer)].map(([, name = '']) => name.trim().replace(/^.*\//, '').replace(/^-/, ''));
  const rest = text.replace(answer, '');
  const last = rest.slice(rest.lastIndexOf('\n') + 1);
  const isUnfinished = last.startsWith(`${nonce}:`) || (last !== '' && nonce.startsWith(last));
  return { shells, rest: isUnfinished ? rest.slice(0, rest.length - last.length) : rest };
}

const print = (word: string) => `printf '%s\\n' ${word}`;
const both = (word: string) => `${print(word)}; ${print(word)} >&2`;

/** Runs `script` in a subshell, which contains its own `exit`, `exec` and `set`, between marks on both outputs. */
export function markScript(script: string, nonce: string, redirect = ' </dev/null'): string {
  const begin = both(`'${nonce}:begin'`);
  return `${begin}; ( eval ${quote(script)} )${redirect}; tunel_rc=$?; ${both(`"${nonce}:end:$tunel_rc"`)}`;
}

/**
 * What a standing `sh -s` reads to run `script`: one compound command, read whole before any of it runs. A quoted word rather
 * than a here-document: bash keeps those in /tmp, which may be full. Each output passes through a `cat` of its own, which ends with the last process that holds it: the mark
 * after it shows that nothing is left which could write into the next script's output, and nothing waits for such a process.
 * `stdinBytes`: as many follow once the begin mark is out; null: the script reads /dev/null.
 * `first`: what the shell itself is to run before, such as an assignment.
 * The shell survives TERM until its children are gone, for sshd signals the group only while its leader lives.
 */
export function wrapScript(script: string, nonce: string, stdinBytes: number | null, first = ''): string {
  const relay = (redirect: string) =>
    `( exec 4<&0; { cat <&4; ${print(`'${nonce}:eof'`)}; } ${redirect}2>/dev/null 3>&- & )`;
  const hasInput = stdinBytes !== null && stdinBytes > 0;
  const body = `${markScript(script, nonce, hasInput ? '' : ' </dev/null')}; times`;
  // What is left of the input would be read as commands, so that the shell ends with a `head` that failed.
  const input = `{ head -c ${stdinBytes} || kill -s KILL $$; }`;
  const whole = hasInput ? `{ ${input} | { ${body}; cat >/dev/null; }; }` : `{ ${body}; }`;
  return `{ ${first === '' ? '' : `${first}; `}trap 'exit 143' TERM; { ${whole} 2>&1 >&3 3>&- | ${relay('>&2 ')}; } 3>&1 | ${relay('')}; }\n`;
}

/**
 * The same for a command that talks: after the begin mark the channel's bytes are its own both ways, and the channel's exit
 * status is its exit code. Nothing may follow on stdin before that mark, for sh may read ahead until then.
 */
export function wrapCommand(script: string, nonce: string, first = ''): string {
  const mark = `printf '%s\\n' '${nonce}:begin'`;
  return `{ ${first === '' ? '' : `${first}; `}trap - TERM; ${mark}; ${mark} >&2; eval ${quote(script)}; exit; }\n`;
}

/** CPU seconds that `times` printed: of the shell and of its children, user and system. */
export function readTimes(text: string): number {
  let seconds = 0;
  for (const [, minutes, rest = ''] of text.matchAll(/(\d+)m([\d.,]+)s/g))
    seconds += Number(minutes) * 60 + Number(rest.replace(',', '.'));
  return seconds;
}

/** Cuts one output stream at its marks; noise before and after is dropped. */
export class MarkedOutput {
  readonly #begin: Buffer;
  readonly #end: Buffer;
  readonly #eof: Buffer;
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #kept = 0;
  #rest: Buffer = Buffer.alloc(0);
  #state: 'before' | 'inside' | 'after' | 'closed' = 'before';
  #exitCode: number | null = null;
  #after = '';

  constructor(nonce: string, maxBytes: number) {
    this.#begin = Buffer.from(`${nonce}:begin\n`);
    this.#end = Buffer.from(`${nonce}:end:`);
    this.#eof = Buffer.from(`${nonce}:eof\n`);
    this.#maxBytes = maxBytes;
  }

  get begun(): boolean {
    return this.#state !== 'before';
  }

  /** Nothing holds this output any more. */
  get isClosed(): boolean {
    return this.#state === 'closed';
  }

  /** The script's exit code once the end mark was seen; null until then. */
  get exitCode(): number | null {
    return this.#exitCode;
  }

  /** True when more than the limit came. */
  get tooMuch(): boolean {
    return this.#kept > this.#maxBytes;
  }

  /** What stands between the marks; before the end mark, what has come so far. */
  get bytes(): Buffer {
    return Buffer.concat(this.#state === 'inside' ? [...this.#chunks, this.#rest] : this.#chunks);
  }

  /** For a message when no mark came: the last of the noise. */
  get noise(): string {
    return this.#state === 'before' ? this.#rest.toString('utf8').trim() : '';
  }

  /** What the shell printed after the end mark. */
  get after(): string {
    return this.#after;
  }

  push(chunk: Buffer): void {
    if (this.#state === 'closed') return;
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    if (this.#state === 'before') this.#seekBegin();
    if (this.#state === 'inside') this.#seekEnd();
    if (this.#state === 'after') this.#seekEof();
  }

  #seekBegin(): void {
    const at = this.#rest.indexOf(this.#begin);
    if (at < 0) {
      this.#rest = this.#rest.subarray(Math.max(0, this.#rest.length - 4096));
      return;
    }
    this.#rest = this.#rest.subarray(at + this.#begin.length);
    this.#state = 'inside';
  }

  #seekEnd(): void {
    const at = this.#rest.indexOf(this.#end);
    if (at < 0) {
      const eof = this.#rest.indexOf(this.#eof);
      if (eof >= 0) {
        this.#keep(eof);
        this.#close();
      } else this.#keep(Math.max(0, this.#rest.length - this.#end.length + 1));
      return;
    }
    const newline = this.#rest.indexOf(10, at);
    if (newline < 0) return;
    this.#exitCode = Number(this.#rest.toString('latin1', at + this.#end.length, newline));
    const rest = this.#rest.subarray(newline + 1);
    this.#keep(at);
    this.#state = 'after';
    this.#rest = rest;
  }

  #seekEof(): void {
    const at = this.#rest.indexOf(this.#eof);
    if (at < 0) {
      this.#rest = this.#rest.subarray(Math.max(0, this.#rest.length - 4096));
      return;
    }
    this.#after = this.#rest.toString('utf8', 0, at);
    this.#close();
  }

  #close(): void {
    this.#state = 'closed';
    this.#rest = Buffer.alloc(0);
  }

  #keep(length: number): void {
    if (length === 0) return;
    this.#kept += length;
    if (!this.tooMuch) this.#chunks.push(this.#rest.subarray(0, length));
    this.#rest = this.#rest.subarray(length);
  }
}
