import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { afterEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../../electron/core/clock.ts';
import { AppChannel } from '../../../electron/core/gateway/app-channel.ts';
import { OwnApp } from '../../../electron/core/gateway/own-app.ts';
import { proxyRequest } from '../../../electron/core/gateway/proxy-request.ts';
import { proxyUpgrade } from '../../../electron/core/gateway/proxy-upgrade.ts';
import type { Channel } from '../../../electron/core/gateway/upstream-pool.ts';
import { serveSchema } from '../../../electron/shared/recipes.ts';
import { quietLogger } from '../../helpers/quiet-logger.ts';
import { settle } from './manual-clock.ts';

/** An app that takes everything and answers nothing; the page goes while its channel is handed over. */
class LateChannel extends AppChannel {
  readonly opened: Duplex[] = [];
  leave: () => Promise<unknown> = async () => undefined;

  constructor() {
    const opened: Duplex[] = [];
    const open = async () => {
      const stream = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
      opened.push(stream);
      return stream;
    };
    const status = () => ({ state: 'up' as const, message: '' });
    super({ id: 'a', serve: serveSchema.parse({}), user: 'ada', token: 't', open, status }, 'a.internal', systemClock);
    this.opened = opened;
  }

  override async acquire(options: Parameters<AppChannel['acquire']>[0]): Promise<Channel> {
    const channel = await super.acquire(options);
    await this.leave();
    return channel;
  }
}

type Upgrade = (req: IncomingMessage, socket: Duplex, head: Buffer) => void;

const sides = {
  front: new URL('https://a.internal'),
  serve: serveSchema.parse({}),
  viewHost: 'a.internal',
  token: 't',
  dropHeaders: [],
  dropCookies: [],
};
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function sendTo(
  channel: LateChannel,
  head: string,
  on: { request?: (req: IncomingMessage, res: ServerResponse) => void; upgrade?: Upgrade },
): Promise<void> {
  const server = createServer();
  if (on.request) server.on('request', on.request);
  if (on.upgrade) server.on('upgrade', on.upgrade);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => server.close());
  let front: Socket | undefined;
  server.on('connection', (socket: Socket) => {
    front = socket;
  });
  const page = connect((server.address() as AddressInfo).port, '127.0.0.1');
  closers.push(() => page.destroy());
  channel.leave = async () => {
    const gone = front && once(front, 'close');
    front?.destroy();
    await gone;
  };
  page.write(`${head}\r\nHost: a.internal\r\n\r\n`);
  await vi.waitFor(() => expect(front?.closed).toBe(true));
}

/** Its only channel is closed, or free for the next request. */
async function expectLetGo({ opened, pool }: LateChannel): Promise<void> {
  await settle();
  if (opened[0]?.destroyed) return;
  const next = await pool.acquire(new AbortController().signal, false);
  expect(next.stream).toBe(opened[0]);
}

const upgradeHead = 'GET /channel HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket';

it('a request whose page has gone when it gets its channel leaves no channel', async () => {
  const channel = new LateChannel();
  const app = { channel, signIn: null };
  const request = (req: IncomingMessage, res: ServerResponse) => void proxyRequest(app, sides, req, res, quietLogger);
  await sendTo(channel, 'GET / HTTP/1.1', { request });
  await expectLetGo(channel);
});

it('nor does a WebSocket, to an app or to a page of our own', async () => {
  const channel = new LateChannel();
  const upgrade: Upgrade = (req, socket, head) =>
    void proxyUpgrade({ channel, signIn: null }, sides, req, socket, head, quietLogger);
  await sendTo(channel, upgradeHead, { upgrade });
  await expectLetGo(channel);

  const other = new LateChannel();
  const own = new OwnApp(other, '/nowhere', quietLogger);
  await sendTo(other, upgradeHead, { upgrade: (req, socket, head) => void own.upgrade(req, socket, head) });
  await expectLetGo(other);
});
