import { AppError } from '../../shared/errors.ts';
import type { Instance } from '../../shared/instances.ts';
import type { LauncherName } from '../../shared/kinds.ts';
import type { SiteProfile } from '../../shared/sites.ts';
import type { Clock, Logger } from '../deps.ts';
import { type JobAnswer, type JobAnswers, unreadable } from '../launchers/common/job-answer.ts';
import type { JobHandle, Launcher } from '../launchers/common/launcher.ts';
import { notHeldError, notWaitingError } from '../launchers/common/release-errors.ts';
import type { Connection, Connections } from '../ssh/types.ts';
import { CommandLooks } from './command-looks.ts';
import { HeldConnection } from './held-connection.ts';
import { LoginNodeHops } from './login-node-hops.ts';
import type { Observation } from './observation.ts';
import { decisionDelay, lookDelay, pollDelay, pollMinimum, WATCHED_POLL_MS } from './poll-policy.ts';
import { type Sign, signOf, wantsPoll } from './watch/sign-policy.ts';
import { watchItem } from './watch/watch-item.ts';
import { WatchKeeper } from './watch/watch-keeper.ts';
import { roundDelay } from './watch/watch-policy.ts';

/** What the watcher has to know of one live instance. */
export interface WatchedInstance extends Pick<Instance, 'id' | 'directory' | 'launcher' | 'state' | 'kind'> {
  /** null: it is not submitted yet, so there is nothing to look at. */
  jobId: string | null;
  /** This process launches it now. */
  isLaunching: boolean;
  /** Epoch ms of the last change of its state or step. */
  changedAt: number;
  isLogWanted: boolean;
  /** Where the part of the log begins that is not known yet, in bytes. */
  logOffset: number;
  /** Its directory does not hold the job's number yet. */
  isJobUnwritten: boolean;
}

interface ClusterWatcherPorts {
  connections: Pick<Connections, 'acquire' | 'status'>;
  launchers: Readonly<Record<LauncherName, Launcher>>;
  clock: Clock;
  logger: Logger;
  site(): SiteProfile | null;
  /** The live instances of this cluster. */
  instances(now: number): WatchedInstance[];
  /** One look at an instance; null: that part was not asked for or did not answer, so it says nothing. */
  observed(id: string, answer: JobAnswer | null, seen: Observation | null): void;
  /** The connection died; the instances go on without us. */
  lost(): void;
}

/** When a launcher's jobs are asked about; times are epoch ms. */
interface PollTime {
  /** The last question's beginning. */
  askedAt: number;
  /** Not before; what somebody wants to know now is due as soon as the minimum has passed. */
  dueAt: number;
  failures: number;
}

/**
 * One for each cluster with live instances: holds its connection, takes what a watch there reports of their directories and
 * processes, and asks its scheduler about all of them at once. Where the connection has no session to spare for a watch,
 * the directories are looked at by a command each round.
 */
export class ClusterWatcher {
  readonly held: HeldConnection;
  readonly #clusterId: string;
  readonly #ports: ClusterWatcherPorts;
  readonly #life = new AbortController();
  readonly #pollTimes = new Map<LauncherName, PollTime>();
  readonly #hops: LoginNodeHops;
  readonly #keeper: WatchKeeper;
  readonly #looks: CommandLooks;
  readonly #signs = new Map<string, Sign>();
  #wake: AbortController | null = null;
  #isLookWanted = false;
  #isLooping = false;

