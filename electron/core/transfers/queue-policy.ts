/** Transfers of one cluster at a time, so that commands and terminals keep their share. */
export const AT_ONCE = 2;

export interface Queued {
  id: string;
  /** One, or both of a copy between clusters. */
  clusters: readonly string[];
  /** Of these it has a connection, or waits for one, in place of another transfer; none: it waits for its turn. */
  holds: readonly string[];
  /** It begins, or goes on, when it has its turn. */
  isReady: boolean;
}

/** Those that have their turn now: in order, as many as their clusters have room for. */
export function startable(queue: readonly Queued[]): string[] {
  const held = new Map<string, number>();
  const count = (cluster: string) => held.get(cluster) ?? 0;
  const add = (clusters: readonly string[]) => {
    for (const cluster of clusters) held.set(cluster, count(cluster) + 1);
  };
  for (const each of queue) add(each.holds);
  return queue.flatMap(({ id, clusters, isReady }) => {
    if (!isReady || clusters.some((cluster) => count(cluster) >= AT_ONCE)) return [];
    add(clusters);
    return [id];
  });
}
