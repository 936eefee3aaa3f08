import type { Duplex } from 'node:stream';
import { AppError, type ErrorCode, throwIfAborted } from '../../shared/errors.ts';
import type { RouteInfo } from '../../shared/instances.ts';
import { message } from '../../shared/messages.ts';
import { limited } from '../ssh/shells/run.ts';
import type { Connection, Lease } from '../ssh/types.ts';
import { endsTheSearch, noRouteHint, refusalReason } from './refusal-reasons.ts';
import { RelayRoute } from './relay/relay-route.ts';
import { orderRoutes, planRoutes, type RouteBar, type RouteStep, routeInfo } from './route-policy.ts';
import type { FindRoute, FindRouteInput, Route } from './types.ts';

const CHANNEL_MS = 8000;

/** A route that works: what opens channels, and what gives it back. */
type Opened = Pick<Route, 'open' | 'close'>;

/** Tries each route by opening a channel, which is closed again; the first that connects is the route. */
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
  const bars: RouteBar['code'][] = [];
  const codes: ErrorCode[] = [];
  for (const step of steps) {
    throwIfAborted(signal);
    if (step.barred) {
      refused.push({ kind: step.kind, reason: step.barred.reason });
      bars.push(step.barred.code);
      continue;
    }
    let opened: Opened | null = null;
    try {
      opened = step.kind === 'relay' ? await openRelay(input, step) : await openForward(input, step);
      discard(await opened.open(signal));
      const asKnown = known !== null && step === steps[0];
      const info = routeInfo(step, asKnown ? known : refused);
      return { info, toRemember: asKnown ? null : { kind: step.kind, refused, at: clock.now() }, ...opened };
    } catch (thrown) {
      opened?.close();
      const error = AppError.from(thrown);
      throwIfAborted(signal);
      if (connection.closed.aborted) throw AppError.from(connection.closed.reason);
      if (endsTheSearch(error)) throw error;
      refused.push({ kind: step.kind, reason: refusalReason(step, connection.node, error, opened !== null) });
      codes.push(error.code);
    }
  }
  throw new AppError('no-route', message`There is no way from here to the app on ${{ node: endpoint.node }}.`, {
    detail: refused.map(({ kind, reason }) => `${kind}: ${reason}`).join('\n'),
    hint: noRouteHint(endpoint, bars, codes),
  });
};

async function openForward({ connection, signal, reason }: FindRouteInput, step: RouteStep): Promise<Opened> {
  // No limit of ours on the hop: the user may be asked meanwhile; silence has limits of its own there.
  const lease: Lease | null = step.hop === null ? null : await connection.hop(step.hop, signal, reason);
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

async function openRelay(
  { connection, endpoint, job, clock, signal }: FindRouteInput,
  step: RouteStep,
): Promise<Opened> {
  const { target } = step;
  const relay = new RelayRoute({
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
    await relay.ready(signal);
  } catch (error) {
    relay.close();
    throw error;
  }
  return {
    open: async (openSignal) => {
      await relay.ready(openSignal);
      return withinLimit(connection, step, openSignal, (limit) => relay.open(limit));
    },
    close: () => relay.close(),
  };
}

async function withinLimit<T>(
  through: Connection,
  { target }: RouteStep,
  signal: AbortSignal | undefined,
  open: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const what = target.kind === 'socket' ? target.path : `${target.host}:${target.port}`;
  const late = () =>
    new AppError(
      'timeout',
      message`${{ node: through.node }} did not open ${{ what }} within ${{ seconds: CHANNEL_MS / 1000 }} s.`,
    );
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
