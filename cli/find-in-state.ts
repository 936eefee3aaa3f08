import { AppError } from '../electron/shared/errors.ts';
import { isLive, isOver } from '../electron/shared/instance-policy.ts';
import type { Instance } from '../electron/shared/instances.ts';
import { message } from '../electron/shared/messages.ts';
import type { EngineState } from '../electron/shared/state.ts';

/** Where a command runs: on a cluster's login node, or with an app. */
export type Target = { clusterId: string } | { appId: string };

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

/** A running app by its id or a part of it that fits one only. */
export function findInstance(state: Pick<EngineState, 'instances'>, id: string): Instance {
  const found = state.instances.filter((instance) => instance.id.startsWith(id));
  if (found.length === 1 && found[0]) return found[0];
  throw new AppError(
    'not-found',
    found.length === 0 ? message`There is no app “${{ id }}”.` : message`“${{ id }}” fits several apps.`,
    {
      hint: 'See them with: tunel ps',
    },
  );
}

/** A cluster by its name, or a running app by its id. @throws AppError `not-found`, `conflict`, `bad-input` */
export function findTarget(state: EngineState, cluster: string | undefined, app: string | undefined): Target {
  if (app !== undefined) {
    const instance = findInstance(state, app);
    if (hasEnded(instance)) {
      throw new AppError('conflict', message`${{ title: instance.title }} has ended.`, {
        hint: 'See what runs with: tunel ps',
      });
    }
    return { appId: instance.id };
  }
  if (cluster !== undefined) return { clusterId: findCluster(state, cluster).id };
  throw new AppError('bad-input', 'Where? Neither a cluster nor --app ID was given.', {
    hint: 'See the clusters with: tunel clusters',
  });
}
