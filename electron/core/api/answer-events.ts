import type { ServerResponse } from 'node:http';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import { AppError } from '../../shared/errors.ts';
import { unlessAborted } from '../unless-aborted.ts';
import { callerLife } from './caller-life.ts';
import { sendEvents } from './event-stream.ts';
import { clientSignal, type Env, type RouteDeps } from './route-context.ts';

/**
 * @param cluster the id or name of a cluster, of which only transitions are sent; null: all that the caller may hear
 * @throws AppError `not-permitted`, `bad-input` or a refusal of the token before anything is sent
 */
export async function answerEvents(
  context: Context<Env>,
  { core, clock, activity, stopping, open }: RouteDeps,
  cluster: string | null,
): Promise<typeof RESPONSE_ALREADY_SENT> {
  const caller = context.get('caller');
  const answersPrompts = cluster === null && context.req.query('prompts') === '1';
  if (answersPrompts && caller.kind === 'token') {
    throw new AppError('not-permitted', "Only the user's own clients may answer questions of a sign-in.");
  }
  const lastEventId = eventIdOf(context.req.header('last-event-id'));
  const clusterId = cluster === null ? undefined : core.clusterIdOf(cluster);
  const signal = AbortSignal.any([clientSignal(context), stopping]);
  // Before the user is asked: a call that waits for an answer is open, too.
  const release = open.events.begin(caller);
  try {
    await unlessAborted(core.admitSubscriber({ caller, signal, clusterId }), signal);
  } catch (error) {
    release();
    throw error;
  }
  const life = callerLife(core, clock, caller, clusterId ?? null);
  const ends = [release, life.end, activity.begin('clients'), ...(answersPrompts ? [activity.begin('prompters')] : [])];
  sendEvents(context.env.outgoing as ServerResponse, {
    core,
    caller,
    clusterId: clusterId ?? null,
    stopping: AbortSignal.any([stopping, life.signal]),
    lastEventId,
    onEnd() {
      for (const end of ends) end();
    },
  });
  return RESPONSE_ALREADY_SENT;
}

/** @throws AppError `bad-input` */
function eventIdOf(header: string | undefined): number | null {
  if (header === undefined || header === '') return null;
  if (!/^\d{1,15}$/.test(header)) throw new AppError('bad-input', 'Last-Event-ID is not the id of an event of Tunel.');
  return Number(header);
}
