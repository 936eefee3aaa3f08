import { Agent, type ClientRequest, request as httpRequest, type OutgoingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Channel, UpstreamPool } from './upstream-pool.ts';

const MAX_HEADERS = 64 * 1024;

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
  let isFree = false;
  const onFree = (): void => {
    isFree = true;
  };
  channel.stream.once('free', onFree);
  const request = httpRequest({
    ...options,
    agent,
    createConnection: () => channel.stream,
    maxHeaderSize: MAX_HEADERS,
  });
  // Node emits `free` on the channel right after `close` on the request.
  request.once('close', () =>
    process.nextTick(() => {
      channel.stream.removeListener('free', onFree);
      pool.release(channel, isFree);
    }),
  );
  return request;
}
