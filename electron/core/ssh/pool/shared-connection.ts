import type {
  Cluster,
  ConnectionEvent,
  ConnectionState,
  ConnectionStatus,
  LoginNodeUsage,
} from '../../../shared/clusters.ts';
import { AppError } from '../../../shared/errors.ts';
import type { Clock } from '../../deps.ts';
import { unlessAborted } from '../../unless-aborted.ts';
import { SessionMemory } from '../auth/session-memory.ts';
import { through } from '../dial/dialer.ts';
import type { OwnedConnection, Transport } from '../dial/transport.ts';
import type { Connection, Lease } from '../types.ts';
import { afterFailure, backoff } from './reconnect-policy.ts';

interface SharedConnectionOptions {
  clusterId: string;
  cluster(): Cluster | undefined;
  transport: Transport;
  clock: Clock;
  idleMs: number;
  onStatus(status: ConnectionStatus): void;
  onEvent(event: ConnectionEvent): void;
  onConnected(connection: Connection): void;
}

interface Waiter {
  resolve(connection: OwnedConnection): void;
  reject(error: AppError): void;
}

/** The one connection of one cluster: who holds it, and the loop that opens it and opens it again while somebody does. */
export class SharedConnection {
  readonly #options: SharedConnectionOptions;
  readonly #memory = new SessionMemory();
  readonly #waiters = new Set<Waiter>();
  #status: ConnectionStatus;
  #leases = 0;
  /** The user asked to stay connected. */
  #stay = false;
  #live: OwnedConnection | null = null;
  #pastUsage: LoginNodeUsage = { sessionsStarted: 0, commandsRun: 0, cpuSeconds: 0 };
  /** The running loop. */
  #loop: AbortController | null = null;
  #wake: AbortController | null = null;
  /** The user asked for the attempt that runs or comes next. */
  #isUsersWish = false;
  /** A server refused a credential in the attempt that runs. */
  #wasRefused = false;
  #idle: AbortController | null = null;

  constructor(options: SharedConnectionOptions) {
    this.#options = options;
    const since = options.clock.now();
    this.#status = { state: 'disconnected', since, roundTrip: null, attempt: 0, nextTryAt: null, error: null };
  }

  get status(): ConnectionStatus {
    return this.#status;
  }

  get usage(): LoginNodeUsage {
    return this.#live ? addUsage(this.#pastUsage, this.#live.usage) : this.#pastUsage;
  }

  async acquire(signal?: AbortSignal): Promise<Lease> {
    const connection = await this.#join(signal);
    this.#leases++;
    this.#idle?.abort();
    let released = false;
    return {
      connection,
      release: () => {
        if (released) return;
        released = true;
        this.#leases--;
        this.#released();
      },
    };
  }

  async connect(signal?: AbortSignal): Promise<void> {
    this.#stay = true;
    this.#isUsersWish = this.#live === null;
    this.#idle?.abort();
    await this.#join(signal);
  }

  disconnect(): void {
    this.#stay = false;
    this.#stop(new AppError('cancelled', 'You disconnected.'));
    this.#set('disconnected', { error: null });
  }

  retry(): void {
    this.#isUsersWish = true;
    this.#wake?.abort();
    if (!this.#loop && this.#status.state !== 'connected') {
      if (!this.#wanted()) this.#stay = true;
      this.#start();
    }
  }

  /** Accepts a second host key with a fingerprint that the user compared, and tries again. */
  trustHostKey(fingerprint: string): void {
    this.#memory.comparedKeys.add(fingerprint);
    this.retry();
  }

  dispose(): void {
    this.#stay = false;
    this.#stop(new AppError('cancelled', 'The app is closing.'));
  }

  async #join(signal?: AbortSignal): Promise<OwnedConnection> {
    if (this.#live && !this.#live.closed.aborted) return this.#live;
    let waiter: Waiter | undefined;
    const joined = new Promise<OwnedConnection>((resolve, reject) => {
      waiter = { resolve, reject };
      this.#waiters.add(waiter);
    });
    joined.catch(() => undefined);
    this.#wake?.abort();
    this.#start();
    try {
      return await unlessAborted(joined, signal);
    } finally {
      if (waiter) this.#waiters.delete(waiter);
      // The last one who waited is gone: an attempt, with its questions, for nobody.
      if (signal?.aborted && this.#loop && !this.#live && !this.#wanted())
        this.#stop(new AppError('cancelled', 'Cancelled.'), 'disconnected');
    }
  }

  #wanted(): boolean {
    return this.#stay || this.#leases > 0 || this.#waiters.size > 0;
  }

  #start(): void {
    if (this.#loop) return;
    const loop = new AbortController();
    this.#loop = loop;
    this.#run(loop.signal).finally(() => {
      if (this.#loop === loop) this.#loop = null;
    });
  }

