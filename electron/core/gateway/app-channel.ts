import { EventEmitter, once } from 'node:events';
import { AppError } from '../../shared/errors.ts';
import type { Clock } from '../deps.ts';
import { upstreamHost } from './headers.ts';
import { HOLD } from './hold-policy.ts';
import type { GatewayTarget } from './types.ts';
import { type Channel, UpstreamPool } from './upstream-pool.ts';
import { connectUpstreamTls, type UpstreamPin } from './upstream-tls.ts';

/** No channel to the app, and why. `down`: the tunnel; `ended`: the app is over; `failed`: the app does not answer. */
export class Unreachable extends Error {
  constructor(
    readonly kind: 'down' | 'ended' | 'failed',
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}

/** How often a held request looks at the status by itself, ms: a missed wake costs no more than this. */
const LOOK = 1_000;

/** For the handshake with an app, ms: one that listens and says nothing would hold the channel for ever. */
const TLS_LIMIT = 20_000;

/** Channels to one app: its pool, and the waiting while there is no route. */
export class AppChannel {
  readonly pool: UpstreamPool;
  readonly #emitter = new EventEmitter<{ wake: [] }>();
  #pin: UpstreamPin = { fingerprint: '' };

  constructor(
    public target: GatewayTarget,
    readonly viewHost: string,
    private readonly clock: Clock,
  ) {
    // Each held request listens.
    this.#emitter.setMaxListeners(0);
    this.pool = new UpstreamPool((signal) => this.#connect(signal), clock);
  }

  replace(target: GatewayTarget): void {
    this.target = target;
    this.pool.clearIdle();
    this.wake();
  }

  wake(): void {
    this.#emitter.emit('wake');
  }

  /**
   * A channel; while the tunnel is down it waits for it unless `patient` is false, at most until `deadline`.
   * Throws Unreachable, or the signal's reason.
   */
  async acquire(options: {
    signal: AbortSignal;
    sending: boolean;
    patient: boolean;
    deadline: number;
    /** Long: an event stream or a WebSocket. */
    kind?: 'brief' | 'long';
  }): Promise<Channel> {
    const { signal, sending, patient, deadline, kind } = options;
    for (;;) {
      const before = this.target.status();
      if (before.state === 'up') {
        try {
          return await this.pool.acquire(signal, sending, kind);
        } catch (error) {
          signal.throwIfAborted();
          const after = this.target.status();
          const lost = error instanceof AppError && error.code === 'connection-lost';
          if (after.state === 'up' && !lost) throw new Unreachable('failed', reasonOf(error), error);
        }
      }
      const now = this.target.status();
      if (now.state === 'ended') throw new Unreachable('ended', now.message);
      if (!patient || this.clock.now() >= deadline) throw new Unreachable('down', now.message);
      await this.#untilWake(signal);
    }
  }

  deadline(): number {
    return this.clock.now() + HOLD;
  }

  dispose(): void {
    this.pool.dispose();
    this.wake();
  }

  /** Resolves at the next `wake`, or when the status is to be looked at again. */
  async #untilWake(signal: AbortSignal): Promise<void> {
    const done = new AbortController();
    try {
      const sleep = this.clock.sleep(LOOK, AbortSignal.any([signal, done.signal]));
      const wake = once(this.#emitter, 'wake', { signal: done.signal });
      wake.catch(() => undefined);
      await Promise.race([wake, sleep.catch(() => undefined)]);
    } finally {
      done.abort();
    }
    signal.throwIfAborted();
  }

  async #connect(signal: AbortSignal) {
    const { target } = this;
    const channel = await target.open(signal);
    if (target.serve.scheme === 'http') return channel;
    const name = upstreamHost({ serve: target.serve, viewHost: this.viewHost }).replace(/:\d+$/, '');
    const limit = new AbortController();
    const late = new AppError('timeout', 'The app did not answer with TLS, as its recipe says, in time.');
    const over = AbortSignal.any([signal, limit.signal]);
    this.clock.sleep(TLS_LIMIT, over).then(
      () => limit.abort(late),
      () => undefined,
    );
    try {
      return await connectUpstreamTls(channel, name, this.#pin, over);
    } finally {
      limit.abort();
    }
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof AppError) return error.hint ? `${error.message} ${error.hint}` : error.message;
  return 'The app could not be reached.';
}
