import type { ConnectionState } from '../electron/shared/clusters.ts';
import { AppError } from '../electron/shared/errors.ts';
import type { Instance } from '../electron/shared/instances.ts';
import { message } from '../electron/shared/messages.ts';
import type { EngineState } from '../electron/shared/state.ts';
import type { StateSession } from './engine-session.ts';
import { isSettled } from './find-in-state.ts';
import { showInstanceWait } from './wait-status.ts';

/** How long `ps` waits for news of the apps on a connected cluster: a poll of the scheduler and a first answer. */
const SETTLE_MS = 5000;

const undecided: readonly ConnectionState[] = ['connecting', 'asking', 'reconnecting'];
/** Only the user can go on from here. */
const stuck: readonly ConnectionState[] = ['unreachable', 'sign-in-needed', 'key-changed'];
const changing: readonly Instance['state'][] = ['starting', 'waiting', 'reconnecting'];

export const connectionOf = (state: EngineState, clusterId: string) =>
  state.clusters.find(({ cluster }) => cluster.id === clusterId)?.connection;

const runningIn = (state: EngineState) => state.instances.filter((app) => !isSettled(app));

/** Waits until each cluster with running apps is connected, or cannot be. */
export function untilConnected(session: StateSession): Promise<true> {
  return session.until((state) =>
    runningIn(state).some(({ clusterId }) =>
      undecided.includes(connectionOf(state, clusterId)?.state ?? 'disconnected'),
    )
      ? null
      : true,
  );
}

/** Then waits, for a while, until each app's state is what its cluster says instead of what was last known. */
export async function untilSettled(session: StateSession): Promise<void> {
  await untilConnected(session);
  const limit = AbortSignal.timeout(SETTLE_MS);
  await session.until((state) => {
    const isChanging = runningIn(state).some(
      (app) => changing.includes(app.state) && connectionOf(state, app.clusterId)?.state === 'connected',
    );
    return isChanging ? null : true;
  }, limit);
}

/** Waits for a while until its cluster says that its job is on hold; the engine decides whether it can be released. */
export async function untilHeld(session: StateSession, id: string): Promise<void> {
  await untilConnected(session);
  const isHeld = (state: EngineState) =>
    state.instances.some((app) => app.id === id && (isSettled(app) || app.job?.state === 'held'));
  await session.until((state) => (isHeld(state) ? true : null), AbortSignal.timeout(SETTLE_MS));
}

/** Waits for an app. @throws the connection's own error when its cluster is out of reach */
export async function untilReached(
  session: StateSession,
  app: Instance,
  isReached: (now: Instance) => boolean,
): Promise<Instance> {
  const hide = showInstanceWait(session, app.id);
  const found = await session
    .until((state) => {
      // One that is not listed has ended before those that are.
      const now = state.instances.find(({ id }) => id === app.id) ?? app;
      if (isReached(now)) return { now };
      const connection = connectionOf(state, app.clusterId);
      return connection && stuck.includes(connection.state) ? { error: connection.error } : null;
    })
    .finally(hide);
  if (found.now) return found.now;
  throw found.error
    ? AppError.revive(found.error)
    : new AppError('connection-lost', message`${{ clusterName: app.clusterName }} cannot be reached.`, {
        hint: message`Try: tunel clusters test ${{ clusterName: app.clusterName }}`,
      });
}