  #stop(reason: AppError, state?: ConnectionState): void {
    this.#idle?.abort();
    this.#loop?.abort(reason);
    this.#loop = null;
    const live = this.#live;
    this.#forgetLive();
    live?.close(reason);
    if (live) this.#event('disconnected', 'Disconnected');
    this.#rejectAll(reason);
    if (state) this.#set(state);
  }

  async #run(signal: AbortSignal): Promise<void> {
    let lost = false;
    for (let attempt = 1; !signal.aborted; attempt++) {
      const isAutomatic = lost && !this.#isUsersWish;
      // The error of the last attempt says nothing about one that the user asked for, perhaps after a correction.
      const isFresh = attempt === 1 ? !lost : this.#isUsersWish;
      this.#set(lost ? 'reconnecting' : 'connecting', { attempt, nextTryAt: null, ...(isFresh && { error: null }) });
      this.#isUsersWish = false;
      let connection: OwnedConnection;
      try {
        connection = await this.#dial(lost, isAutomatic, signal);
      } catch (error) {
        if (signal.aborted) return;
        const again = await this.#failed(AppError.from(error), lost, attempt, signal);
        if (!again) return;
        continue;
      }
      if (signal.aborted) {
        connection.close();
        return;
      }
      await this.#up(connection, lost);
      if (signal.aborted) return;
      const reason = AppError.from(connection.closed.reason);
      this.#forgetLive();
      this.#event('disconnected', reason.message);
      if (!this.#wanted()) {
        this.#set('disconnected', { error: reason.serialize() });
        return;
      }
      lost = true;
      attempt = 0;
      await this.#pause(1, reason, 'reconnecting', signal);
    }
  }

  async #dial(lost: boolean, isAutomatic: boolean, signal: AbortSignal): Promise<OwnedConnection> {
    const cluster = this.#options.cluster();
    if (!cluster) throw new AppError('not-found', 'This cluster is no longer in the list.');
    this.#wasRefused = false;
    const calm: ConnectionState = lost ? 'reconnecting' : 'connecting';
    const { connection, how } = await this.#options.transport.dial(
      cluster,
      {
        memory: this.#memory,
        isAutomatic,
        onRefused: () => {
          this.#wasRefused = true;
        },
        onAsking: (asking) => {
          if (signal.aborted) return;
          this.#set(asking ? 'asking' : calm);
          if (asking) this.#event('asked', 'Waiting for your answer');
        },
        onPasswordExpired: (error) => {
          // The one at hand is the old one.
          this.#memory.passwords.clear();
          if (!signal.aborted && this.#status.state === 'connected')
            this.#set('connected', { error: error.serialize() });
        },
        onRoundTrip: (ms) => {
          if (!signal.aborted && this.#status.state === 'connected') this.#set('connected', { roundTrip: ms });
        },
      },
      signal,
    );
    this.#event(lost ? 'reconnected' : 'connected', `Signed in with ${how}${through(cluster.jumps)}`);
    return connection;
  }

  /** Hands it out, and resolves when it is closed. */
  async #up(connection: OwnedConnection, lost: boolean): Promise<void> {
    this.#live = connection;
    this.#set('connected', { attempt: 0, nextTryAt: null, error: null, roundTrip: null });
    for (const waiter of this.#waiters) waiter.resolve(connection);
    this.#waiters.clear();
    connection.ping().then(
      (ms) => {
        if (this.#live === connection) this.#set('connected', { roundTrip: ms });
      },
      () => undefined,
    );
    this.#options.onConnected(connection);
    // A holder of the lost connection may have let go meanwhile.
    if (lost) this.#released();
    if (connection.closed.aborted) return;
    await new Promise<void>((resolve) => {
      connection.closed.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  /** True: try again, and the pause is over. */
  async #failed(error: AppError, lost: boolean, attempt: number, signal: AbortSignal): Promise<boolean> {
    const verdict = afterFailure(error, lost, this.#wasRefused);
    this.#event('failed', error.message);
    this.#rejectAll(error);
    // Who waited has had the error a moment ago and counts no more.
    if (verdict.retry && this.#wanted()) {
      await this.#pause(attempt, error, verdict.state, signal);
      return !signal.aborted && this.#wanted();
    }
    this.#loop = null;
    this.#set(verdict.state, { error: error.serialize(), nextTryAt: null });
    return false;
  }

  async #pause(attempt: number, error: AppError, state: ConnectionState, signal: AbortSignal): Promise<void> {
    const wait = backoff(attempt, Math.random());
    const wake = new AbortController();
    this.#wake = wake;
    this.#set(state, { error: error.serialize(), attempt, nextTryAt: this.#options.clock.now() + wait });
    await this.#options.clock.sleep(wait, AbortSignal.any([wake.signal, signal])).catch(() => undefined);
    if (this.#wake === wake) this.#wake = null;
  }

  /** Nobody holds it: closed after a while, for the next one often comes soon. */
  #released(): void {
    if (this.#wanted()) return;
    if (!this.#live) {
      if (!this.#loop) return;
      this.#stop(new AppError('cancelled', 'Nothing needs this connection any more.'), 'disconnected');
      return;
    }
    this.#idle?.abort();
    const idle = new AbortController();
    this.#idle = idle;
    this.#options.clock.sleep(this.#options.idleMs, idle.signal).then(
      () => {
        if (!this.#wanted()) this.#stop(new AppError('connection-lost', 'The connection was idle.'), 'disconnected');
      },
      () => undefined,
    );
  }

  #forgetLive(): void {
    this.#pastUsage = this.usage;
    this.#live = null;
  }

  #rejectAll(error: AppError): void {
    for (const waiter of this.#waiters) waiter.reject(error);
    this.#waiters.clear();
  }

  #set(state: ConnectionState, change: Partial<ConnectionStatus> = {}): void {
    const since = state === this.#status.state ? this.#status.since : this.#options.clock.now();
    this.#status = { ...this.#status, ...change, state, since };
    this.#options.onStatus(this.#status);
  }

  #event(kind: ConnectionEvent['kind'], text: string): void {
    const { clusterId, clock } = this.#options;
    const clusterName = this.#options.cluster()?.name ?? clusterId;
    this.#options.onEvent({ at: clock.now(), clusterId, clusterName, kind, text });
  }
}

const addUsage = (one: LoginNodeUsage, other: LoginNodeUsage): LoginNodeUsage => ({
  sessionsStarted: one.sessionsStarted + other.sessionsStarted,
  commandsRun: one.commandsRun + other.commandsRun,
  cpuSeconds: one.cpuSeconds + other.cpuSeconds,
});
