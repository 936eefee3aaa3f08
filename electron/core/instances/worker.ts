import { AppError } from '../../shared/errors.ts';
import type { JobStatus } from '../../shared/instances.ts';
import type { LauncherName } from '../../shared/kinds.ts';
import type { JobHandle } from '../launchers/common/launcher.ts';
import type { Connection, Lease } from '../ssh/types.ts';
import { observe } from './directory.ts';
import { LoginNodes } from './login-nodes.ts';
import type { Member } from './member.ts';
import { lookDelay, pollDelay, pollMinimum } from './poll-policy.ts';
import type { InstancesDeps } from './types.ts';

const TRIES = 5;

/** When a launcher's jobs are asked about; times are epoch ms. */
interface Turn {
  /** The last question's beginning. */
  askedAt: number;
  /** Not before; what somebody wants to know now is due as soon as the minimum has passed. */
  dueAt: number;
  failures: number;
}

/** One for each cluster with live instances: holds its connection, and asks about all of them in two runs a round. */
export class ClusterWorker {
  readonly clusterId: string;
  readonly #deps: InstancesDeps;
  readonly #members: () => Member[];
  readonly #life = new AbortController();
  #lease: Lease | null = null;
  #wake: AbortController | null = null;
  #kicked = false;
  #looping = false;
  readonly #turns = new Map<LauncherName, Turn>();
  readonly #nodes: LoginNodes;

  constructor(clusterId: string, deps: InstancesDeps, members: () => Member[]) {
    this.clusterId = clusterId;
    this.#deps = deps;
    this.#members = members;
    this.#nodes = new LoginNodes(deps.clock);
  }

  get connection(): Connection | null {
    const connection = this.#lease?.connection;
    return connection && !connection.closed.aborted ? connection : null;
  }

  /** The shared connection, made if there is none; it stays while an instance of this cluster is live. */
  async connect(signal: AbortSignal): Promise<Connection> {
    const live = this.connection;
    if (live) return live;
    return this.#adopt(await this.#deps.connections.acquire(this.clusterId, signal));
  }

  #adopt(lease: Lease): Connection {
    if (this.#life.signal.aborted) {
      lease.release();
      throw new AppError('cancelled', 'The app is closing.');
    }
    const live = this.connection;
    if (live) {
      lease.release();
      return live;
    }
    const { connection } = lease;
    // The old lease goes last: with none held the connection would be let go in between.
    const old = this.#lease;
    this.#lease = lease;
    old?.release();
    if (connection.closed.aborted) this.#onClosed();
    else connection.closed.addEventListener('abort', () => this.#onClosed(), { once: true });
    this.kick();
    return connection;
  }

