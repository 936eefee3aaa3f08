import type { RequestInput, RequestOutput } from '../../../electron/shared/contract/index.ts';
import { isOver, listedEnded } from '../../../electron/shared/instance-policy.ts';
import type { Instance } from '../../../electron/shared/instances.ts';
import type { Filter } from '../../text/instance.ts';

/** What older apps are looked for; an empty value: any. */
export interface OlderFilter {
  text: string;
  clusterId: string;
}

export type OlderPage = RequestOutput<'history.query'>;

/** The state lists as many ended apps as it ever does, so the history may have more. */
export const mayHaveOlder = (listed: readonly Pick<Instance, 'state'>[]): boolean =>
  listed.filter(({ state }) => isOver(state)).length >= listedEnded;

/** What the engine is asked for; null: the page's filter shows none that has ended. */
export function olderQuery(filter: Filter, { text, clusterId }: OlderFilter): RequestInput<'history.query'> | null {
  if (filter !== 'all' && filter !== 'you') return null;
  return {
    kind: 'app',
    states: filter === 'you' ? ['failed'] : ['ended', 'failed'],
    ...(text.trim() !== '' && { text: text.trim() }),
    ...(clusterId !== '' && { clusterId }),
  };
}

/** Reads pages until one has something that is not shown yet, or there are no more: the newest are in the state too. */
export async function readOlder(
  read: (cursor: string | null) => Promise<OlderPage>,
  from: string | null,
  isShown: (id: string) => boolean,
): Promise<OlderPage> {
  let cursor = from;
  for (;;) {
    const { instances, next } = await read(cursor);
    const fresh = instances.filter(({ id }) => !isShown(id));
    if (fresh.length > 0 || next === null) return { instances: fresh, next };
    cursor = next;
  }
}

/** Without those that the state lists by now and those that were removed. */
export const withoutKnown = (
  older: readonly Instance[],
  listed: readonly Pick<Instance, 'id'>[],
  removed: ReadonlySet<string>,
): Instance[] => {
  const known = new Set(listed.map(({ id }) => id));
  return older.filter(({ id }) => !known.has(id) && !removed.has(id));
};
