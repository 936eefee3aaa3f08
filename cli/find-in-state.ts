import { AppError } from '../electron/shared/errors.ts';
import { isLive, isOver } from '../electron/shared/instance-policy.ts';
import type { Instance } from '../electron/shared/instances.ts';
import { message } from '../electron/shared/messages.ts';
import type { EngineState } from '../electron/shared/state.ts';

/** Nothing more happens to it by itself. */
export const isSettled = ({ state }: Pick<Instance, 'state'>): boolean => !isLive(state);
export const hasEnded = ({ state }: Pick<Instance, 'state'>): boolean => isOver(state);

/** A saved cluster by its name or id. @throws AppError `not-found` naming what there is */
export function findCluster(state: Pick<EngineState, 'clusters'>, name: string) {
  const found = state.clusters.find(({ cluster }) => cluster.name === name || cluster.id === name);
  if (found) return found.cluster;
  throw new AppError('not-found', message`There is no cluster “${{ name }}”.`, {
    hint: message`There are: ${{ clusters: state.clusters.map(({ cluster }) => cluster.name).join(', ') || 'none; add one with: tunel clusters add' }}.`,
  });
}

/** Nothing more happens to the app with this id: it is settled, or left the list. */
export function isSettledIn(state: Pick<EngineState, 'instances'>, id: string): boolean {
  const now = state.instances.find((instance) => instance.id === id);
  return now === undefined || isSettled(now);
}

/**
 * Looks for the end of something that the state may not list yet, since changes are sent a few times a second. It is over when it
 * says so, or has left the list.
 */
export function endOf<T>(
  find: (state: EngineState) => T | undefined,
  isOver: (now: T) => boolean,
): (state: EngineState) => true | null {
  let wasListed = false;
  return (state) => {
    const now = find(state);
    if (now === undefined) return wasListed || null;
    wasListed = true;
    return isOver(now) || null;
  };
}
