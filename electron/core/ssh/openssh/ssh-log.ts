/** What ssh prints at its level DEBUG1 and not at INFO, beside the lines that say so themselves. */
const chatter = /^(debug[1-3]: |Authenticated to |Transferred: sent |Bytes per second: )/;
const accepted = /^debug1: Server accepts key: (.*) \S+ SHA256:\S+((?: \w+)*)$/;

/** Reads what ssh prints: what is for the user, and which keys the servers accepted, by their files. */
export class SshLog {
  readonly #acceptedKeys: string[] = [];
  #rest = '';

  /** The files of keys that a server accepted; for one without a file, something else. */
  get acceptedKeys(): readonly string[] {
    return this.#acceptedKeys;
  }

  /** @returns the lines of it that are for the user */
  read(text: string): string {
    const lines = `${this.#rest}${text}`.split('\n');
    this.#rest = lines.pop() ?? '';
    return lines.map((line) => this.#take(line.replace(/\r$/, ''))).join('');
  }

  #take(line: string): string {
    const [, file, kind = ''] = accepted.exec(line) ?? [];
    if (file) this.#acceptedKeys.push(/\btoken\b/.test(kind) ? '' : file);
    return chatter.test(line) ? '' : `${line}\n`;
  }
}
