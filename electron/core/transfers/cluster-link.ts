import { AppError, throwIfAborted } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import type { Clock } from '../deps.ts';
import { backoff, isPassing } from '../ssh/pool/reconnect-policy.ts';
import type { Connection, Connections, Lease } from '../ssh/types.ts';

export interface LinkDeps {
  clusterId: string;
  connections: Pick<Connections, 'acquire' | 'status' | 'on'>;
  clock: Clock;
}

/** The connection to one cluster of a transfer: held, and waited for as long as it takes. */
export class ClusterLink {
  readonly #deps: LinkDeps;
  #lease: Lease | null = null;
  #wake = new AbortController();

  constructor(deps: LinkDeps) {
    this.#deps = deps;
  }

  /** The connection that is held, while it lives. */
  get live(): Connection | null {
    const connection = this.#lease?.connection;
    return connection && !connection.closed.aborted ? connection : null;
  }

  /** The live connection, or the next one. `onWait` hears why there is none yet. @throws AppError `not-found`, and of the signal */
  async connect(onWait: (error: AppError) => void, signal: AbortSignal): Promise<Connection> {
    const { clusterId, connections } = this.#deps;
    for (let attempt = 1; ; attempt += 1) {
      if (this.live) return this.live;
      try {
        // One that the user or a sign-in has stopped is not opened again without them.
        if (this.#lease && this.#isStopped()) throw this.#stopReason();
        const lease = await connections.acquire(clusterId, signal);
        // The old one goes last: with none held the connection would be let go in between.
        this.#lease?.release();
        this.#lease = lease;
      } catch (error) {
        throwIfAborted(signal);
        const failure = AppError.from(error);
        if (failure.code === 'not-found') throw failure;
        onWait(failure);
        await this.#untilWorthATry(failure, attempt, signal);
      }
    }
  }

  /** The user wants another try now. */
  wake(): void {
    this.#wake.abort();
  }

  release(): void {
    this.#lease?.release();
    this.#lease = null;
  }

  #isStopped(): boolean {
    const { state } = this.#deps.connections.status(this.#deps.clusterId);
    return (
      !this.#wake.signal.aborted && (state === 'disconnected' || state === 'sign-in-needed' || state === 'key-changed')
    );
  }

  #stopReason(): AppError {
    const { error } = this.#deps.connections.status(this.#deps.clusterId);
    if (error) return AppError.revive(error);
    return new AppError('connection-lost', message`The connection to ${{ cluster: this.#deps.clusterId }} was closed.`);
  }

  /** After a while where time may help, else once somebody has connected. */
  async #untilWorthATry(error: AppError, attempt: number, signal: AbortSignal): Promise<void> {
    const { clusterId, connections, clock } = this.#deps;
    this.#wake = new AbortController();
    const woken = this.#wake;
    const stopListening = connections.on('connected', (id) => {
      if (id === clusterId) woken.abort();
    });
    try {
      const wait = isPassing(error) && !this.#isStopped() ? backoff(attempt, Math.random()) : LONG_MS;
      await clock.sleep(wait, AbortSignal.any([signal, woken.signal])).catch(() => undefined);
      throwIfAborted(signal);
    } finally {
      stopListening();
    }
  }
}

/** Timers of Node take no longer time than about 24 days. */
const LONG_MS = 2 ** 31 - 1;
