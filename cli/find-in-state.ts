import type { Target } from '../electron/core/terminals/types.ts';
import { AppError } from '../electron/shared/errors.ts';
import { isOver } from '../electron/shared/instance-policy.ts';
import type { Instance } from '../electron/shared/instances.ts';
import type { EngineState } from '../electron/shared/state.ts';

/** A saved cluster by its name or id. @throws AppError `not-found` naming what there is */
export function findCluster(state: EngineState, name: string) {
  const found = state.clusters.find(({ cluster }) => cluster.name === name || cluster.id === name);
  if (found) return found.cluster;
  throw new AppError('not-found', `There is no cluster “${name}”.`, {
    hint: `There are: ${state.clusters.map(({ cluster }) => cluster.name).join(', ') || 'none; add one with: tunel clusters add'}.`,
  });
}

/** A running app by its id or a part of it that fits one only. */
export function findInstance(state: EngineState, id: string): Instance {
  const found = state.instances.filter((instance) => instance.id.startsWith(id));
  if (found.length === 1 && found[0]) return found[0];
  throw new AppError('not-found', found.length === 0 ? `There is no app “${id}”.` : `“${id}” fits several apps.`, {
    hint: 'See them with: tunel ps',
  });
}

/** Where a command is to run: on a cluster by its name, or with an app by its id. */
export function findTarget(state: EngineState, cluster: string | undefined, app: string | undefined): Target {
  if (app !== undefined) {
    const instance = findInstance(state, app);
    if (isOver(instance.state)) {
      throw new AppError('conflict', `${instance.title} has ended.`, { hint: 'See what runs with: tunel ps' });
    }
    return { appId: instance.id };
  }
  if (cluster !== undefined) return { clusterId: findCluster(state, cluster).id };
  throw new AppError('bad-input', 'Where? Neither a cluster nor --app ID was given.', {
    hint: 'See the clusters with: tunel clusters',
  });
}

/** The demo cluster runs in this process, so it has to be begun for those who mean it. */
export const needsDemo = (cluster: string | undefined, app: string | undefined): boolean =>
  cluster === 'demo' || app !== undefined;
