import { quote } from '../../../shared/shell-quote.ts';

/** The one command ever asked of a login shell; every csh, fish and sh reads it the same. */
export const REMOTE_COMMAND = 'exec /bin/sh -s';

/**
 * What goes in on stdin to run `script` under `sh -s`.
 * The whole is one compound command that ends in `exit`: sh has read all of it before any of it runs, so bytes that follow
 * belong to the script and never become commands. A quoted word rather than a here-document: bash keeps those in /tmp,
 * which may be full. The subshell contains the script's own `exit`, `exec` and `set`.
 * `stdin`: bytes follow. Without, the script reads /dev/null and the channel's own stdin stays open, for ssh2 can send a
 * signal only until then.
 */
export function wrapScript(script: string, nonce: string, stdin: boolean): string {
  const both = (word: string) => `printf '%s\\n' ${word}; printf '%s\\n' ${word} >&2`;
  return `{ ${both(`'${nonce}:begin'`)}; ( eval ${quote(script)} )${stdin ? '' : ' </dev/null'}; tunel_rc=$?; ${both(
    `"${nonce}:end:$tunel_rc"`,
  )}; exit; }\n`;
}

/**
 * The same for a command that talks: after the begin mark the channel's bytes are its own both ways, and the channel's exit
 * status is its exit code. Nothing may follow on stdin before that mark, for sh may read ahead until then.
 */
export function wrapCommand(script: string, nonce: string): string {
  const mark = `printf '%s\\n' '${nonce}:begin'`;
  return `{ ${mark}; ${mark} >&2; eval ${quote(script)}; exit; }\n`;
}

/** Cuts one output stream at its marks; noise of login files before and of background processes after is dropped. */
export class MarkedOutput {
  readonly #begin: Buffer;
  readonly #end: Buffer;
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #kept = 0;
  #rest: Buffer = Buffer.alloc(0);
  #state: 'before' | 'inside' | 'after' = 'before';
  #exitCode: number | null = null;

  constructor(nonce: string, maxBytes: number) {
    this.#begin = Buffer.from(`${nonce}:begin\n`);
    this.#end = Buffer.from(`${nonce}:end:`);
    this.#maxBytes = maxBytes;
  }

  get begun(): boolean {
    return this.#state !== 'before';
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

  push(chunk: Buffer): void {
    if (this.#state === 'after') return;
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    if (this.#state === 'before') this.#seekBegin();
    if (this.#state === 'inside') this.#seekEnd();
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
      this.#keep(Math.max(0, this.#rest.length - this.#end.length + 1));
      return;
    }
    const newline = this.#rest.indexOf(10, at);
    if (newline < 0) return;
    this.#exitCode = Number(this.#rest.toString('latin1', at + this.#end.length, newline));
    this.#keep(at);
    this.#state = 'after';
    this.#rest = Buffer.alloc(0);
  }

  #keep(length: number): void {
    if (length === 0) return;
    this.#kept += length;
    if (!this.tooMuch) this.#chunks.push(this.#rest.subarray(0, length));
    this.#rest = this.#rest.subarray(length);
  }
}
