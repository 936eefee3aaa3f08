import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { storageError } from '../../client/storage-error.ts';
import { serializedErrorSchema } from '../../shared/error-schemas.ts';
import { conflictChoiceSchema } from '../../shared/transfers.ts';

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

const planSchema = z.object({ items: z.array(itemSchema), failures: z.array(failureSchema) });
export type StoredPlan = z.infer<typeof planSchema>;

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

/**
 * The files of a transfer and what became of them, in a folder of the data directory. Entries are added at the end, so that a
 * process that is killed leaves all but perhaps the last one.
 */
export class Journal {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get #planFile(): string {
    return join(this.#folder, 'plan.json');
  }

  get #entryFile(): string {
    return join(this.#folder, 'journal');
  }

  /** null: no files were listed yet. */
  read(): { plan: StoredPlan; entries: JournalEntry[] } | null {
    return this.#guard(() => {
      if (!existsSync(this.#planFile)) return null;
      const plan = planSchema.parse(JSON.parse(readFileSync(this.#planFile, 'utf8')));
      const text = existsSync(this.#entryFile) ? readFileSync(this.#entryFile, 'utf8') : '';
      return { plan, entries: text.split('\n').flatMap(parseEntry) };
    });
  }

  /** Begins anew. */
  write(plan: StoredPlan, entries: readonly JournalEntry[]): void {
    this.#guard(() => {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      rmSync(this.#planFile, { force: true });
      writeFileSync(this.#entryFile, entries.map(asLine).join(''), { mode: 0o600 });
      const temporary = `${this.#planFile}.new`;
      writeFileSync(temporary, JSON.stringify(plan), { mode: 0o600 });
      renameSync(temporary, this.#planFile);
    });
  }

  add(entry: JournalEntry): void {
    this.#guard(() => appendFileSync(this.#entryFile, asLine(entry), { mode: 0o600 }));
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
