import { z } from 'zod';
import { type Transition, transitionSchema } from '../../shared/transitions.ts';
import type { Database } from './database.ts';

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
  list({ after, limit: most }: { after?: number; limit: number }): Transition[] {
    const rows =
      after === undefined
        ? this.#database.all(rowSchema, 'select value from transitions order by number desc limit ?', most).reverse()
        : this.#database.all(
            rowSchema,
            'select value from transitions where number > ? order by number limit ?',
            after,
            most,
          );
    return rows.flatMap(({ value }) => transitionSchema.safeParse(JSON.parse(value)).data ?? []);
  }
}
