import type { FileEntry } from '../../shared/files.ts';
import type { Connection } from '../ssh/types.ts';

const LIMIT_MS = 15_000;
/** Of users that are asked for at once. */
const MOST = 200;

/** The names of the users of a cluster, each asked for once. */
export class OwnerNames {
  readonly #known = new Map<string, Map<string, string>>();

  /** Puts names where the entries have numbers; a number without a name stays. */
  async fill(
    clusterId: string,
    connection: Connection,
    entries: readonly FileEntry[],
    signal?: AbortSignal,
  ): Promise<void> {
    const known = this.#known.get(clusterId) ?? new Map<string, string>();
    this.#known.set(clusterId, known);
    const owners = new Set(entries.map(({ owner }) => owner).filter((owner) => owner !== null));
    const unknown = [...owners].filter((owner) => !known.has(owner)).slice(0, MOST);
    if (unknown.length > 0) {
      const script = `getent passwd ${unknown.join(' ')} 2>/dev/null || grep -E '^[^:]*:[^:]*:(${unknown.join('|')}):' /etc/passwd 2>/dev/null\nexit 0\n`;
      const { stdout } = await connection.run(script, { signal, timeoutMs: LIMIT_MS });
      for (const owner of unknown) known.set(owner, owner);
      for (const [, name = '', number = ''] of stdout.matchAll(/^([^:\n]+):[^:\n]*:(\d+):/gm))
        if (known.get(number) === number) known.set(number, name);
    }
    for (const entry of entries) if (entry.owner !== null) entry.owner = known.get(entry.owner) ?? entry.owner;
  }
}