  /** Runs what can safely run twice, again after a reconnect if the connection died under it. */
  async run<T>(work: (connection: Connection) => Promise<T>, signal: AbortSignal): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const connection = await this.connect(signal);
      try {
        return await work(connection);
      } catch (error) {
        const lost = connection.closed.aborted || AppError.from(error).code === 'connection-lost';
        if (!lost || signal.aborted || attempt === TRIES) throw error;
        await this.#deps.clock.sleep(200 * attempt, signal);
      }
    }
  }

  /** Ends a job, wherever behind this connection it runs. */
  async cancel(
    connection: Connection,
    name: LauncherName,
    job: JobHandle,
    how: 'ask' | 'now',
    signal: AbortSignal,
  ): Promise<void> {
    await this.#nodes.cancel(this.#deps.launchers[name], connection, job, how, signal);
  }

  #onClosed(): void {
    this.#nodes.release();
    if (this.#life.signal.aborted) return;
    for (const member of this.#members()) member.lost();
    // After the connection's own listeners, so that its status already says whether the user wanted this.
    setImmediate(() => void this.regain());
  }

  /** Connects again for the sake of live instances, unless that is up to the user; `connected` then tells. */
  async regain(): Promise<void> {
    if (this.#life.signal.aborted || this.connection) return;
    if (this.#members().length === 0) {
      this.settle();
      return;
    }
    const { state } = this.#deps.connections.status(this.clusterId);
    if (state === 'disconnected' || state === 'sign-in-needed' || state === 'key-changed') return;
    await this.hold();
  }

  /** A connection for live instances; a failure is not theirs, they wait for the next `connected`. */
  async hold(): Promise<void> {
    try {
      await this.connect(this.#life.signal);
    } catch (error) {
      if (this.#life.signal.aborted) return;
      const { code, message } = AppError.from(error);
      this.#deps.logger.info('running apps wait for their cluster', { cluster: this.clusterId, code, message });
    }
  }

  /** Gives the connection back when nothing needs it any more. */
  settle(): void {
    if (this.#members().length > 0) return;
    const lease = this.#lease;
    this.#lease = null;
    this.#nodes.release();
    lease?.release();
  }

  /** Look now. */
  kick(): void {
    this.#wantAll();
    this.#kicked = true;
    this.#wake?.abort();
    if (!this.#looping) void this.#loop();
  }

  #wantAll(): void {
    for (const turn of this.#turns.values()) turn.dueAt = 0;
  }

  /** Someone began to read a log: the next look must not wait for the scheduler's turn. */
  nudge(): void {
    this.#kicked = true;
    this.#wake?.abort();
    if (!this.#looping) void this.#loop();
  }

  async #loop(): Promise<void> {
    this.#looping = true;
    const { clock, logger } = this.#deps;
    while (!this.#life.signal.aborted) {
      const connection = this.connection;
      const watched = this.#members().filter((member) => member.jobId !== null);
      if (!connection || watched.length === 0) break;
      this.#kicked = false;
      await this.#round(connection, watched).catch((error: unknown) => {
        logger.error('a look at running apps failed', { cluster: this.clusterId, error: AppError.from(error).message });
      });
      await this.#pause(clock.now());
    }
    this.#looping = false;
  }

  async #pause(now: number): Promise<void> {
    if (this.#kicked || this.#life.signal.aborted) return;
    const names = this.#names(this.#members().filter((member) => member.jobId !== null));
    if (names.length === 0) return;
    const untilPoll = Math.max(0, Math.min(...names.map((name) => this.#dueAt(name))) - now);
    const subjects = this.#members().map((member) => ({ ...member.subject, logWanted: member.wantsLog(now) }));
    const wait = Math.min(untilPoll, lookDelay(subjects, now) ?? untilPoll);
    this.#wake = new AbortController();
    const signal = AbortSignal.any([this.#wake.signal, this.#life.signal]);
    await this.#deps.clock.sleep(wait, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    this.#wake = null;
  }

  #names(members: readonly Member[]): LauncherName[] {
    return [...new Set(members.map((member) => member.instance.launcher))];
  }

  #minimum(name: LauncherName): number {
    return pollMinimum(name, this.#deps.clusters(this.clusterId)?.site ?? null);
  }

  #dueAt(name: LauncherName): number {
    const turn = this.#turns.get(name);
    return turn ? Math.max(turn.dueAt, turn.askedAt + this.#minimum(name)) : 0;
  }

  async #round(connection: Connection, watched: readonly Member[]): Promise<void> {
    const now = this.#deps.clock.now();
    const due = this.#names(watched).filter((name) => this.#dueAt(name) <= now);
    const signal = AbortSignal.any([this.#life.signal, connection.closed]);
    const [answers, seen] = await Promise.all([
      Promise.all(due.map((name) => this.#poll(name, connection, watched, signal))),
      this.#observe(connection, watched, signal),
    ]);
    if (signal.aborted) {
      this.#wantAll();
      return;
    }
    const statuses = new Map(answers.flatMap((answer) => [...answer]));
    for (const member of watched) {
      member.observe(statuses.get(member.jobId ?? '') ?? null, seen?.get(member.id) ?? null);
    }
    for (const name of due) this.#schedule(name);
  }

  /** By what was just learnt. A kick while it was asked set it to 0: someone wants to know what became of it since. */
  #schedule(name: LauncherName): void {
    const turn = this.#turns.get(name);
    if (!turn || turn.dueAt === 0) return;
    const now = this.#deps.clock.now();
    const subjects = this.#members()
      .filter((member) => member.instance.launcher === name)
      .map((member) => member.subject);
    turn.dueAt = now + pollDelay(subjects, now, turn.failures, this.#minimum(name));
  }

  /** A scheduler that is down for a minute changes nothing: what was last known stays. */
  async #poll(
    name: LauncherName,
    connection: Connection,
    watched: readonly Member[],
    signal: AbortSignal,
  ): Promise<Map<string, JobStatus>> {
    const { clock, launchers, logger } = this.#deps;
    const jobs = watched
      .filter((member) => member.instance.launcher === name)
      .map((member) => ({ id: member.jobId ?? '', directory: member.instance.directory }));
    const turn = this.#turns.get(name) ?? { askedAt: 0, dueAt: 0, failures: 0 };
    this.#turns.set(name, turn);
    turn.askedAt = clock.now();
    turn.dueAt = Number.MAX_SAFE_INTEGER;
    let statuses = new Map<string, JobStatus>();
    try {
      const launcher = launchers[name];
      statuses = await (name === 'login'
        ? this.#nodes.poll(launcher, connection, jobs, signal)
        : launcher.poll(connection, jobs, signal));
      turn.failures = 0;
    } catch (error) {
      turn.failures += 1;
      if (!signal.aborted) {
        logger.warn('the scheduler did not answer', { cluster: this.clusterId, error: AppError.from(error).message });
      }
    }
    return statuses;
  }

  async #observe(connection: Connection, watched: readonly Member[], signal: AbortSignal) {
    const now = this.#deps.clock.now();
    try {
      return await observe(
        connection,
        watched.map((member) => member.look(now)),
        signal,
      );
    } catch (error) {
      if (!signal.aborted) {
        const { message } = AppError.from(error);
        this.#deps.logger.warn('the directories could not be read', { cluster: this.clusterId, error: message });
      }
      return null;
    }
  }

  dispose(): void {
    this.#life.abort(new AppError('cancelled', 'The app is closing.'));
    this.#nodes.release();
    this.#lease?.release();
    this.#lease = null;
  }
}
