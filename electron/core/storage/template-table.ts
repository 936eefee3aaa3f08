import { z } from 'zod';
import { type JobTemplate, jobTemplateSchema } from '../../shared/job-templates.ts';
import type { Database } from './database.ts';
import type { UnreadableRows } from './unreadable-rows.ts';

const rowSchema = z.object({ id: z.string(), name: z.string(), value: z.string() });
/** A later version of what a row holds has another number. */
const valueSchema = jobTemplateSchema.omit({ id: true, name: true }).extend({ version: z.literal(1) });

/** The templates of jobs. */
export class TemplateTable {
  readonly #database: Database;
  readonly #unreadable: UnreadableRows;

  constructor(database: Database, unreadable: UnreadableRows) {
    this.#database = database;
    this.#unreadable = unreadable;
  }

  save({ id, name, ...value }: JobTemplate): void {
    this.#database.run(
      `insert into job_templates values (?, ?, ?)
       on conflict (id) do update set name = excluded.name, value = excluded.value`,
      id,
      name,
      JSON.stringify({ version: 1, ...value }),
    );
  }

  /** By name. */
  list(): JobTemplate[] {
    const rows = this.#database.all(rowSchema, 'select id, name, value from job_templates order by name, id');
    return rows.flatMap((row) => this.#parse(row) ?? []);
  }

  remove(id: string): void {
    this.#database.run('delete from job_templates where id = ?', id);
  }

  #parse({ id, name, value }: z.infer<typeof rowSchema>): JobTemplate | null {
    return this.#unreadable.parse('job_templates', id, () => {
      const { version: _version, ...read } = valueSchema.parse(JSON.parse(value));
      return { id, name, ...read };
    });
  }
}
