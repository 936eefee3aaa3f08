import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { AppError } from '../../shared/errors.ts';
import type { Caller } from '../../shared/tokens.ts';
import type { Core } from '../core.ts';
import type { Clock, Logger } from '../deps.ts';
import type { Activity } from './activity.ts';
import type { AdmissionPolicy } from './admission.ts';
import type { openLimits } from './open-limit.ts';

export interface ServerDeps {
  core: Core;
  clock: Clock;
  activity: Activity;
  admission: AdmissionPolicy;
  logger: Logger;
  /** How many subscriptions and streams a caller may have open. */
  open: ReturnType<typeof openLimits>;
}

/** What the routes have of a server. */
export interface RouteDeps extends ServerDeps {
  /** Its reason is sent to the clients when the engine ends. */
  stopping: AbortSignal;
}

export type Env = { Bindings: HttpBindings; Variables: { caller: Caller } };

/** Fires with `cancelled` when the client goes before its answer is complete. It does not read the body, as `req.raw.signal` does. */
export function clientSignal({ env }: Context<Env>): AbortSignal {
  const leaving = new AbortController();
  const { outgoing } = env;
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) leaving.abort(new AppError('cancelled', 'The client has gone.'));
  });
  return leaving.signal;
}
