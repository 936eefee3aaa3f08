/** Transfers of one cluster at a time, so that commands and terminals keep their share. */
export const AT_ONCE = 2;

export interface Queued {
  id: string;
  /** One, or both of a copy between clusters. */
  clusters: readonly string[];
  isRunning: boolean;
}

/** Those that begin now: in order, as many as their clusters have room for. */
export function startable(queue: readonly Queued[]): string[] {
  const running = new Map<string, number>();
  const count = (cluster: string) => running.get(cluster) ?? 0;
  const add = ({ clusters }: Queued) => {
    for (const cluster of clusters) running.set(cluster, count(cluster) + 1);
  };
  for (const each of queue) if (each.isRunning) add(each);
  return queue.flatMap((each) => {
    if (each.isRunning || each.clusters.some((cluster) => count(cluster) >= AT_ONCE)) return [];
    add(each);
    return [each.id];
  });
}
