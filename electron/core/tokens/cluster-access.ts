import type { Cluster } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import type { Token } from '../../shared/tokens.ts';
import { checkCluster } from './authorize-policy.ts';

type OnEnd = (error: AppError) => void;

interface Entry {
  token: Token;
  clusterId: string;
  onEnd: OnEnd;
}

/** What programs have open on clusters, which ends when the user or the site of a cluster allows it no more. */
export class ClusterAccess {
  readonly #findCluster: (id: string) => Cluster | undefined;
  readonly #entries = new Set<Entry>();

  constructor(findCluster: (id: string) => Cluster | undefined) {
    this.#findCluster = findCluster;
  }

  /** Calls `onEnd` once with the refusal, at once where the cluster is closed to the token already. @returns what ends that */
  watch(token: Token, clusterId: string, onEnd: OnEnd): () => void {
    const entry = { token, clusterId, onEnd };
    this.#entries.add(entry);
    this.#checkEntry(entry);
    return () => this.#entries.delete(entry);
  }

  /** To be called after every change of the saved clusters. */
  check(): void {
    for (const entry of [...this.#entries]) this.#checkEntry(entry);
  }

  #checkEntry(entry: Entry): void {
    try {
      checkCluster(entry.token, this.#findCluster(entry.clusterId) ?? null);
    } catch (error) {
      this.#entries.delete(entry);
      entry.onEnd(AppError.from(error));
    }
  }
}
