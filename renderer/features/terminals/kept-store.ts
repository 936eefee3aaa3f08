import { create } from 'zustand';
import type { KeptTerminal } from '../../../electron/shared/terminals.ts';
import { invoke } from '../../bridge.ts';
import { useStore } from '../../store.ts';
import { useTerminals } from './terminals-store.ts';

/** Terminals that go on on connected clusters, as they were listed last; shown in this window or not. */
const useKept = create<{ list: readonly KeptTerminal[] }>(() => ({ list: [] }));

const connectedIds = () =>
  useStore
    .getState()
    .clusters.flatMap(({ cluster, connection }) => (connection.state === 'connected' ? [cluster.id] : []));

/** Lists those of a cluster anew. Where they cannot be listed, none is offered. */
async function listKept(clusterId: string): Promise<void> {
  const listed = await invoke('terminals.list', { clusterId }).catch((error: unknown) => {
    console.warn('The kept terminals of a cluster were not listed.', error);
    return [];
  });
  useKept.setState(({ list }) => ({ list: [...list.filter((each) => each.clusterId !== clusterId), ...listed] }));
}

export function listAllKept(): void {
  for (const clusterId of connectedIds()) void listKept(clusterId);
}

/** Takes one that has ended off the list. */
export function forgetKept(id: string): void {
  useKept.setState(({ list }) => ({ list: list.filter((each) => each.id !== id) }));
}

/** Those of the list that no tab of this window shows. */
export function offeredOf(
  list: readonly KeptTerminal[],
  tabs: readonly { kept: KeptTerminal | null }[],
): readonly KeptTerminal[] {
  const shown = new Set(tabs.map(({ kept }) => kept?.id));
  return list.filter(({ id }) => !shown.has(id));
}

export function useOfferedTerminals(): readonly KeptTerminal[] {
  const list = useKept((state) => state.list);
  const tabs = useTerminals((state) => state.tabs);
  return offeredOf(list, tabs);
}

/** Calls back with each cluster that becomes connected; undone by the returned function. */
export function onConnected(listener: (clusterId: string) => void): () => void {
  let known = new Set<string>();
  const look = () => {
    const now = new Set(connectedIds());
    for (const id of now) if (!known.has(id)) listener(id);
    known = now;
  };
  look();
  return useStore.subscribe(look);
}

/** Lists the kept terminals of each cluster that becomes connected; undone by the returned function. */
export const startListingKept = (): (() => void) => onConnected((clusterId) => void listKept(clusterId));
