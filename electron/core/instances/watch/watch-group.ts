import { groupRequest, type Looker, listRequest } from './watch-script.ts';

/** Checks without a line of it after which a group hangs. */
const MOST_SILENT_CHECKS = 4;

interface WatchGroupOptions {
  /** Null: the program has no groups, and looks at everything by itself. */
  name: string | null;
  /** A process of an earlier program that hung in the same folder; null: none is known. */
  former: Looker | null;
  write(request: string): void;
  /** What it looks at does not answer, or does again. `looker`: the process that hangs, where it is known. */
  onHung(isHung: boolean, looker: Looker | null): void;
}

/**
 * What one process of a watch looks at. It is given one list at a time: with more, the pipe of one that hangs would fill and
 * block the others. While it hangs, no second process looks at the same folder.
 */
export class WatchGroup {
  readonly #options: WatchGroupOptions;
  #looker: Looker | null;
  #wanted = '';
  #given = '';
  /** Of the request that begins another process if the one that hangs is gone. */
  #offered: string | null = null;
  #isAwaited = false;
  #isHeard = true;
  #silentChecks = 0;
  #isHung = false;

  constructor(options: WatchGroupOptions) {
    this.#options = options;
    this.#looker = options.former;
  }

  get isHung(): boolean {
    return this.#isHung;
  }

  /** Checks in a row without a line of it. */
  get silentChecks(): number {
    return this.#silentChecks;
  }

  /** Replaces what it watches, at once or when it has answered. */
  setList(text: string): void {
    this.#wanted = text;
    if (this.#isHung) return;
    if (this.#options.former !== null && this.#looker === this.#options.former) this.#offer();
    else this.#give();
  }

  /** A line of it came. */
  onLine(): void {
    this.#isHeard = true;
    this.#silentChecks = 0;
    this.#setHung(false);
  }

  /** Its process begins. */
  onHere(looker: Looker): void {
    this.#looker = looker;
    if (this.#offered !== null) {
      this.#given = this.#offered;
      this.#isAwaited = true;
    }
    this.#offered = null;
  }

  /** It has taken its list. */
  onListed(): void {
    this.#isAwaited = false;
    this.#give();
  }

  /** The process that hangs is still there. */
  onBusy(): void {
    this.#offered = null;
    this.#setHung(true);
  }

  /** At equal intervals, longer than a fifth of the time between two signs of life. */
  check(): void {
    this.#silentChecks = this.#isHeard ? 0 : this.#silentChecks + 1;
    this.#isHeard = false;
    if (this.#silentChecks >= MOST_SILENT_CHECKS && this.#wanted !== '') this.#setHung(true);
    if (this.#isHung && this.#silentChecks % MOST_SILENT_CHECKS === 0) this.#offer();
  }

  #give(): void {
    const { name, write } = this.#options;
    if (this.#isAwaited || this.#isHung || this.#wanted === this.#given) return;
    this.#given = this.#wanted;
    this.#isAwaited = true;
    write(name === null ? listRequest(this.#given) : groupRequest(name, this.#given, null));
  }

  #offer(): void {
    const { name, write } = this.#options;
    if (name === null || this.#looker === null || this.#offered !== null) return;
    this.#offered = this.#wanted;
    write(groupRequest(name, this.#offered, this.#looker));
  }

  #setHung(isHung: boolean): void {
    if (this.#isHung === isHung) return;
    this.#isHung = isHung;
    this.#options.onHung(isHung, this.#looker);
    if (!isHung) this.#give();
  }
}
