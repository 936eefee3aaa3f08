import { z } from 'zod';
import type { RecipeUse } from '../../shared/contract/history.ts';
import { type Instance, instanceSchema } from '../../shared/instances.ts';
import type { Database } from './database.ts';
import type { HistoryCondition, StoredInstance } from './types.ts';
import type { UnreadableRows } from './unreadable-rows.ts';

const rowSchema = z.object({ id: z.string(), removed: z.number(), value: z.string(), log_tail: z.string() });
type Row = z.infer<typeof rowSchema>;
const useSchema = z.object({ recipe: z.string(), times: z.number(), lastAt: z.number() });

const select = 'select id, removed, value, log_tail from instances';
/** Without the log's tail, which is read for one instance at a time. */
const selectShort = "select id, removed, value, '' as log_tail from instances";

/** The instances that this computer knows, live and ended. */
export class InstanceTable {
  readonly #database: Database;
  readonly #unreadable: UnreadableRows;

  constructor(database: Database, unreadable: UnreadableRows) {
    this.#database = database;
    this.#unreadable = unreadable;
  }

  save({ instance, removed }: StoredInstance): void {
    const { logTail, ...value } = instance;
    this.#database.run(
      'insert or replace into instances values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      instance.id,
      instance.clusterId,
      instance.clusterName,
      instance.recipe,
      instance.title,
      instance.launcher,
      instance.state,
      instance.kind,
      instance.createdAt,
      instance.job?.startedAt ?? null,
      instance.endedAt,
      removed ? 1 : 0,
      searchText(instance),
      logTail,
      JSON.stringify(value),
    );
  }

  find(id: string): StoredInstance | null {
    return this.#parse(this.#database.all(rowSchema, `${select} where id = ?`, id))[0] ?? null;
  }

  live(): Instance[] {
    return this.#instances(`${select} where removed = 0 and ended_at is null`);
  }

  /** Those that ended last, without their logs. */
  recentEnded(limit: number): Instance[] {
    const order = 'where removed = 0 and ended_at is not null order by ended_at desc limit ?';
    return this.#instances(`${selectShort} ${order}`, limit);
  }

  /** Newest first, without their logs. */
  page({ where, parameters }: HistoryCondition, limit: number): Instance[] {
    const condition = ['removed = 0', ...where].join(' and ');
    const sql = `${selectShort} where ${condition} order by created_at desc, id desc limit ?`;
    return this.#instances(sql, ...parameters, limit);
  }

  recipeUse(): RecipeUse[] {
    const sql = 'select recipe, count(*) as times, max(created_at) as lastAt from instances group by recipe';
    return this.#database.all(useSchema, sql);
  }

  #instances(sql: string, ...parameters: (string | number)[]): Instance[] {
    return this.#parse(this.#database.all(rowSchema, sql, ...parameters)).map(({ instance }) => instance);
  }

  #parse(rows: Row[]): StoredInstance[] {
    return rows.flatMap((row) => this.#unreadable.parse('instances', row.id, () => parseRow(row)) ?? []);
  }
}

/** What a search looks into, lower case. */
const searchText = ({ title, recipe, clusterName, id }: Instance): string =>
  [title, recipe, clusterName, id].join('\n').toLowerCase();

/** @throws ZodError, SyntaxError */
function parseRow(row: Row): StoredInstance {
  const instance = instanceSchema.parse({ ...JSON.parse(row.value), logTail: row.log_tail });
  return { instance, removed: row.removed === 1 };
}
