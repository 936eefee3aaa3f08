import type { ServerResponse } from 'node:http';
import type { ClientEvent } from '../../client/core-client.ts';
import { AppError } from '../../shared/errors.ts';
import { onAbort } from '../../shared/on-abort.ts';
import type { Caller } from '../../shared/tokens.ts';
import type { Transition } from '../../shared/transitions.ts';
import type { Core } from '../core.ts';
import { subscribeTo } from './in-process-client.ts';

/** A client that lets this much wait reads no more, bytes. The state that one of the user's own clients begins with comes on top. */
const MAX_UNREAD = { owner: 4 * 1024 * 1024, token: 256 * 1024 };
/** Of a long history it gets so much at once, and then continues by Last-Event-ID. */
const MOST_AT_ONCE = 32 * 1024 * 1024;
/** How long it may then take to read why its subscription ends, ms. */
const FAREWELL_LIMIT = 60_000;

/** Who hears events, and until when. */
interface Audience {
  core: Core;
  caller: Caller;
  /** Only transitions of this cluster are sent; null: all that the caller may hear. */
  clusterId: string | null;
  /** Its reason is the last event. */
  stopping: AbortSignal;
  /** The id of the last event that a token's client has seen; null: only new ones are sent. */
  lastEventId: number | null;
  /** Runs once. */
  onEnd: () => void;
}

/**
 * Sends events as server-sent events until the client goes, or until `stopping` fires: to the user's own clients the whole
 * state and then every event, to a token the transitions of its clusters.
 */
export function sendEvents(response: ServerResponse, audience: Audience): void {
  const { core, caller, clusterId, stopping, onEnd } = audience;
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const tooSlow = new AbortController();
  const ending = AbortSignal.any([stopping, tooSlow.signal]);
  // Before there are live events, what waits is what the client has asked to begin with.
  let limit = MOST_AT_ONCE;
  const write = (text: string) => {
    if (ending.aborted) return;
    response.write(text);
    if (response.writableLength > limit) tooSlow.abort(readsTooSlowly());
  };
  const hearsAll = caller.kind === 'owner' && clusterId === null;
  const stops = hearsAll ? sendAll(core, write) : sendTransitions(audience, write);
  limit = response.writableLength + MAX_UNREAD[caller.kind];
  // A client that goes is heard of by 'close'.
  response.on('error', () => undefined);
  let farewell: NodeJS.Timeout | undefined;
  const onEnding = () => {
    for (const stop of stops) stop();
    const reason = AppError.from(ending.reason).serialize();
    response.end(`event: engine.stopped\ndata: ${JSON.stringify(reason)}\n\n`);
    farewell = setTimeout(() => response.destroy(), FAREWELL_LIMIT).unref();
  };
  const forget = onAbort(ending, onEnding);
  response.once('close', () => {
    clearTimeout(farewell);
    forget();
    for (const stop of stops) stop();
    onEnd();
  });
}

const readsTooSlowly = (): AppError =>
  new AppError('client-too-slow', 'The client does not read its events as fast as they come.', {
    hint: 'Subscribe again. Last-Event-ID continues after the last transition that was read.',
  });

type Write = (text: string) => void;

function sendAll(core: Core, write: Write): (() => void)[] {
  const send = ({ name, payload }: ClientEvent) => write(`event: ${name}\ndata: ${JSON.stringify(payload)}\n\n`);
  send({ name: 'snapshot', payload: core.snapshot() });
  return subscribeTo(core, send);
}

/** Each has its id, so that a client continues where it was (`Last-Event-ID`). */
function sendTransitions({ core, caller, clusterId, lastEventId }: Audience, write: Write): (() => void)[] {
  // The user may close a cluster to other programs while they listen.
  const visible = () => (caller.kind === 'owner' ? null : core.clustersOf(caller.token));
  const send = (transition: Transition) => {
    if (visible()?.includes(transition.clusterId) === false) return;
    if (clusterId !== null && clusterId !== transition.clusterId) return;
    write(`id: ${transition.id}\nevent: transition\ndata: ${JSON.stringify(transition)}\n\n`);
  };
  // What browsers and libraries wait for before they report that the subscription stands.
  write(': open\n\n');
  if (lastEventId !== null) for (const missed of core.transitionsAfter(lastEventId, visible())) send(missed);
  return [core.onTransition(send)];
}
