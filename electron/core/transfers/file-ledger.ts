import type { AppError, SerializedError } from '../../shared/errors.ts';
import type { ConflictChoice, FileFailure } from '../../shared/transfers.ts';
import type { Journal, JournalEntry, StoredPlan } from './journal.ts';
import type { Plan } from './make-plan.ts';
import type { PlannedItem } from './types.ts';

export type Outcome = 'open' | 'done' | 'skipped' | 'failed';

/** Written between two entries of a part, so that a large file makes few. */
const PART_STEP = 1024 * 1024;

interface Entry {
  readonly item: PlannedItem;
  outcome: Outcome;
  choice: ConflictChoice | null;
  /** Bytes of its part that are written. */
  part: number;
  notedPart: number;
  /** Its part may be there. */
  isBegun: boolean;
  /** It has another name, or another source, than was planned. */
  isRenamed: boolean;
  isRefreshed: boolean;
  error: SerializedError | null;
}

export interface FileCounts {
  total: number;
  done: number;
  failed: number;
  skipped: number;
}

/** The files of a transfer and what became of each, kept in its journal. */
export class FileLedger {
  readonly #journal: Journal;
  readonly #entries: Entry[];
  readonly #failures: FileFailure[];
  readonly files: FileCounts = { total: 0, done: 0, failed: 0, skipped: 0 };
  readonly bytes = { total: 0, done: 0 };

