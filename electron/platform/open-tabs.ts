import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { AppError } from '../shared/errors.ts';
import type { AppState, EngineState } from '../shared/state.ts';

const tabsSchema = z.object({ open: z.array(z.string()), selected: z.string().nullable() });
type Tabs = z.infer<typeof tabsSchema>;

interface OpenTabsOptions {
  file: string;
  /** Opens a view without showing it. */
  open(id: string): Promise<void>;
  show(id: string): void;
  onFailed(error: unknown): void;
}

/** Remembers which views are open, and opens those of apps that still run after a restart. */
export class OpenTabs {
  readonly #options: OpenTabsOptions;
  readonly #waiting: Set<string>;
  readonly #selected: string | null;
  #isFrozen = false;
  /** A view was shown since the start. */
  #isOneShown = false;
  #last: string;

  constructor(options: OpenTabsOptions) {
    this.#options = options;
    const tabs = readTabs(options.file);
    this.#waiting = new Set(tabs.open);
    this.#selected = tabs.selected;
    this.#last = JSON.stringify(tabs);
  }

  /** Takes note of the views as they are now; those that wait to be opened again stay remembered. */
  save({ list, selected }: AppState['views']): void {
    if (this.#isFrozen) return;
    if (selected !== null) this.#isOneShown = true;
    const open = [...new Set([...list.map(({ instanceId }) => instanceId), ...this.#waiting])];
    // Until the one that was in front is back, it is remembered as such.
    const isPending = !this.#isOneShown && this.#selected !== null && open.includes(this.#selected);
    const shown = list.find(({ id }) => id === selected)?.instanceId ?? null;
    const tabs: Tabs = { open, selected: isPending ? this.#selected : shown };
    const text = JSON.stringify(tabs);
    if (text === this.#last) return;
    this.#last = text;
    try {
      const temporary = `${this.#options.file}.${process.pid}`;
      writeFileSync(temporary, text, { mode: 0o600 });
      renameSync(temporary, this.#options.file);
    } catch (error) {
      this.#options.onFailed(error);
    }
  }

  /** From now on views close because the window does, so that they are still remembered. */
  freeze(): void {
    this.#isFrozen = true;
  }

  /** Opens what can be opened by now; an app that is over is forgotten. */
  async restore({ instances }: Pick<EngineState, 'instances'>): Promise<void> {
    for (const id of [...this.#waiting]) {
      const state = instances.find((instance) => instance.id === id)?.state;
      if (state === 'ready') await this.#restore(id);
      else if (state === undefined || state === 'ended' || state === 'failed') this.#waiting.delete(id);
    }
  }

  async #restore(id: string): Promise<void> {
    this.#waiting.delete(id);
    try {
      await this.#options.open(id);
      // It was in front, and nothing else is by now.
      if (id === this.#selected && !this.#isOneShown) this.#options.show(id);
    } catch (error) {
      // The gateway does not know the app yet: the next change of state tries again.
      const { code } = AppError.from(error);
      if (code === 'not-found' || code === 'engine-down') this.#waiting.add(id);
      else this.#options.onFailed(error);
    }
  }
}

function readTabs(file: string): Tabs {
  try {
    return tabsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // None were open, or the file cannot be read: nothing is lost but the tabs.
    return { open: [], selected: null };
  }
}
