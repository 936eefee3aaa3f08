import type { Duplex } from 'node:stream';
import { AppError, type ErrorCode, throwIfAborted } from '../../shared/errors.ts';
import type { RouteInfo } from '../../shared/instances.ts';
import { limited } from '../ssh/shells/run.ts';
import type { Connection, Lease } from '../ssh/types.ts';
import { endsTheSearch, noRouteHint, refusalReason } from './refusal-words.ts';
import { RelayWay } from './relay/relay-way.ts';
import { orderRoutes, planRoutes, type RouteStep, routeInfo } from './route-policy.ts';
import type { FindRoute, FindRouteInput, Route } from './types.ts';

const CHANNEL_MS = 8000;

/** A way that works: what opens channels, and what gives it back. */
type Way = Pick<Route, 'open' | 'close'>;

/** Tries each way by opening a channel, which is closed again; the first that connects is the route. */
export const findRoute: FindRoute = async (input) => {
  const { connection, endpoint, job, signal, clock } = input;
  const canEnter = job !== undefined && job.launcher.enter({ ...job, node: endpoint.node }, ':') !== null;
  const planned = planRoutes({
    endpoint,
    loginNodes: [connection.node, ...(input.loginNode ? [input.loginNode] : [])],
    job: job && { launcher: job.launcher.name, canEnter },
    hasToken: input.hasToken,
    forbidden: input.forbidden ?? [],
  });
  const { steps, known } = orderRoutes(planned, input.remembered, clock.now());
  const refused: RouteInfo['refused'] = [];
  const codes: ErrorCode[] = [];
  for (const step of steps) {
    throwIfAborted(signal);
    if (step.barred) {
      refused.push({ kind: step.kind, reason: step.barred });
      continue;
    }
    let way: Way | null = null;
    try {
      way = step.kind === 'relay' ? await relayWay(input, step) : await forwardWay(input, step);
      discard(await way.open(signal));
      const asKnown = known !== null && step === steps[0];
      const info = routeInfo(step, asKnown ? known : refused);
      return { info, learnt: asKnown ? null : { kind: step.kind, refused, at: clock.now() }, ...way };
    } catch (thrown) {
      way?.close();
      const error = AppError.from(thrown);
      throwIfAborted(signal);
      if (connection.closed.aborted) throw AppError.from(connection.closed.reason);
      if (endsTheSearch(error)) throw error;
      refused.push({ kind: step.kind, reason: refusalReason(step, connection.node, error, way !== null) });
      codes.push(error.code);
    }
  }
  throw new AppError('no-route', `There is no way from here to the app on ${endpoint.node}.`, {
    detail: refused.map(({ kind, reason }) => `${kind}: ${reason}`).join('\n'),
    hint: noRouteHint(endpoint, refused, codes),
  });
};

async function forwardWay({ connection, signal }: FindRouteInput, step: RouteStep): Promise<Way> {
  // No limit of ours on the hop: the user may be asked on the way; silence has limits of its own there.
  const lease: Lease | null = step.hop === null ? null : await connection.hop(step.hop, signal);
  const through = lease?.connection ?? connection;
  let held = true;
  return {
    open: (openSignal) => withinLimit(through, step, openSignal, (limit) => openTarget(through, step, limit)),
    close() {
      if (held) lease?.release();
      held = false;
    },
  };
}

async function relayWay({ connection, endpoint, job, clock, signal }: FindRouteInput, step: RouteStep): Promise<Way> {
  const { target } = step;
  const way = new RelayWay({
    connection,
    enter: (command) => {
      const entering = job?.launcher.enter({ ...job, node: endpoint.node }, command);
      if (!entering) throw new AppError('internal', 'A relay was planned for a job that cannot be entered.');
      return entering;
    },
    target: target.kind === 'socket' ? { socket: target.path } : { port: target.port },
    node: endpoint.node,
    where: job?.launcher.name === 'login' ? `the session on ${connection.node}` : `the job on ${endpoint.node}`,
    clock,
  });
  try {
    await way.ready(signal);
  } catch (error) {
    way.close();
    throw error;
  }
  return {
    open: async (openSignal) => {
      await way.ready(openSignal);
      return withinLimit(connection, step, openSignal, (limit) => way.open(limit));
    },
    close: () => way.close(),
  };
}

async function withinLimit<T>(
  through: Connection,
  { target }: RouteStep,
  signal: AbortSignal | undefined,
  open: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const what = target.kind === 'socket' ? target.path : `${target.host}:${target.port}`;
  const late = () => new AppError('timeout', `${through.node} did not open ${what} within ${CHANNEL_MS / 1000} s.`);
  const limit = limited(signal, CHANNEL_MS, late);
  try {
    return await open(limit.signal);
  } finally {
    limit.done();
  }
}

function openTarget(through: Connection, { target }: RouteStep, signal: AbortSignal): Promise<Duplex> {
  return target.kind === 'socket'
    ? through.openSocket(target.path, signal)
    : through.openPort(target.host, target.port, signal);
}

/** A probe's channel: what the app says on it, or how it ends, is of no interest. */
function discard(channel: Duplex): void {
  channel.on('error', () => undefined);
  channel.resume();
  channel.end();
  channel.destroy();
}
