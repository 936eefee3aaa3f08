import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock as clock } from '../../../electron/core/clock.ts';
import { login } from '../../../electron/core/launchers/login/index.ts';
import { findRoute } from '../../../electron/core/routes/routes.ts';
import type { Route } from '../../../electron/core/routes/types.ts';
import type { LiveConnection } from '../../../electron/core/ssh/client/connection.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import type { Endpoint } from '../../../electron/shared/instances.ts';
import type { RouteKind } from '../../../electron/shared/kinds.ts';
import { type ClusterInfo, onNode, upCluster } from '../../helpers/clusters.ts';
import { ask, type EchoApp, isGone, startEchoApp, stopEchoApp } from '../../helpers/echo-app.ts';
import { eventually } from '../../helpers/instance.ts';
import { liveConnection } from '../../helpers/live-connection.ts';
import { exchange } from '../../helpers/relay.ts';

let cluster: ClusterInfo;
let bastion: LiveConnection;
let connection: LiveConnection;
let app: EchoApp;
const others: LiveConnection[] = [];

beforeAll(async () => {
  cluster = await upCluster('login');
  bastion = await liveConnection(cluster, 'bastion');
  connection = await liveConnection(cluster, 'login', { through: bastion });
  app = await startEchoApp(login, cluster, connection, 'login');
});
afterAll(async () => {
  for (const other of others) other.close();
  if (app) await stopEchoApp(login, cluster, connection, app);
  connection?.close();
  bastion?.close();
});

const socket = (path = app.socket): Endpoint => ({ kind: 'socket', node: 'login', path });
const port = (): Endpoint => ({ kind: 'port', node: 'login', port: app.loopbackPort });

async function at(policy: number): Promise<LiveConnection> {
  const other = await liveConnection(cluster, 'login', { port: policy, through: bastion });
  others.push(other);
  return other;
}

const find = (
  through: LiveConnection,
  endpoint: Endpoint,
  forbidden: RouteKind[] = [],
  hasToken = true,
): Promise<Route> =>
  findRoute({ connection: through, endpoint, job: { ...app, launcher: login }, hasToken, forbidden, clock });

describe('an app on a login node that', () => {
  it.each([
    ['allows all', 22, 'socket', 'port'],
    ['forbids forwarding to sockets', 2201, 'relay', 'port'],
    ['forbids TCP forwarding', 2202, 'relay', 'relay'],
    ['forbids all forwarding', 2203, 'relay', 'relay'],
    ['allows one session, no terminal, and has a banner', 2208, 'socket', 'port'],
  ] as const)('%s (port %i) is opened by %s, its port by %s', async (_, policy, bySocket, byPort) => {
    const through = await at(policy);
    for (const [endpoint, kind] of [
      [socket(), bySocket],
      [port(), byPort],
    ] as const) {
      const route = await find(through, endpoint);
      expect(route.info.kind).toBe(kind);
      expect(route.info.refused.map((refusal) => refusal.kind)).toEqual(kind === 'relay' ? [endpoint.kind] : []);
      expect(await Promise.all([ask(route, 'one'), ask(route, 'two'), ask(route, 'three')])).toEqual([
        'ONE',
        'TWO',
        'THREE',
      ]);
      expect(route.toRemember).toMatchObject({ kind, refused: route.info.refused });
      route.close();
    }
  });

  it('allows one session only, keeps it for scripts while a relay runs', async () => {
    const through = await at(2208);
    const route = await find(through, socket(), ['socket']);
    expect(route.info).toMatchObject({
      kind: 'relay',
      text: 'relay on the login node',
      refused: [{ kind: 'socket', reason: "the site's profile forbids it" }],
      warning: null,
    });
    for (let round = 0; round < 3; round++) {
      const [answer, { stdout }] = await Promise.all([
        ask(route, 'both'),
        through.run('echo scripts', { timeoutMs: 5000 }),
      ]);
      expect([answer, stdout]).toEqual(['BOTH', 'scripts\n']);
    }
    route.close();
  });
});

describe('a relay over ssh', () => {
  it('leaves no process when its route is closed, its connection dies or it is killed, and begins again', async () => {
    const closed = await find(await at(2203), socket());
    const pid = await ask(closed, 'who');
    closed.close();
    await eventually(() => isGone(cluster, 'login', pid), Boolean);

    const through = await at(2203);
    const route = await find(through, socket());
    const first = await ask(route, 'who');
    await onNode(cluster, 'login', ['kill', '-KILL', first]);
    await eventually(
      () => ask(route, 'who').catch(() => first),
      (now) => now !== first,
    );
    const second = await ask(route, 'who');
    through.close();
    await eventually(() => isGone(cluster, 'login', second), Boolean);
    await expect(route.open()).rejects.toMatchObject({ code: 'connection-lost' });
  });

  it('names what it met when nothing is left', async () => {
    const error = await find(await at(2203), socket('/nonexistent/s')).catch(AppError.from);
    expect(error).toMatchObject({ code: 'no-route' });
    expect(error).toMatchObject({
      detail: expect.stringMatching(
        /^socket: nothing answers at the socket.*\nrelay: The app cannot be reached from the session on login: there is no such socket/,
      ),
    });
  });

  it('is no way round the token that an open port needs', async () => {
    const error = await find(await at(2203), port(), [], false).catch(AppError.from);
    expect(error).toMatchObject({ code: 'no-route', hint: expect.stringMatching(/serve\.token/) });
  });

  it('carries 100 connections at once, every byte both ways, in bounded memory', async () => {
    const through = await at(2203);
    const route = await find(through, socket(app.sameSocket));
    const seed = randomBytes(65_536);
    const before = process.memoryUsage().rss;
    const results = await Promise.all(
      Array.from({ length: 100 }, async () => exchange(await route.open(), 400_000, seed)),
    );
    for (const { sent, received } of results) expect(received).toBe(sent);
    expect(process.memoryUsage().rss - before).toBeLessThan(250_000_000);
    const { stdout } = await onNode(
      cluster,
      'login',
      `for p in $(pgrep -u ada -f tunel-relay); do grep -h VmHWM /proc/$p/status; done; true`,
    );
    for (const [, kilobytes] of stdout.matchAll(/VmHWM:\s+(\d+)/g)) expect(Number(kilobytes)).toBeLessThan(100_000);
    route.close();
  });
});
