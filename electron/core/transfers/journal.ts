import {
  appendFileSync,
  closeSync,
  existsSync,
  fdatasyncSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { errorCode, storageError } from '../../client/storage-error.ts';
import { serializedErrorSchema } from '../../shared/error-schemas.ts';
import { conflictChoiceSchema } from '../../shared/transfers.ts';
import { linesOf, writeLines } from './line-files.ts';
import { syncFolder } from './sync-folder.ts';

const kindSchema = z.enum(['folder', 'file', 'link', 'other']);

const itemSchema = z.object({
  kind: kindSchema.exclude(['other']),
  name: z.string(),
  source: z.string(),
  target: z.string(),
  size: z.number(),
  modified: z.number(),
  mode: z.number(),
  link: z.string().nullable(),
  existing: z.object({ kind: kindSchema, leadsTo: kindSchema, size: z.number(), modified: z.number() }).nullable(),
});

const failureSchema = z.object({ path: z.string(), error: serializedErrorSchema });

const planLineSchema = z.union([
  z.tuple([z.literal('item'), itemSchema]),
  z.tuple([z.literal('failure'), failureSchema]),
]);
export interface StoredPlan {
  items: z.infer<typeof itemSchema>[];
  failures: z.infer<typeof failureSchema>[];
}

const index = z.number().int().min(0);

const entrySchema = z.union([
  z.tuple([z.literal('done'), index]),
  z.tuple([z.literal('skipped'), index]),
  z.tuple([z.literal('failed'), index, serializedErrorSchema]),
  /** What the user wants for a file that is there already. */
  z.tuple([z.literal('choice'), index, conflictChoiceSchema]),
  /** It gets another name than planned. */
  z.tuple([z.literal('target'), index, z.string()]),
  /** So many bytes of its part are written. */
  z.tuple([z.literal('part'), index, z.number()]),
  /** The file has another size and time than was planned. */
  z.tuple([z.literal('source'), index, z.number(), z.number()]),
]);
export type JournalEntry = z.infer<typeof entrySchema>;

/** Entries that are added before it is worth writing it anew. */
const LEAST_GROWTH = 10_000;

/**
 * The files of a transfer and what became of them, in a folder of the data directory, a line each: a transfer may have more of
 * them than one string holds. Entries are added at the end, so that a process that is killed leaves all but perhaps the last one.
 */
export class Journal {
  readonly #folder: string;
  /** Since it was written anew, and then. */
  #entries = 0;
  #entriesThen = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get #planFile(): string {
    return join(this.#folder, 'plan');
  }

  get #entryFile(): string {
    return join(this.#folder, 'journal');
  }

  /** Most of its entries are of no more use. */
  get isLong(): boolean {
    return this.#entries > 2 * this.#entriesThen + LEAST_GROWTH;
  }

  /** null: no files were listed yet. */
  async read(): Promise<{ plan: StoredPlan; entries: JournalEntry[] } | null> {
    try {
      if (!existsSync(this.#planFile)) return null;
      const plan: StoredPlan = { items: [], failures: [] };
      for await (const lines of linesOf(this.#planFile)) {
        for (const line of lines) addToPlan(plan, line);
      }
      const entries: JournalEntry[] = [];
      if (existsSync(this.#entryFile)) {
        for await (const lines of linesOf(this.#entryFile)) {
          for (const line of lines) entries.push(...parseEntry(line));
        }
      }
      this.#entries = entries.length;
      this.#entriesThen = 0;
      return { plan, entries };
    } catch (cause) {
      throw storageError(this.#folder, cause);
    }
  }

  /** Begins anew. */
  async write(plan: StoredPlan, entries: readonly JournalEntry[]): Promise<void> {
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      rmSync(this.#planFile, { force: true });
      this.rewrite(entries);
      const temporary = `${this.#planFile}.new`;
      await writeLines(temporary, planLines(plan));
      renameSync(temporary, this.#planFile);
      await syncFolder(this.#folder);
    } catch (cause) {
      throw storageError(this.#folder, cause);
    }
  }

  /** Puts these in place of all its entries. */
  rewrite(entries: readonly JournalEntry[]): void {
    this.#guard(() => {
      const temporary = `${this.#entryFile}.new`;
      const file = openSync(temporary, 'w', 0o600);
      try {
        for (let at = 0; at < entries.length; at += 10_000) {
          // Unlike a single write it goes on where a nearly full disk takes a part only.
          writeFileSync(
            file,
            entries
              .slice(at, at + 10_000)
              .map(asLine)
              .join(''),
          );
        }
        fdatasyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(temporary, this.#entryFile);
    });
    this.#entries = entries.length;
    this.#entriesThen = entries.length;
  }

  add(entry: JournalEntry): void {
    this.#guard(() => appendFileSync(this.#entryFile, asLine(entry), { mode: 0o600 }));
    this.#entries += 1;
  }

  /** Its entries are on the disk, and stay where the computer loses its power. */
  async sync(): Promise<void> {
    try {
      const file = await open(this.#entryFile, 'r+');
      await file.datasync().finally(() => file.close());
    } catch (cause) {
      // It is over, and the journal removed.
      if (errorCode(cause) !== 'ENOENT') throw storageError(this.#folder, cause);
    }
  }

  remove(): void {
    this.#guard(() => rmSync(this.#folder, { recursive: true, force: true }));
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      throw storageError(this.#folder, cause);
    }
  }
}

function addToPlan(plan: StoredPlan, line: string): void {
  if (line === '') return;
  const [kind, value] = planLineSchema.parse(JSON.parse(line));
  if (kind === 'item') plan.items.push(value);
  else plan.failures.push(value);
}

function* planLines({ items, failures }: StoredPlan): Iterable<string> {
  for (const item of items) yield JSON.stringify(['item', item]);
  for (const failure of failures) yield JSON.stringify(['failure', failure]);
}

/** Begins a line of its own after one that was cut. */
const asLine = (entry: JournalEntry): string => `\n${JSON.stringify(entry)}`;

/** The last line may be cut where the process was killed. */
function parseEntry(line: string): JournalEntry[] {
  try {
    return [entrySchema.parse(JSON.parse(line))];
  } catch {
    return [];
  }
}
