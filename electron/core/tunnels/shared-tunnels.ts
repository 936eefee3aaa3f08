import type { Tunnel, Tunnels, TunnelTarget } from './types.ts';

interface Entry {
  tunnel: Promise<Tunnel>;
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
    const entry = this.#entries.get(key) ?? { tunnel: this.#tunnels.openTunnel(clusterId, target, signal), users: 0 };
    this.#entries.set(key, entry);
    entry.users += 1;
    const release = () => this.#release(key, entry);
    try {
      return { tunnel: await entry.tunnel, release };
    } catch (error) {
      // A route that was not found is looked for anew by the next user.
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
      throw error;
    }
  }

  #release(key: string, entry: Entry): void {
    entry.users -= 1;
    if (entry.users > 0) return;
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
    entry.tunnel.then(
      (tunnel) => tunnel.close(),
      () => undefined,
    );
  }
}
