import { useStore } from '../../store.ts';
import type { Source } from './places.ts';

const localName = 'This computer';

/** What a computer is called; one that was removed has its id. */
export function useSourceName(source: Source | null): string {
  return useStore(({ clusters }) => {
    if (!source) return 'Choose';
    if (source.kind === 'local') return localName;
    return clusters.find(({ cluster }) => cluster.id === source.clusterId)?.cluster.name ?? source.clusterId;
  });
}
