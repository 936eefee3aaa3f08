import { createHash, randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { ViewAccess } from '../../../electron/shared/contract/instances.ts';
import { type App, type Bench, startApp, startGateway, TOKEN, Tunnel, targetOf, tlsThrough, until } from './harness.ts';

const MIB = 1024 * 1024;

describe('a WebSocket through the gateway', () => {
  let app: App;
  let bench: Bench;
  let access: ViewAccess;
  let tunnel: Tunnel;
  const sockets: WebSocket[] = [];
  let headers: Record<string, unknown> = {};
  let closed: { code: number }[] = [];

  beforeAll(async () => {
    app = await startApp((_req, res) => res.end('page'));
    const server = new WebSocketServer({ noServer: true, perMessageDeflate: true });
    app.server.on('upgrade', (req, socket, head) => {
      if (req.url === '/forbidden') {
        socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 6\r\n\r\nno key');
        return;
      }
      headers = req.headers;
      server.handleUpgrade(req, socket, head, (client) => {
        client.send('hello at once');
        client.on('message', (data, binary) => client.send(data, { binary }));
        client.on('close', (code) => closed.push({ code }));
      });
    });
    tunnel = new Tunnel(app.socketPath);
    bench = await startGateway();
    bench.gateway.add(targetOf('app1', tunnel, { token: { header: 'authorization', value: 'Bearer {token}' } }));
    access = bench.gateway.access('app1');
  });

  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.terminate();
    closed = [];
  });

  afterAll(async () => {
    await bench.gateway.dispose();
    await app.close();
  });

  async function open(path: string): Promise<WebSocket> {
    const tls = await tlsThrough(access, 'http/1.1');
    const socket = new WebSocket(`wss://${access.host}${path}`, {
      createConnection: () => tls,
      headers: { [access.secretHeader.name]: access.secretHeader.value, cookie: 'a=1' },
      origin: access.origin,
      maxPayload: 64 * MIB,
    });
    sockets.push(socket);
    return socket;
  }

  const opened = (socket: WebSocket) =>
    new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve());
      socket.once('error', reject);
    });

  it('is opened with the app’s own origin and token, and carries text and 16 MB both ways', async () => {
    const socket = await open('/ws');
    const messages: Buffer[] = [];
    socket.on('message', (data) => messages.push(data as Buffer));
    await opened(socket);
    expect(headers).toMatchObject({
      origin: 'http://localhost',
      host: 'localhost',
      authorization: `Bearer ${TOKEN}`,
      cookie: 'a=1',
    });
    expect(headers).not.toHaveProperty(access.secretHeader.name);
    await until('the first message', () => messages.length === 1);
    const big = randomBytes(16 * MIB);
    socket.send('ping');
    socket.send(big);
    await until('both are back', () => messages.length === 3);
    expect(messages[1]?.toString()).toBe('ping');
    const hash = (data: Buffer): string => createHash('sha256').update(data).digest('hex');
    expect(hash(messages[2] ?? Buffer.alloc(0))).toBe(hash(big));
  });

  it('ends on both sides when either ends', async () => {
    const socket = await open('/ws');
    await opened(socket);
    socket.close(4001);
    await until('the app sees the close', () => closed.some(({ code }) => code === 4001));
    const second = await open('/ws');
    await opened(second);
    const over = new Promise((resolve) => second.once('close', resolve));
    tunnel.cut('down', 'Reconnecting.');
    await over;
    tunnel.state = 'up';
    const third = await open('/ws');
    await opened(third);
    third.terminate();
    await until('nothing is left open', () => tunnel.channels.size === 0);
  });

  it('passes the app’s refusal on', async () => {
    const socket = await open('/forbidden');
    const status = await new Promise((resolve) => {
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode));
      socket.once('error', resolve);
    });
    expect(status).toBe(401);
  });

  it('waits for the tunnel and opens then', async () => {
    tunnel.cut('down', 'Reconnecting.');
    const socket = await open('/ws');
    const ready = opened(socket);
    tunnel.state = 'up';
    bench.gateway.wake('app1');
    await ready;
  });
});
