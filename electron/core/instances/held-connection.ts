import { AppError } from '../../shared/errors.ts';
import type { Clock, Logger } from '../deps.ts';
import type { Connection, Connections, Lease } from '../ssh/types.ts';

const TRIES = 5;

interface HeldConnectionPorts {
  clusterId: string;
  connections: Pick<Connections, 'acquire' | 'status'>;
  clock: Clock;
  logger: Logger;
  /** Whether something on the cluster still needs it. */
  isNeeded(): boolean;
  connected(): void;
  lost(): void;
}

/** The shared connection to one cluster, held while its instances need it. */
export class HeldConnection {
  readonly #ports: HeldConnectionPorts;
  readonly #life = new AbortController();
  #lease: Lease | null = null;
  /** Ends the listening to the connection that was held before. */
  #listening = new AbortController();

  constructor(ports: HeldConnectionPorts) {
    this.#ports = ports;
  }

  get current(): Connection | null {
    const connection = this.#lease?.connection;
    return connection && !connection.closed.aborted ? connection : null;
  }

  /** The live connection, made if there is none. */
  async connect(signal: AbortSignal): Promise<Connection> {
    return this.current ?? this.#adopt(await this.#ports.connections.acquire(this.#ports.clusterId, signal));
  }

  #adopt(lease: Lease): Connection {
    if (this.#life.signal.aborted) {
      lease.release();
      throw new AppError('cancelled', 'The app is closing.');
    }
    const live = this.current;
    if (live) {
      lease.release();
      return live;
    }
    const { connection } = lease;
    // The old lease goes last: with none held the connection would be let go in between.
    const old = this.#lease;
    this.#lease = lease;
    old?.release();
    this.#listening.abort();
    this.#listening = new AbortController();
    if (connection.closed.aborted) this.#onClosed();
    else {
      const { signal } = this.#listening;
      connection.closed.addEventListener('abort', () => this.#onClosed(), { once: true, signal });
    }
    this.#ports.connected();
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
        await this.#ports.clock.sleep(200 * attempt, signal);
      }
    }
  }

  #onClosed(): void {
    if (this.#life.signal.aborted) return;
    this.#ports.lost();
    // After the connection's own listeners, so that its status already says whether the user wanted this.
    setImmediate(() => void this.#reconnect());
  }

  /** Connects again for the sake of live instances, unless that is up to the user. */
  async #reconnect(): Promise<void> {
    if (this.#life.signal.aborted || this.current) return;
    if (!this.#ports.isNeeded()) {
      this.releaseUnneeded();
      return;
    }
    const { state } = this.#ports.connections.status(this.#ports.clusterId);
    if (state === 'disconnected' || state === 'sign-in-needed' || state === 'key-changed') return;
    await this.hold();
  }

  /** A connection for live instances; a failure is not theirs, they wait for the next connection of the cluster. */
  async hold(): Promise<void> {
    try {
      await this.connect(this.#life.signal);
    } catch (error) {
      if (this.#life.signal.aborted) return;
      const { code, message } = AppError.from(error);
      this.#ports.logger.info('running apps wait for their cluster', {
        cluster: this.#ports.clusterId,
        code,
        message,
      });
    }
  }

  /** Gives the connection back when nothing needs it any more; @returns whether it did. */
  releaseUnneeded(): boolean {
    if (this.#ports.isNeeded()) return false;
    const lease = this.#lease;
    this.#lease = null;
    this.#listening.abort();
    lease?.release();
    return true;
  }

  dispose(): void {
    this.#life.abort(new AppError('cancelled', 'The app is closing.'));
    this.#lease?.release();
    this.#lease = null;
  }
}
