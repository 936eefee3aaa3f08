import { Agent, type ClientRequest, request as httpRequest, type OutgoingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { MAX_HEAD } from './upstream-answer.ts';
import type { Channel, UpstreamPool } from './upstream-pool.ts';
import { UpstreamStream } from './upstream-stream.ts';

/** node:http over a channel that is already open; keep-alive without a pool of Node's own. */
class ChannelAgent extends Agent {
  constructor() {
    super({ keepAlive: true });
  }

  addRequest(request: ClientRequest, options: { createConnection?: () => Duplex }): void {
    const stream = options.createConnection?.();
    // The client uses nothing of a Socket that a Duplex lacks, once it is connected.
    if (stream) request.onSocket(stream as Socket);
  }
}

const agent = new ChannelAgent();

/** A client request on the channel, which is released or closed by itself when the exchange is over, unless detached. */
export function requestOn(
  pool: Pick<UpstreamPool, 'release'>,
  channel: Channel,
  options: { method: string; path: string; headers: OutgoingHttpHeaders },
): ClientRequest {
  const stream = new UpstreamStream(channel.stream, options.method);
  let isFree = false;
  stream.once('free', () => {
    isFree = true;
  });
  const request = httpRequest({ ...options, agent, createConnection: () => stream, maxHeaderSize: 2 * MAX_HEAD });
  // By default node:http drops what is beyond a thousand headers.
  request.maxHeadersCount = 0;
  // Node emits `free` on the stream right after `close` on the request.
  request.once('close', () => process.nextTick(() => pool.release(channel, isFree && stream.detach())));
  return request;
}