  constructor(clusterId: string, ports: ClusterWatcherPorts) {
    this.#clusterId = clusterId;
    this.#ports = ports;
    this.#hops = new LoginNodeHops(ports.clock);
    const { connections, clock, logger } = ports;
    this.#looks = new CommandLooks({ clusterId, clock, logger });
    this.#keeper = new WatchKeeper({
      clusterId,
      clock,
      logger,
      seen: (id, observation) => this.#onSeen(id, observation),
      hung: (ids) => {
        for (const id of ids) this.#signs.delete(id);
        this.pollNow();
      },
      changed: () => {
        this.#signs.clear();
        this.lookNow();
      },
    });
    this.held = new HeldConnection({
      clusterId,
      connections,
      clock,
      logger,
      isNeeded: () => ports.instances(clock.now()).length > 0,
      connected: () => this.pollNow(),
      lost: () => {
        this.#release();
        ports.lost();
      },
    });
  }

  /** Ends a job, wherever behind the connection it runs. */
  async cancel(
    connection: Connection,
    name: LauncherName,
    job: JobHandle,
    how: 'ask' | 'now',
    signal: AbortSignal,
  ): Promise<void> {
    await this.#hops.cancel(this.#ports.launchers[name], connection, this.#withSite(job), how, signal);
  }

  /** Releases a job on hold. @throws AppError as the launcher does */
  async release(connection: Connection, name: LauncherName, job: JobHandle, signal: AbortSignal): Promise<void> {
    const launcher = this.#ports.launchers[name];
    if (!launcher.release) throw notHeldError();
    await launcher.release(connection, [this.#withSite(job)], signal);
  }

  /** Holds a job that waits. @throws AppError as the launcher does */
  async hold(connection: Connection, name: LauncherName, job: JobHandle, signal: AbortSignal): Promise<void> {
    const launcher = this.#ports.launchers[name];
    if (!launcher.hold) throw notWaitingError();
    await launcher.hold(connection, [this.#withSite(job)], signal);
  }

  #withSite(job: JobHandle): JobHandle {
    return { ...job, site: this.#ports.site()?.scheduler };
  }

  /** Gives the connection back when no instance needs it any more. */
  releaseUnneeded(): void {
    if (this.held.releaseUnneeded()) this.#release();
  }

  #release(): void {
    this.#hops.release();
    this.#keeper.release();
    this.#signs.clear();
  }

  /** Asks the schedulers and looks at the directories as soon as they may be asked. */
  pollNow(): void {
    for (const time of this.#pollTimes.values()) time.dueAt = 0;
    this.lookNow();
  }

  /** Looks at the directories at once; a scheduler keeps its own pace. */
  lookNow(): void {
    this.#isLookWanted = true;
    this.#wake?.abort();
    if (!this.#isLooping) void this.#loop();
  }

  #watched(): WatchedInstance[] {
    return this.#ports.instances(this.#ports.clock.now()).filter(({ jobId }) => jobId !== null);
  }

  async #loop(): Promise<void> {
    this.#isLooping = true;
    const { clock, logger } = this.#ports;
    while (!this.#life.signal.aborted) {
      const connection = this.held.current;
      const live = this.#ports.instances(clock.now());
      if (!connection || live.length === 0) break;
      const isLaunching = live.some((instance) => instance.isLaunching);
      this.#keeper.keep(connection, isLaunching);
      const watched = this.#watched();
      if (watched.length === 0) break;
      this.#isLookWanted = false;
      await this.#round(connection, watched).catch((error: unknown) => {
        const { message } = AppError.from(error);
        logger.error('a look at running apps failed', { cluster: this.#clusterId, error: message });
      });
      await this.#pause(clock.now());
    }
    this.#isLooping = false;
  }

  async #pause(now: number): Promise<void> {
    if (this.#isLookWanted || this.#life.signal.aborted) return;
    const watched = this.#watched();
    if (watched.length === 0) return;
    const untilPoll = Math.max(0, Math.min(...launchersOf(watched).map((name) => this.#dueAt(name))) - now);
    const subjects = this.#ports.instances(now);
    const delay = this.#keeper.current ? decisionDelay(subjects) : lookDelay(subjects, now);
    const wait = Math.min(untilPoll, delay ?? untilPoll);
    this.#wake = new AbortController();
    const signal = AbortSignal.any([this.#wake.signal, this.#life.signal]);
    await this.#ports.clock.sleep(wait, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    this.#wake = null;
  }

  #minimum(name: LauncherName): number {
    return pollMinimum(name, this.#ports.site());
  }

  #dueAt(name: LauncherName): number {
    const time = this.#pollTimes.get(name);
    return time ? Math.max(time.dueAt, time.askedAt + this.#minimum(name)) : 0;
  }

  async #round(connection: Connection, watched: readonly WatchedInstance[]): Promise<void> {
    const now = this.#ports.clock.now();
    const due = launchersOf(watched).filter((name) => this.#dueAt(name) <= now);
    const signal = AbortSignal.any([this.#life.signal, connection.closed]);
    const watch = this.#keeper.current;
    watch?.setList(
      watched.map((instance) => watchItem(instance, watch.node)),
      roundDelay(watched, now),
    );
    const [answers, seen] = await Promise.all([
      Promise.all(due.map((name) => this.#poll(name, connection, watched, signal))),
      watch ? null : this.#looks.look(connection, watched, signal),
    ]);
    if (signal.aborted) {
      for (const time of this.#pollTimes.values()) time.dueAt = 0;
      return;
    }
    const jobs = new Map(answers.flatMap((answer) => [...answer]));
    for (const { id, jobId } of watched) {
      this.#ports.observed(id, jobs.get(jobId ?? '') ?? null, seen?.get(id) ?? null);
    }
    for (const name of due) this.#schedule(name);
  }

  /** The watch reports a change: what the scheduler says of it is wanted as soon as it may be asked. */
  #onSeen(id: string, seen: Observation): void {
    const instance = this.#ports.instances(this.#ports.clock.now()).find((each) => each.id === id);
    if (!instance) return;
    const sign = signOf(seen);
    const before = this.#signs.get(id) ?? null;
    this.#signs.set(id, sign);
    const time = this.#pollTimes.get(instance.launcher);
    if (time && wantsPoll(instance.launcher, before, sign)) {
      time.dueAt = 0;
      this.lookNow();
    }
    this.#ports.observed(id, null, seen);
  }

  /** Its apps run on the node where the watch does, which sees each of them end. */
  #isSeenByWatch(name: LauncherName): boolean {
    const watch = this.#keeper.current;
    if (name !== 'login' || !watch) return false;
    const here = this.#watched().filter(({ launcher }) => launcher === name);
    return here.every((instance) => {
      return watchItem(instance, watch.node).process !== null && this.#signs.get(instance.id)?.isProcessAlive === true;
    });
  }

  /** By what was just seen. `pollNow` during the question set it to 0: someone wants to know what changed since. */
  #schedule(name: LauncherName): void {
    const time = this.#pollTimes.get(name);
    if (!time || time.dueAt === 0) return;
    const now = this.#ports.clock.now();
    const subjects = this.#ports.instances(now).filter(({ launcher }) => launcher === name);
    const delay = pollDelay(subjects, now, time.failures, this.#minimum(name));
    time.dueAt = now + (time.failures === 0 && this.#isSeenByWatch(name) ? WATCHED_POLL_MS : delay);
  }

  /** A scheduler that is down for a minute changes nothing: what was last known stays. */
  async #poll(
    name: LauncherName,
    connection: Connection,
    watched: readonly WatchedInstance[],
    signal: AbortSignal,
  ): Promise<JobAnswers> {
    const { clock, launchers, logger } = this.#ports;
    const jobs = watched
      .filter(({ launcher }) => launcher === name)
      .map(({ jobId, directory }) => this.#withSite({ id: jobId ?? '', directory }));
    const time = this.#pollTimes.get(name) ?? { askedAt: 0, dueAt: 0, failures: 0 };
    this.#pollTimes.set(name, time);
    time.askedAt = clock.now();
    time.dueAt = Number.MAX_SAFE_INTEGER;
    try {
      const launcher = launchers[name];
      const answers = await (name === 'login'
        ? this.#hops.poll(launcher, connection, jobs, signal)
        : launcher.poll(this.#keeper.current ?? connection, jobs, signal));
      time.failures = 0;
      return answers;
    } catch (thrown) {
      time.failures += 1;
      if (signal.aborted) return new Map();
      const error = AppError.from(thrown);
      logger.warn('the scheduler did not answer', { cluster: this.#clusterId, error: error.message });
      const answer = unreadable(error.message.replace(/\.$/, ''), error.detail);
      return new Map(jobs.map(({ id }) => [id, answer]));
    }
  }

  dispose(): void {
    this.#life.abort(new AppError('cancelled', 'The app is closing.'));
    this.#release();
    this.held.dispose();
  }
}

const launchersOf = (watched: readonly WatchedInstance[]): LauncherName[] => [
  ...new Set(watched.map(({ launcher }) => launcher)),
];
