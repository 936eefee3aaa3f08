import type { z } from 'zod';
import type { Notice } from '../../shared/state.ts';
import { parseVersioned, readVersioned, updateVersioned, type VersionedFile } from './versioned-file.ts';

/** One readable file of the data directory that the user, too, may edit. Keeps the last valid content. */
export class DataFile<S extends z.ZodType> {
  readonly #file: VersionedFile<S>;
  readonly #empty: z.output<S>;
  readonly #now: () => number;
  readonly #report: (notice: Notice) => void;
  #data: z.output<S>;

  /** Reads the file. `report` is called with each thing the user should know about it. */
  constructor(file: VersionedFile<S>, empty: z.output<S>, now: () => number, report: (notice: Notice) => void) {
    this.#file = file;
    this.#empty = empty;
    this.#now = now;
    this.#report = report;
    const { data, notice } = readVersioned(file, now());
    if (notice) report(notice);
    this.#data = data ?? empty;
  }

  get path(): string {
    return this.#file.path;
  }

  get data(): z.output<S> {
    return this.#data;
  }

  /** Applies a change to what the file holds now, and saves it. */
  update(change: (current: z.output<S>) => z.output<S>): void {
    const { data, notice } = updateVersioned(
      this.#file,
      this.#now(),
      (current) => change(current ?? this.#empty),
      this.#data,
    );
    this.#data = data;
    if (notice) this.#report(notice);
  }

  /**
   * Takes over what somebody else wrote. A removed file changes nothing, because an editor may be about to write it anew.
   * Invalid content stays in the file until the next update keeps it under another name.
   */
  reload(): { changed: boolean; problem: string | null } {
    const content = parseVersioned(this.#file, this.#data);
    const data = content.data ?? this.#data;
    const changed = JSON.stringify(data) !== JSON.stringify(this.#data);
    this.#data = data;
    return { changed, problem: content.status === 'invalid' ? content.reason : null };
  }
}
