import { SharedAttempt } from '../shared-attempt.ts';
import type { Tunnel, Tunnels, TunnelTarget } from './types.ts';

interface Entry {
  opening: SharedAttempt<Tunnel>;
  users: number;
}

/** One tunnel for each endpoint, found once and closed with its last user. */
export class SharedTunnels {
  readonly #tunnels: Tunnels;
  readonly #entries = new Map<string, Entry>();

  constructor(tunnels: Tunnels) {
    this.#tunnels = tunnels;
  }

  /** Call `release` exactly once. @throws AppError as `Tunnels.openTunnel` */
  async acquire(
    clusterId: string,
    target: TunnelTarget,
    signal: AbortSignal,
  ): Promise<{ tunnel: Tunnel; release: () => void }> {
    const key = JSON.stringify([clusterId, target]);
    let entry = this.#entries.get(key);
    if (!entry || entry.opening.isAbandoned) {
      const open = (opening: AbortSignal) => this.#tunnels.openTunnel(clusterId, target, opening);
      entry = { opening: new SharedAttempt(open), users: 0 };
      this.#entries.set(key, entry);
    }
    const held = entry;
    held.users += 1;
    try {
      const tunnel = await held.opening.join(signal);
      return { tunnel, release: () => this.#release(key, held, tunnel) };
    } catch (error) {
      held.users -= 1;
      // A route that was not found is looked for anew by the next user.
      if (held.users === 0 && this.#entries.get(key) === held) this.#entries.delete(key);
      throw error;
    }
  }

  #release(key: string, entry: Entry, tunnel: Tunnel): void {
    entry.users -= 1;
    if (entry.users > 0) return;
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
    tunnel.close();
  }
}
