import type { Duplex } from 'node:stream';
import { AppError, type ErrorCode, throwIfAborted } from '../../shared/errors.ts';
import type { RouteInfo } from '../../shared/instances.ts';
import { limited } from '../ssh/run.ts';
import type { Connection, Lease } from '../ssh/types.ts';
import { endsTheSearch, noRouteHint, planRoutes, type RouteStep, refusalReason, routeInfo } from './route-policy.ts';
import type { FindRoute, Route } from './types.ts';

const CHANNEL_MS = 8000;

/** Tries each way by opening a channel, which is closed again; the first that connects is the route. */
export const findRoute: FindRoute = async ({ connection, endpoint, remembered, signal }) => {
  const refused: RouteInfo['refused'] = [];
  const codes: ErrorCode[] = [];
  for (const step of planRoutes(endpoint, connection.node, remembered)) {
    throwIfAborted(signal);
    try {
      return await tryStep(connection, step, refused, signal);
    } catch (thrown) {
      const error = AppError.from(thrown);
      throwIfAborted(signal);
      if (connection.closed.aborted) throw AppError.from(connection.closed.reason);
      if (endsTheSearch(error)) throw error;
      refused.push({ kind: step.kind, reason: refusalReason(step, connection.node, error) });
      codes.push(error.code);
    }
  }
  throw new AppError('no-route', `There is no way from here to the app on ${endpoint.node}.`, {
    detail: refused.map(({ kind, reason }) => `${kind}: ${reason}`).join('\n'),
    hint: noRouteHint(endpoint, codes),
  });
};

async function tryStep(
  connection: Connection,
  step: RouteStep,
  refused: RouteInfo['refused'],
  signal: AbortSignal | undefined,
): Promise<Route> {
  // No limit of ours on the hop: the user may be asked on the way; silence has limits of its own there.
  const lease: Lease | null = step.hop === null ? null : await connection.hop(step.hop, signal);
  const through = lease?.connection ?? connection;
  let open = true;
  try {
    const channel = await openTarget(through, step, signal);
    discard(channel);
  } catch (error) {
    lease?.release();
    throw error;
  }
  return {
    info: routeInfo(step, refused),
    open: (openSignal) => openTarget(through, step, openSignal),
    close() {
      if (!open) return;
      open = false;
      lease?.release();
    },
  };
}

async function openTarget(
  through: Connection,
  { target }: RouteStep,
  signal: AbortSignal | undefined,
): Promise<Duplex> {
  const what = target.kind === 'socket' ? target.path : `${target.host}:${target.port}`;
  const late = () => new AppError('timeout', `${through.node} did not open ${what} within ${CHANNEL_MS / 1000} s.`);
  const limit = limited(signal, CHANNEL_MS, late);
  try {
    return target.kind === 'socket'
      ? await through.openSocket(target.path, limit.signal)
      : await through.openPort(target.host, target.port, limit.signal);
  } finally {
    limit.done();
  }
}

/** A probe's channel: what the app says on it, or how it ends, is of no interest. */
function discard(channel: Duplex): void {
  channel.on('error', () => undefined);
  channel.resume();
  channel.end();
  channel.destroy();
}