  private constructor(journal: Journal, plan: StoredPlan, entries: readonly JournalEntry[]) {
    this.#journal = journal;
    this.#entries = plan.items.map((item) => ({
      item: { ...item },
      outcome: 'open',
      choice: null,
      part: 0,
      notedPart: 0,
      isBegun: false,
      isRenamed: false,
      isRefreshed: false,
      error: null,
    }));
    this.#failures = [...plan.failures];
    this.files.total = plan.failures.length;
    this.files.failed = plan.failures.length;
    for (const { item } of this.#entries) this.#count(item, 1);
    for (const entry of entries) this.#apply(entry);
  }

  /** null: the files were not listed yet. */
  static async open(journal: Journal): Promise<FileLedger | null> {
    const stored = await journal.read();
    return stored && new FileLedger(journal, stored.plan, stored.entries);
  }

  /** `before`: what was copied by it, and has not changed since, is not copied again. */
  static async create(journal: Journal, plan: Plan, before: FileLedger | null): Promise<FileLedger> {
    const stored = {
      items: plan.items,
      failures: plan.failures.map(({ path, error }) => ({ path, error: error.serialize() })),
    };
    const known = new Map(before?.entriesBySource() ?? []);
    const entries = plan.items.flatMap((item, index): JournalEntry[] => {
      const old = known.get(item.source);
      const isSame = old && old.item.size === item.size && old.item.modified === item.modified;
      if (!isSame) return [];
      const target: JournalEntry[] = old.item.target === item.target ? [] : [['target', index, old.item.target]];
      if (old.outcome === 'done' || old.outcome === 'skipped') return [...target, [old.outcome, index]];
      const choice: JournalEntry[] = old.choice ? [['choice', index, old.choice]] : [];
      return [...target, ...choice, ...(old.part > 0 ? [['part', index, old.part] satisfies JournalEntry] : [])];
    });
    await journal.write(stored, entries);
    return new FileLedger(journal, stored, entries);
  }

  get size(): number {
    return this.#entries.length;
  }

  get failures(): readonly FileFailure[] {
    return this.#failures;
  }

  *entriesBySource(): Iterable<[string, Readonly<Entry>]> {
    for (const entry of this.#entries) yield [entry.item.source, entry];
  }

  /** Indexes of those that nothing became of yet. */
  open(): number[] {
    return [...this.#entries.keys()].filter((index) => this.#at(index).outcome === 'open');
  }

  get hasOpen(): boolean {
    return this.#entries.some(({ outcome }) => outcome === 'open');
  }

  isOpen(index: number): boolean {
    return this.#at(index).outcome === 'open';
  }

  item(index: number): PlannedItem {
    return this.#at(index).item;
  }

  choice(index: number): ConflictChoice | null {
    return this.#at(index).choice;
  }

  part(index: number): number {
    return this.#at(index).part;
  }

  settle(index: number, outcome: 'done' | 'skipped'): void {
    this.#add([outcome, index]);
  }

  fail(index: number, error: AppError): void {
    this.#add(['failed', index, error.serialize()]);
  }

  choose(index: number, choice: ConflictChoice): void {
    this.#add(['choice', index, choice]);
  }

  rename(index: number, target: string): void {
    this.#add(['target', index, target]);
  }

  /** Indexes of those whose part may be there. */
  begun(): number[] {
    return this.open().filter((index) => this.#at(index).isBegun);
  }

  /** Its part is written from here on. */
  begin(index: number, offset: number): void {
    this.#add(['part', index, offset]);
  }

  /** The file is another one than was listed. */
  refresh(index: number, { size, modified }: Pick<PlannedItem, 'size' | 'modified'>): void {
    this.#add(['source', index, size, modified]);
  }

  /** So many bytes of its part are written, from its beginning on. */
  notePart(index: number, end: number): void {
    const entry = this.#at(index);
    this.#setPart(entry, end);
    if (Math.abs(end - entry.notedPart) < PART_STEP) return;
    entry.notedPart = end;
    this.#append(['part', index, end]);
  }

  /** What became of them so far is on the disk. */
  sync(): Promise<void> {
    return this.#journal.sync();
  }

  #add(entry: JournalEntry): void {
    this.#apply(entry);
    this.#append(entry);
  }

  #append(entry: JournalEntry): void {
    this.#journal.add(entry);
    if (this.#journal.isLong) this.#journal.rewrite(this.#entries.flatMap(entriesOf));
  }

  #at(index: number): Entry {
    const entry = this.#entries[index];
    if (!entry) throw new RangeError(`A transfer has no file ${index}.`);
    return entry;
  }

  #apply(change: JournalEntry): void {
    const entry = this.#entries[change[1]];
    if (!entry) return;
    switch (change[0]) {
      case 'choice':
        entry.choice = change[2];
        return;
      case 'target':
        entry.isRenamed = true;
        entry.item.target = change[2];
        entry.item.existing = null;
        return;
      case 'part':
        this.#setPart(entry, change[2]);
        entry.notedPart = change[2];
        entry.isBegun = true;
        return;
      case 'source':
        entry.isRefreshed = true;
        this.#count(entry.item, -1);
        Object.assign(entry.item, { size: change[2], modified: change[3] });
        this.#count(entry.item, 1);
        return;
      case 'failed':
        entry.error = change[2];
        this.#failures.push({ path: entry.item.source, error: change[2] });
    }
    this.#settle(entry, change[0]);
  }

  #setPart(entry: Entry, end: number): void {
    if (entry.outcome !== 'open') return;
    this.bytes.done += end - entry.part;
    entry.part = end;
  }

  #settle(entry: Entry, outcome: Outcome): void {
    if (entry.outcome !== 'open') return;
    const { item } = entry;
    this.#setPart(entry, outcome === 'done' && item.kind === 'file' ? item.size : 0);
    entry.outcome = outcome;
    if (item.kind === 'folder' || outcome === 'open') {
      if (outcome === 'failed') {
        this.files.total += 1;
        this.files.failed += 1;
      }
      return;
    }
    this.files[outcome] += 1;
    if (outcome !== 'done' && item.kind === 'file') this.bytes.total -= item.size;
  }

  #count({ kind, size }: PlannedItem, sign: 1 | -1): void {
    if (kind === 'folder') return;
    this.files.total += sign;
    if (kind === 'file') this.bytes.total += sign * size;
  }
}

/** The fewest entries that make of a planned file what this one is. */
function entriesOf(entry: Entry, index: number): JournalEntry[] {
  const { item, outcome, choice, part, isBegun, isRenamed, isRefreshed, error } = entry;
  const entries: JournalEntry[] = [];
  if (isRefreshed) entries.push(['source', index, item.size, item.modified]);
  if (isRenamed) entries.push(['target', index, item.target]);
  if (choice) entries.push(['choice', index, choice]);
  if (outcome === 'done' || outcome === 'skipped') entries.push([outcome, index]);
  else if (error) entries.push(['failed', index, error]);
  else if (isBegun) entries.push(['part', index, part]);
  return entries;
}
