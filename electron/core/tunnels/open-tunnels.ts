import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { z } from 'zod';
import { listenLocally } from '../../client/local-listener.ts';
import { AppError, throwIfAborted } from '../../shared/errors.ts';
import { onAbort } from '../../shared/on-abort.ts';
import type { localEndSchema, TunnelState } from '../../shared/tunnels.ts';
import type { Clock, Logger } from '../deps.ts';
import type { SharedTunnels } from './shared-tunnels.ts';
import type { TunnelTarget } from './types.ts';

interface OpenTunnelsDeps {
  shared: SharedTunnels;
  clock: Clock;
  logger: Logger;
}

export interface TunnelInput {
  clusterId: string;
  target: TunnelTarget;
  local: z.output<typeof localEndSchema>;
}

/** How long a tunnel may last; `end` is called when it is closed. */
export interface TunnelLife {
  readonly signal: AbortSignal;
  end(): void;
}

interface Entry {
  state: TunnelState;
  close(): void;
}

/** The tunnels with a local end in this engine, which every client sees. */
export class OpenTunnels extends EventEmitter<{ changed: [] }> {
  readonly #deps: OpenTunnelsDeps;
  readonly #entries = new Map<string, Entry>();

  constructor(deps: OpenTunnelsDeps) {
    super();
    this.#deps = deps;
  }

  /** Oldest first. */
  list(): TunnelState[] {
    return [...this.#entries.values()].map(({ state }) => state);
  }

  /** @throws AppError `no-route` and the like, `conflict` for a local end that is taken */
  async open(input: TunnelInput, signal: AbortSignal, life: TunnelLife): Promise<TunnelState> {
    try {
      const state = await this.#open(input, signal, life);
      onAbort(life.signal, () => this.#closeLate(state.id));
      throwIfAborted(life.signal);
      return state;
    } catch (error) {
      life.end();
      throw error;
    }
  }

  async #open({ clusterId, target, local }: TunnelInput, signal: AbortSignal, life: TunnelLife): Promise<TunnelState> {
    const { shared, clock, logger } = this.#deps;
    const { tunnel, release } = await shared.acquire(clusterId, target, signal);
    try {
      const end = local.kind === 'port' ? local : { kind: local.kind, path: local.path ?? null };
      const listener = await listenLocally(end, {
        open: () => tunnel.open(),
        onRefused: ({ message }) => logger.warn('a connection to a tunnel was refused', { error: message }),
      });
      const id = randomUUID();
      const state = { id, clusterId, target, local: listener.address, route: tunnel.info, openedAt: clock.now() };
      const close = () => {
        listener.close();
        release();
        life.end();
      };
      this.#entries.set(id, { state, close });
      this.emit('changed');
      return state;
    } catch (error) {
      release();
      throw error;
    }
  }

  /** @throws AppError `not-found` */
  close(id: string): void {
    if (!this.#remove(id)) throw new AppError('not-found', 'This tunnel is closed already.');
    this.emit('changed');
  }

  /** Its life is over. */
  #closeLate(id: string): void {
    if (this.#remove(id)) this.emit('changed');
  }

  /** Closes the tunnels of clusters that are gone. */
  keepOnly(hasCluster: (clusterId: string) => boolean): void {
    const gone = this.list().filter(({ clusterId }) => !hasCluster(clusterId));
    for (const { id } of gone) this.#remove(id);
    if (gone.length > 0) this.emit('changed');
  }

  dispose(): void {
    for (const id of [...this.#entries.keys()]) this.#remove(id);
  }

  #remove(id: string): boolean {
    this.#entries.get(id)?.close();
    return this.#entries.delete(id);
  }
}
