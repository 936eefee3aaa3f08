import { AppError } from '../../../shared/errors.ts';
import type { Clock, Logger } from '../../deps.ts';
import { AccountLimitError } from '../../ssh/shells/account-limit.ts';
import type { Connection } from '../../ssh/types.ts';
import type { Observation } from '../observation.ts';
import { DirectoryWatch } from './directory-watch.ts';
import { RESTART_AFTER_HANG_MS, RESTART_AFTER_MS, START_AFTER_MS } from './watch-policy.ts';
import type { Looker } from './watch-script.ts';

interface WatchKeeperPorts {
  clusterId: string;
  clock: Clock;
  logger: Logger;
  seen(id: string, observation: Observation): void;
  /** The file system of these does not answer: what was last seen of them may be old. */
  hung(ids: readonly string[]): void;
  /** It has begun or ended: what it does is done by commands while there is none. */
  changed(): void;
}

/** The watch of one cluster, opened over its connection and again after an end that nobody here wanted. */
export class WatchKeeper {
  readonly #ports: WatchKeeperPorts;
  #connection: Connection | null = null;
  #life = new AbortController();
  #current: DirectoryWatch | null = null;
  #isOpening = false;
  readonly #lookers = new Map<string, Looker>();
  readonly #hung = new Set<string>();
  /** Epoch ms. */
  #notBefore = 0;
  /** Epoch ms. */
  #settledAt = 0;

  constructor(ports: WatchKeeperPorts) {
    this.#ports = ports;
  }

  /** Null: there is none now. */
  get current(): DirectoryWatch | null {
    return this.#current;
  }

  /**
   * Opens one in the background where there is none; nobody waits for the start-up files of its session. `isLaunching`: one
   * is needed soon, else it is not among the first things that a connection does.
   */
  keep(connection: Connection, isLaunching: boolean): void {
    const now = this.#ports.clock.now();
    if (this.#connection !== connection) {
      this.release();
      this.#connection = connection;
      this.#settledAt = now + START_AFTER_MS;
    }
    if (this.#current || this.#isOpening || now < this.#notBefore || (!isLaunching && now < this.#settledAt)) return;
    void this.#open(connection, AbortSignal.any([this.#life.signal, connection.closed]));
  }

  release(): void {
    this.#life.abort(new AppError('cancelled', 'The apps are watched no more.'));
    this.#life = new AbortController();
    this.#current?.close();
    this.#current = null;
    this.#connection = null;
    this.#isOpening = false;
    this.#notBefore = 0;
  }

  async #open(connection: Connection, signal: AbortSignal): Promise<void> {
    const { changed, clock, clusterId, logger, seen } = this.#ports;
    const hung = (ids: readonly string[], isHung: boolean) => this.#onHung(ids, isHung);
    const begin = clock.now();
    this.#isOpening = true;
    try {
      const watch = await DirectoryWatch.open(connection, { clock, seen, hung, lookers: this.#lookers }, signal);
      if (signal.aborted) {
        watch?.close();
        return;
      }
      this.#isOpening = false;
      this.#notBefore = begin + RESTART_AFTER_MS;
      if (!watch) return;
      this.#current = watch;
      watch.closed.addEventListener('abort', () => this.#ended(watch), { once: true });
      if (watch.closed.aborted) this.#ended(watch);
      else changed();
    } catch (error) {
      if (signal.aborted) return;
      this.#isOpening = false;
      this.#notBefore = error instanceof AccountLimitError ? Number.POSITIVE_INFINITY : clock.now() + RESTART_AFTER_MS;
      logger.info('running apps are looked at by commands', {
        cluster: clusterId,
        error: AppError.from(error).message,
      });
    }
  }

  #onHung(ids: readonly string[], isHung: boolean): void {
    const { clusterId, hung, logger } = this.#ports;
    const what = isHung ? 'a file system with apps does not answer' : 'a file system with apps answers again';
    logger.warn(what, { cluster: clusterId, apps: ids.join(' ') });
    for (const id of ids) {
      if (isHung) this.#hung.add(id);
      else this.#hung.delete(id);
    }
    if (isHung) hung(ids);
  }

  #ended(watch: DirectoryWatch): void {
    if (this.#current !== watch) return;
    this.#current = null;
    const { changed, clock, clusterId, logger } = this.#ports;
    // A process that is known is found again there.
    if (this.#hung.size > 0 && this.#lookers.size === 0) this.#notBefore = clock.now() + RESTART_AFTER_HANG_MS;
    this.#hung.clear();
    logger.info('what watches the apps has ended', {
      cluster: clusterId,
      error: AppError.from(watch.closed.reason).message,
    });
    changed();
  }
}
