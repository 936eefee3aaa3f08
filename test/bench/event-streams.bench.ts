import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { LiveConnection } from '../../electron/core/ssh/client/connection.ts';
import {
  type App,
  type Bench,
  startApp,
  startGateway,
  Tunnel,
  targetOf,
  tlsThrough,
  until,
  View,
} from '../integration/gateway/harness.ts';
import { connectTo } from './distance/connect.ts';
import { median, Rig } from './distance/rig.ts';

/** A plain request beside many that never end, through gateway and SSH. Needs openssh-server on this machine. */
const DELAY = 80;
const EVENT_STREAMS = 500;
const WEB_SOCKETS = 100;

let rig: Rig;
let connection: LiveConnection;
let app: App;
let gateway: Bench;
let view: View;
const events: ServerResponse[] = [];
const sockets: WebSocket[] = [];

beforeAll(async () => {
  rig = await Rig.start([0, DELAY]);
  connection = await connectTo(rig, DELAY);
  app = await startApp((req, res) => {
    if (req.url !== '/events') {
      res.end('plain');
      return;
    }
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write('data: hello\n\n');
    events.push(res);
  });
  const server = new WebSocketServer({ noServer: true });
  app.server.on('upgrade', (req, socket, head) => {
    server.handleUpgrade(req, socket, head, (client) => client.send('hello'));
  });
  gateway = await startGateway();
  gateway.gateway.add({
    ...targetOf('bench', new Tunnel(app.socketPath)),
    open: (signal) => connection.openSocket(app.socketPath, signal),
  });
  view = await View.open(gateway.gateway.access('bench'));
}, 60_000);
afterAll(async () => {
  for (const socket of sockets) socket.terminate();
  view?.close();
  await gateway?.gateway.dispose();
  connection?.close();
  await app?.close();
  await rig?.dispose();
});

async function openWebSocket(): Promise<void> {
  const access = gateway.gateway.access('bench');
  const tls = await tlsThrough(access, 'http/1.1');
  const socket = new WebSocket(`wss://${access.host}/socket`, {
    createConnection: () => tls,
    headers: { [access.secretHeader.name]: access.secretHeader.value },
    origin: access.origin,
  });
  sockets.push(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once('message', () => resolve());
    socket.once('error', reject);
  });
}

async function timeOfGet(): Promise<number> {
  const begin = performance.now();
  expect((await view.get('/plain')).text).toBe('plain');
  return performance.now() - begin;
}

const ms = (value: number) => `${value.toFixed(0)} ms (${(value / DELAY).toFixed(2)} round trips)`;

it(`a plain GET beside ${EVENT_STREAMS} event streams and ${WEB_SOCKETS} WebSockets`, {
  timeout: 120_000,
}, async () => {
  const alone = await timeOfGet();
  const begin = performance.now();
  for (let made = 0; made < EVENT_STREAMS; made += 1) {
    const stream = view.stream('/events', { accept: 'text/event-stream' }, true);
    stream.on('error', () => undefined);
    stream.resume();
  }
  const opening = Array.from({ length: WEB_SOCKETS }, openWebSocket);
  const first = await timeOfGet();
  await Promise.all(opening);
  await until('all event streams', () => events.length === EVENT_STREAMS);
  console.log(`all open after ${(performance.now() - begin).toFixed(0)} ms`);
  const times: number[] = [];
  for (let round = 0; round < 20; round += 1) times.push(await timeOfGet());
  console.log(`plain GET alone ${ms(alone)}; asked with them ${ms(first)}; beside them ${ms(median(times))}`);
  expect(median(times)).toBeLessThan(2 * DELAY + 20);
});
