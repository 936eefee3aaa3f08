import { useMemo } from 'react';
import { useStore } from '../../store.ts';
import { type Filter, filters, foldEnded, matchesFilter } from '../../text/instance.ts';

/** The apps that a filter shows, newest first, and how many each filter would show. */
export function useFilteredApps(filter: Filter) {
  const listed = useStore((state) => state.instances);
  // Batch jobs have a page of their own.
  const instances = useMemo(() => listed.filter(({ kind }) => kind === 'app'), [listed]);
  const clusters = useStore((state) => state.clusters);
  const byId = useMemo(() => new Map(clusters.map((entry) => [entry.cluster.id, entry])), [clusters]);
  const newest = useMemo(() => [...instances].sort((a, b) => b.createdAt - a.createdAt), [instances]);
  const findMatching = (wanted: Filter) =>
    newest.filter((instance) => matchesFilter(wanted, instance, byId.get(instance.clusterId)));
  const matching = findMatching(filter);
  const counts = Object.fromEntries(filters.map((value) => [value, findMatching(value).length])) as Record<
    Filter,
    number
  >;
  return { listed, instances, byId, matching, counts, ...foldEnded(matching) };
}
