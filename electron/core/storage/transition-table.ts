import { z } from 'zod';
import { type Transition, transitionSchema } from '../../shared/transitions.ts';
import type { Database } from './database.ts';
import type { WantedTransitions } from './types.ts';

/** Transitions kept on disk. */
const limit = 5000;

const rowSchema = z.object({ value: z.string() });

/** What happened to instances and clusters, in the order in which it happened. */
export class TransitionTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  add(transition: Transition): void {
    const { id, at, kind, instanceId, clusterId } = transition;
    const sql =
      'insert or replace into transitions (number, at, kind, instance_id, cluster_id, value) values (?, ?, ?, ?, ?, ?)';
    this.#database.run(sql, id, at, kind, instanceId, clusterId, JSON.stringify(transition));
    this.#database.run('delete from transitions where number <= ?', id - limit);
  }

  /** Oldest first: those after the one with this id, or the newest. */
  list({ after, limit: most, clusters = null }: WantedTransitions): Transition[] {
    const conditions = [
      ...(after === undefined ? [] : ['number > ?']),
      ...(clusters === null ? [] : ['cluster_id in (select value from json_each(?))']),
    ];
    const parameters = [
      ...(after === undefined ? [] : [after]),
      ...(clusters === null ? [] : [JSON.stringify(clusters)]),
    ];
    const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
    const order = after === undefined ? 'desc' : 'asc';
    const sql = `select value from transitions ${where} order by number ${order} limit ?`;
    const rows = this.#database.all(rowSchema, sql, ...parameters, most);
    if (after === undefined) rows.reverse();
    return rows.flatMap(({ value }) => transitionSchema.safeParse(JSON.parse(value)).data ?? []);
  }
}
