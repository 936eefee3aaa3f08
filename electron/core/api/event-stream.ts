import type { ServerResponse } from 'node:http';
import type { ClientEvent } from '../../client/core-client.ts';
import { AppError } from '../../shared/errors.ts';
import { onAbort } from '../../shared/on-abort.ts';
import type { Core } from '../core.ts';
import { subscribeTo } from './in-process-client.ts';

/** A client that lets this much wait, in bytes, reads no more; it may connect again and gets the whole state anew. */
const MAX_UNREAD = 32 * 1024 * 1024;

/**
 * Sends every event of the core as server-sent events until the client goes, or until `stopping` fires, whose reason is the
 * last event. `onEnd` runs once.
 */
export function sendEvents(core: Core, response: ServerResponse, stopping: AbortSignal, onEnd: () => void): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const send = ({ name, payload }: ClientEvent) => {
    response.write(`event: ${name}\ndata: ${JSON.stringify(payload)}\n\n`);
    if (response.writableLength > MAX_UNREAD) response.destroy();
  };
  send({ name: 'snapshot', payload: core.snapshot() });
  const stops = subscribeTo(core, send);
  // A client that goes is heard of by 'close'.
  response.on('error', () => undefined);
  const onStopping = () => {
    for (const stop of stops) stop();
    const reason = AppError.from(stopping.reason).serialize();
    response.end(`event: engine.stopped\ndata: ${JSON.stringify(reason)}\n\n`);
  };
  const forget = onAbort(stopping, onStopping);
  response.once('close', () => {
    forget();
    for (const stop of stops) stop();
    onEnd();
  });
}
