import { AppError } from '../electron/shared/errors.ts';
import type { Instance } from '../electron/shared/instances.ts';
import { message } from '../electron/shared/messages.ts';
import type { EngineState } from '../electron/shared/state.ts';
import type { StateSession } from './engine-session.ts';
import { findCluster, hasEnded } from './find-in-state.ts';
import { UsageError } from './usage-error.ts';

/** Where a command runs: on a cluster's login node, or with an app. */
type Target = { clusterId: string } | { appId: string };

type Session = Pick<StateSession, 'state' | 'request'>;

/** The app of the state with this id or beginning of an id; null: none. @throws AppError `not-found` where several fit */
export function findListed(state: Pick<EngineState, 'instances'>, id: string): Instance | null {
  return onlyOne(
    state.instances.filter((instance) => instance.id.startsWith(id)),
    id,
  );
}

/** An app by its id or a beginning of it that fits one only, among those of the state, else of the history. */
export async function findInstance({ state, request }: Session, id: string): Promise<Instance> {
  const listed = findListed(state(), id);
  if (listed) return listed;
  const { instances } = id === '' ? { instances: [] } : await request('history.query', { idPrefix: id, limit: 2 });
  const older = onlyOne(instances, id);
  if (older) return older;
  throw new AppError('not-found', message`There is no app “${{ id }}”.`, {
    hint: 'See them with: tunel ps, and older ones with: tunel history',
  });
}

function onlyOne(found: readonly Instance[], id: string): Instance | null {
  if (found.length <= 1) return found[0] ?? null;
  throw new AppError('not-found', message`“${{ id }}” fits several apps.`, {
    hint: 'See them with: tunel ps, and older ones with: tunel history',
  });
}

/** A cluster by its name, or a running app by its id. @throws AppError `not-found`, `conflict`, `bad-input` */
export async function findTarget(
  session: Session,
  cluster: string | undefined,
  app: string | undefined,
): Promise<Target> {
  if (app !== undefined) {
    const instance = await findInstance(session, app);
    if (hasEnded(instance)) {
      throw new AppError('conflict', message`${{ title: instance.title }} has ended.`, {
        hint: 'See what runs with: tunel ps',
      });
    }
    return { appId: instance.id };
  }
  if (cluster !== undefined) return { clusterId: findCluster(session.state(), cluster).id };
  throw new UsageError('Where? Neither a cluster nor --app ID was given.', {
    hint: 'See the clusters with: tunel clusters',
  });
}
