import type { ConnectionEvent } from '../../../electron/shared/clusters.ts';

/**
 * The log newest first, in which what a cluster says again and again stands once, at its last time: each round of a
 * sign-in asks anew, and a cluster that stays away fails alike each time.
 */
export function foldEvents(log: readonly ConnectionEvent[]): (ConnectionEvent & { times: number })[] {
  const shown: (ConnectionEvent & { times: number })[] = [];
  const last = new Map<string, ConnectionEvent & { times: number }>();
  for (const event of [...log].sort((a, b) => b.at - a.at)) {
    const later = last.get(event.clusterId);
    if (later && later.kind === event.kind && later.text === event.text) {
      later.times += 1;
      continue;
    }
    const entry = { ...event, times: 1 };
    last.set(event.clusterId, entry);
    shown.push(entry);
  }
  return shown;
}
