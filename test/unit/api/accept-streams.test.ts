import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { acceptStreams } from '../../../electron/core/api/accept-streams.ts';
import { openLimits } from '../../../electron/core/api/open-limit.ts';
import type { RouteDeps } from '../../../electron/core/api/route-context.ts';
import { systemClock } from '../../../electron/core/clock.ts';
import { AppError } from '../../../electron/shared/errors.ts';

let server: Server;
let closeStreams: () => void;
let port: number;
const opened: string[] = [];

beforeEach(async () => {
  opened.length = 0;
  server = createServer(async (request, response) => {
    response.end(
      `${request.method} ${request.url} ${await text(request)} upgrade=${request.headers.upgrade ?? 'none'}`,
    );
  });
  const deps = {
    core: {
      async open(name: string) {
        opened.push(name);
        throw new AppError('not-found', 'No.');
      },
    },
    clock: systemClock,
    activity: { begin: () => () => undefined },
    admission: {
      token: 'secret',
      isHost: () => true,
      version: '1',
      authenticate: () => null,
      onRefused: () => undefined,
    },
    stopping: new AbortController().signal,
    open: openLimits(),
  };
  closeStreams = acceptStreams(server, deps as unknown as RouteDeps);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterEach(() => {
  closeStreams();
  server.closeAllConnections();
  server.close();
});

/** Everything that the server answers to these bytes until it closes the connection. */
async function send(...pieces: string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  for (const piece of pieces) socket.write(piece.replaceAll('\n', '\r\n'));
  return text(socket);
}

const asHttp2 = 'Upgrade: h2c\nConnection: Upgrade, HTTP2-Settings\nHTTP2-Settings: AAMAAABkAAQAoAAA\n';

test('another protocol is ignored: the request is answered as if it had not been asked for', async () => {
  const get = await send(
    `GET /v1/status?a=1 HTTP/1.1\nHost: tunel\n${asHttp2}\nGET /next HTTP/1.1\nHost: tunel\nConnection: close\n\n`,
  );
  expect(get.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
  expect(get).toContain('GET /v1/status?a=1  upgrade=none');
  expect(get).toContain('GET /next  upgrade=none');
  const post = await send(
    `POST /v1/history/query HTTP/1.1\nHost: tunel\n${asHttp2}Content-Length: 10\n\n{"a"`,
    ':"bcd"',
    'GET /last HTTP/1.1\nHost: tunel\nConnection: close\n\n',
  );
  expect(post).toContain('POST /v1/history/query {"a":"bcd" upgrade=none');
  expect(post).toContain('GET /last  upgrade=none');
  expect(opened).toEqual([]);
});

const webSocket = (path: string) =>
  new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers: { authorization: 'Bearer secret' } });

test('a stream is opened by a WebSocket, and there is none elsewhere', async () => {
  const socket = webSocket('/v1/streams/files/upload');
  await once(socket, 'open');
  socket.send('{"input": {}}');
  await once(socket, 'close');
  expect(opened).toEqual(['files.upload']);
  const [, response] = await once(
    webSocket('/v1/streams/files/nothing').on('error', () => undefined),
    'unexpected-response',
  );
  expect(response.statusCode).toBe(404);
  const [, refused] = await once(
    new WebSocket(`ws://127.0.0.1:${port}/v1/streams/files/upload`).on('error', () => undefined),
    'unexpected-response',
  );
  expect(refused.statusCode).not.toBe(101);
});

test('a frame of more than 8 MiB is refused before it is held, and one of less is not', async () => {
  const large = webSocket('/v1/streams/files/upload');
  await once(large, 'open');
  large.send(`{"input": "${'x'.repeat(8 * 1024 * 1024)}"}`);
  const [code] = await once(large, 'close');
  expect([code, opened]).toEqual([1009, []]);
  const allowed = webSocket('/v1/streams/files/upload');
  await once(allowed, 'open');
  allowed.send(`{"input": "${'x'.repeat(7 * 1024 * 1024)}"}`);
  await once(allowed, 'close');
  expect(opened).toEqual(['files.upload']);
});
