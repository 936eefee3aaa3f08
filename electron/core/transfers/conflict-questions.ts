import { throwIfAborted } from '../../shared/errors.ts';
import { onAbort } from '../../shared/on-abort.ts';
import type { ConflictChoice, ConflictQuestion } from '../../shared/transfers.ts';
import type { FileLedger } from './file-ledger.ts';

/** Named in a question. */
const MOST_NAMED = 200;

/** Files of a transfer about which the user is asked, because something has their names. */
export class ConflictQuestions {
  readonly #ledger: FileLedger;
  #open: number[] = [];
  #wake: () => void = () => undefined;

  constructor(ledger: FileLedger) {
    this.#ledger = ledger;
  }

  get isAsking(): boolean {
    return this.#open.length > 0;
  }

  ask(indexes: readonly number[]): void {
    this.#open = indexes.filter((index) => this.#ledger.choice(index) === null);
  }

  /** @returns for how many files it is an answer */
  answer(choice: ConflictChoice, names: readonly string[] | null): number {
    const wanted = names && new Set(names);
    const chosen = this.#open.filter((index) => wanted?.has(this.#ledger.item(index).name) ?? true);
    for (const index of chosen) this.#ledger.choose(index, choice);
    this.#open = this.#open.filter((index) => this.#ledger.choice(index) === null);
    if (!this.isAsking) this.#wake();
    return chosen.length;
  }

  /** Resolves when all are answered. */
  async untilAnswered(signal: AbortSignal): Promise<void> {
    while (this.isAsking) {
      await new Promise<void>((resolve) => {
        const forget = onAbort(signal, resolve);
        this.#wake = () => {
          forget();
          resolve();
        };
      });
      throwIfAborted(signal);
    }
  }

  describe(): ConflictQuestion | null {
    if (!this.isAsking) return null;
    const files = this.#open.slice(0, MOST_NAMED).map((index) => {
      const { name, kind, size, modified, existing } = this.#ledger.item(index);
      return {
        path: name,
        source: { size: kind === 'file' ? size : null, modified },
        target: { size: existing?.kind === 'file' ? existing.size : null, modified: existing?.modified ?? 0 },
      };
    });
    return { count: this.#open.length, files };
  }
}
