import { AppError } from '../../shared/errors.ts';
import type { Clock } from '../deps.ts';
import { type JobAnswers, unreadable } from '../launchers/common/job-answer.ts';
import type { JobHandle, Launcher } from '../launchers/common/launcher.ts';
import { parseLoginId } from '../launchers/login/index.ts';
import { isPassing } from '../ssh/pool/reconnect-policy.ts';
import type { Connection, HopReason, Lease } from '../ssh/types.ts';

const TRY_AGAIN = 60_000;

/**
 * Behind one name there may be several login nodes, and an app of the login launcher runs on one of them. Where this
 * connection reached another one, the app is asked about and ended through a hop to its node by its name. The hops live as
 * long as the connection they began at; a node that cannot be reached is tried again after a minute, one that lets nobody in
 * only with the next connection: servers lock accounts after some refusals.
 */
export class LoginNodeHops {
  readonly #clock: Clock;
  #from: Connection | null = null;
  readonly #hops = new Map<string, Promise<Lease>>();
  readonly #refused = new Map<string, { until: number; error: AppError }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async #connect(from: Connection, node: string, signal: AbortSignal, reason: HopReason): Promise<Connection> {
    if (this.#from !== from) this.release();
    this.#from = from;
    const refused = this.#refused.get(node);
    if (reason === 'poll' && refused && refused.until > this.#clock.now()) throw refused.error;
    const known = this.#hops.get(node);
    const lease = known ?? from.hop(node, signal, reason);
    if (!known) this.#hops.set(node, lease);
    try {
      const { connection } = await lease;
      if (!connection.closed.aborted) return connection;
    } catch (cause) {
      if (this.#hops.get(node) === lease) this.#hops.delete(node);
      const error = AppError.from(cause);
      if (!signal.aborted && !from.closed.aborted) {
        const until = isPassing(error) ? this.#clock.now() + TRY_AGAIN : Number.POSITIVE_INFINITY;
        this.#refused.set(node, { until, error });
      }
      throw error;
    }
    if (this.#hops.get(node) === lease) {
      this.#hops.delete(node);
      (await lease).release();
    }
    return this.#connect(from, node, signal, reason);
  }

  /** As the launcher's own; an app elsewhere is asked about there. Where that fails its reason says so. */
  async poll(
    launcher: Launcher,
    from: Connection,
    jobs: readonly JobHandle[],
    signal: AbortSignal,
  ): Promise<JobAnswers> {
    const answers = await launcher.poll(from, jobs, signal);
    const away = new Map<string, JobHandle[]>();
    for (const job of jobs) {
      const node = parseLoginId(job.id)?.node;
      if (answers.get(job.id)?.kind === 'unreadable' && node !== undefined) {
        away.set(node, [...(away.get(node) ?? []), job]);
      }
    }
    await Promise.all(
      [...away].map(async ([node, there]) => {
        try {
          const connection = await this.#connect(from, node, signal, 'poll');
          for (const [id, answer] of await launcher.poll(connection, there, signal)) answers.set(id, answer);
        } catch (error) {
          for (const { id } of there) {
            const answer = answers.get(id);
            if (answer?.kind !== 'unreadable') continue;
            const reason = `${answer.reason}; ${node} was not reached from there: ${AppError.from(error).message}`;
            answers.set(id, unreadable(reason, answer.detail));
          }
        }
      }),
    );
    return answers;
  }

  /** As the launcher's own, on the node where the app runs. */
  async cancel(
    launcher: Launcher,
    from: Connection,
    job: JobHandle,
    how: 'ask' | 'now',
    signal: AbortSignal,
  ): Promise<void> {
    try {
      await launcher.cancel(from, [job], how, signal);
    } catch (cause) {
      const conflict = AppError.from(cause);
      const node = parseLoginId(job.id)?.node;
      if (launcher.name !== 'login' || conflict.code !== 'conflict' || node === undefined) throw conflict;
      let there: Connection;
      try {
        there = await this.#connect(from, node, signal, 'user');
      } catch (error) {
        throw new AppError(conflict.code, conflict.message, {
          hint: conflict.hint,
          detail: `${node} was not reached from there: ${AppError.from(error).message}`,
          cause: error,
        });
      }
      await launcher.cancel(there, [job], how, signal);
    }
  }

  release(): void {
    for (const lease of this.#hops.values()) {
      // A hop that was never made holds nothing; whoever asked for it got the error.
      lease.then(
        (made) => made.release(),
        () => undefined,
      );
    }
    this.#hops.clear();
    this.#refused.clear();
    this.#from = null;
  }
}
