import type { ConnectionState } from '../electron/shared/clusters.ts';
import { AppError } from '../electron/shared/errors.ts';
import { isLive } from '../electron/shared/instance-policy.ts';
import type { Instance } from '../electron/shared/instances.ts';
import type { EngineState } from '../electron/shared/state.ts';
import type { OpenCore } from './open-core.ts';

/** How long `ps` waits for a connected cluster to tell of its apps: a poll of the scheduler and a first answer. */
const LOOK_MS = 5000;

const undecided: readonly ConnectionState[] = ['connecting', 'asking', 'reconnecting'];
/** Only the user can go on from here. */
const stuck: readonly ConnectionState[] = ['unreachable', 'sign-in-needed', 'key-changed'];
const unsure: readonly Instance['state'][] = ['starting', 'waiting', 'reconnecting'];

const connectionOf = (state: EngineState, clusterId: string) =>
  state.clusters.find(({ cluster }) => cluster.id === clusterId)?.connection;

const live = (state: EngineState) => state.instances.filter((app) => isLive(app.state));

/** Waits until each cluster with running apps is connected, or cannot be. */
export function connected(open: OpenCore): Promise<true> {
  return open.until((state) =>
    live(state).some(({ clusterId }) => undecided.includes(connectionOf(state, clusterId)?.state ?? 'disconnected'))
      ? null
      : true,
  );
}

/** Then waits, for a while, until no app there is in between: what is shown is the cluster's word, not memory's. */
export async function settled(open: OpenCore): Promise<void> {
  await connected(open);
  const limit = AbortSignal.timeout(LOOK_MS);
  await open.until((state) => {
    const inBetween = live(state).some(
      (app) => unsure.includes(app.state) && connectionOf(state, app.clusterId)?.state === 'connected',
    );
    return inBetween ? null : true;
  }, limit);
}

/** Waits for an app. @throws the connection's own error when its cluster is out of reach */
export async function untilReached(open: OpenCore, app: Instance, look: (now: Instance) => boolean): Promise<Instance> {
  const found = await open.until((state) => {
    const now = state.instances.find(({ id }) => id === app.id);
    if (now && look(now)) return { now };
    const connection = connectionOf(state, app.clusterId);
    return connection && stuck.includes(connection.state) ? { error: connection.error } : null;
  });
  if (found?.now) return found.now;
  throw found?.error
    ? AppError.revive(found.error)
    : new AppError('connection-lost', `${app.clusterName} cannot be reached.`, {
        hint: `Try: tunel clusters test ${app.clusterName}`,
      });
}
