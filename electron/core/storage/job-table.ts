import { z } from 'zod';
import { type Instance, instanceSchema } from '../../shared/instances.ts';
import type { Database } from './database.ts';
import { type JobRecord, jobRecordSchema } from './job-record.ts';
import type { HistoryCondition, StoredJob } from './types.ts';
import type { UnreadableRows } from './unreadable-rows.ts';

const recordRowSchema = z.object({ id: z.string(), value: z.string() });
const rowSchema = z.object({ id: z.string(), record: z.string().nullable(), instance: z.string().nullable() });

/** Every job: those that were made here, and instances of their kind that were launched otherwise. */
const jobRows = `select jobs.id, jobs.cluster_id, jobs.created_at, jobs.archived, jobs.search, instances.state,
    jobs.value as record, instances.value as instance
  from jobs left join instances on instances.id = jobs.id and instances.removed = 0
  union all
  select id, cluster_id, created_at, 0, search, state, null, value
  from instances where kind = 'job' and removed = 0 and id not in (select id from jobs)`;

/** The batch jobs that this computer keeps. */
export class JobTable {
  readonly #database: Database;
  readonly #unreadable: UnreadableRows;

  constructor(database: Database, unreadable: UnreadableRows) {
    this.#database = database;
    this.#unreadable = unreadable;
  }

  /** In one statement, so that of two jobs with one key only the first is kept. */
  save(record: JobRecord): void {
    const { id, key, clusterId, name, createdAt, submittedAt, archived } = record;
    this.#database.run(
      `insert into jobs values (?, ?, ?, ?, ?, ?, ?, ?, ?)
       on conflict (id) do update set name = excluded.name, submitted_at = excluded.submitted_at,
         archived = excluded.archived, search = excluded.search, value = excluded.value`,
      id,
      key,
      clusterId,
      name,
      createdAt,
      submittedAt,
      archived ? 1 : 0,
      searchText(record),
      JSON.stringify(record),
    );
  }

  find(id: string): JobRecord | null {
    return this.#records('select id, value from jobs where id = ?', id)[0] ?? null;
  }

  findByKey(key: string): JobRecord | null {
    return this.#records('select id, value from jobs where key = ?', key)[0] ?? null;
  }

  /** Those that were never submitted, newest first. */
  unsubmitted(limit: number): JobRecord[] {
    const sql = `select id, value from jobs where archived = 0
      and not exists (select 1 from instances where instances.id = jobs.id and instances.removed = 0)
      order by created_at desc, id desc limit ?`;
    return this.#records(sql, limit);
  }

  /** Newest first. */
  page({ where, parameters }: HistoryCondition, limit: number): StoredJob[] {
    const condition = where.length === 0 ? '' : `where ${where.join(' and ')}`;
    const sql = `select id, record, instance from (${jobRows}) ${condition} order by created_at desc, id desc limit ?`;
    return this.#database.all(rowSchema, sql, ...parameters, limit).flatMap(({ id, record, instance }) => {
      const stored = {
        record: record === null ? null : this.#parse({ id, value: record }),
        instance: instance === null ? null : parseInstance(instance),
      };
      return stored.record || stored.instance ? [stored] : [];
    });
  }

  remove(id: string): void {
    this.#database.run('delete from jobs where id = ?', id);
  }

  #records(sql: string, ...parameters: (string | number)[]): JobRecord[] {
    return this.#database.all(recordRowSchema, sql, ...parameters).flatMap((row) => this.#parse(row) ?? []);
  }

  #parse({ id, value }: { id: string; value: string }): JobRecord | null {
    return this.#unreadable.parse('jobs', id, () => jobRecordSchema.parse(JSON.parse(value)));
  }
}

/** What a search looks into, lower case. */
const searchText = ({ name, values, clusterName, id }: JobRecord): string =>
  [name, values?.recipe ?? '', clusterName, id].join('\n').toLowerCase();

/** Pages are without logs. One that cannot be read is kept by the table of instances. */
function parseInstance(value: string): Instance | null {
  try {
    return instanceSchema.parse({ ...JSON.parse(value), logTail: '' });
  } catch (error) {
    if (error instanceof z.ZodError || error instanceof SyntaxError) return null;
    throw error;
  }
}
