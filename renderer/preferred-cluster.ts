import type { AppState } from '../electron/shared/state.ts';
import { useStore } from './store.ts';
import { useUi } from './ui-store.ts';

type Known = Pick<AppState, 'clusters' | 'instances'>;

/** The cluster that pages begin with: the one chosen last, else the one launched on last, else a connected one, else any. */
export function preferredCluster({ clusters, instances }: Known, chosen: string | null): string {
  const isKnown = (id: string | null | undefined) => clusters.some(({ cluster }) => cluster.id === id);
  if (chosen !== null && isKnown(chosen)) return chosen;
  const newest = instances
    .filter(({ clusterId }) => isKnown(clusterId))
    .reduce<Known['instances'][number] | undefined>(
      (last, instance) => (!last || instance.createdAt > last.createdAt ? instance : last),
      undefined,
    );
  const connected = clusters.find(({ connection }) => connection.state === 'connected');
  return newest?.clusterId ?? (connected ?? clusters[0])?.cluster.id ?? '';
}

export function usePreferredCluster(): string {
  const chosen = useUi((state) => state.clusterId);
  return useStore((state) => preferredCluster(state, chosen));
}
