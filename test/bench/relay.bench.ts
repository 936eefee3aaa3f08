import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock as clock } from '../../electron/core/clock.ts';
import { login } from '../../electron/core/launchers/login/index.ts';
import { findRoute } from '../../electron/core/routes/routes.ts';
import type { Route } from '../../electron/core/routes/types.ts';
import type { LiveConnection } from '../../electron/core/ssh/client/connection.ts';
import type { RouteKind } from '../../electron/shared/kinds.ts';
import { type ClusterInfo, upCluster } from '../helpers/clusters.ts';
import { type EchoApp, startEchoApp, stopEchoApp } from '../helpers/echo-app.ts';
import { liveConnection } from '../helpers/live-connection.ts';
import { exchange } from '../helpers/relay.ts';

let cluster: ClusterInfo;
let connection: LiveConnection;
let app: EchoApp;
const routes = new Map<RouteKind, Route>();

beforeAll(async () => {
  cluster = await upCluster('slurm24');
  connection = await liveConnection(cluster, cluster.entry);
  app = await startEchoApp(login, cluster, connection, cluster.entry);
  for (const kind of ['socket', 'relay'] as const) {
    const route = await findRoute({
      connection,
      endpoint: { kind: 'socket', node: 'slogin', path: app.sameSocket },
      job: { ...app, launcher: login },
      hasToken: true,
      forbidden: kind === 'relay' ? ['socket'] : [],
      clock,
    });
    expect(route.info.kind).toBe(kind);
    routes.set(kind, route);
  }
});
afterAll(async () => {
  for (const route of routes.values()) route.close();
  if (app) await stopEchoApp(login, cluster, connection, app);
  connection?.close();
});

const seed = randomBytes(65_536);

async function throughput(route: Route, connections: number, bytes: number): Promise<number> {
  const begin = performance.now();
  const results = await Promise.all(
    Array.from({ length: connections }, async () => exchange(await route.open(), bytes, seed)),
  );
  for (const { sent, received } of results) expect(received).toBe(sent);
  return (connections * bytes) / 1000 / (performance.now() - begin);
}

async function median(rounds: number, work: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const begin = performance.now();
    await work();
    times.push(performance.now() - begin);
  }
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
}

/** The same by both ways in turn, so that whatever else this machine does counts for both. */
async function besideForwarding(
  what: string,
  unit: string,
  measure: (route: Route) => Promise<number>,
): Promise<number> {
  const seen = { relay: [] as number[], socket: [] as number[] };
  for (let round = 0; round < 3; round++) {
    for (const kind of ['socket', 'relay'] as const) {
      const route = routes.get(kind);
      if (route) seen[kind].push(await measure(route));
    }
  }
  const middle = (values: number[]) => values.sort((a, b) => a - b)[1] ?? 0;
  const [relay, socket] = [middle(seen.relay), middle(seen.socket)];
  console.log(
    `${what}: relay ${relay.toFixed(1)} ${unit}, ssh forwarding ${socket.toFixed(1)} ${unit}, ratio ${(relay / socket).toFixed(2)}`,
  );
  return relay / socket;
}

it('carries one connection', async () => {
  const ratio = await besideForwarding('One connection, both ways', 'MB/s each way', (route) =>
    throughput(route, 1, 60_000_000),
  );
  expect(ratio).toBeGreaterThan(0.3);
});

it('carries 20 connections', async () => {
  const ratio = await besideForwarding('20 connections, both ways', 'MB/s each way', (route) =>
    throughput(route, 20, 3_000_000),
  );
  expect(ratio).toBeGreaterThan(0.3);
});

it('opens connections', async () => {
  const ratio = await besideForwarding('Open a connection and get one answer', 'ms', (route) =>
    median(100, async () => {
      const stream = await route.open();
      stream.write('x');
      await once(stream, 'data');
      stream.destroy();
    }),
  );
  expect(ratio).toBeLessThan(4);
});

it('answers on an open connection', async () => {
  const ratio = await besideForwarding('One answer', 'ms', async (route) => {
    const stream = await route.open();
    const time = await median(300, async () => {
      stream.write('x');
      await once(stream, 'data');
    });
    stream.destroy();
    return time;
  });
  // One process more on the way, which counts where there is no distance.
  expect(ratio).toBeLessThan(12);
});

it('carries 1 GB both ways over 100 connections, every byte', { timeout: 900_000 }, async () => {
  const route = routes.get('relay');
  if (!route) throw new Error('no relay');
  const before = process.memoryUsage().rss;
  const rate = await throughput(route, 100, 10_000_000);
  const grown = (process.memoryUsage().rss - before) / 1e6;
  console.log(
    `1 GB each way over 100 connections: ${rate.toFixed(1)} MB/s each way, ${grown.toFixed(0)} MB more memory`,
  );
  expect(grown).toBeLessThan(300);
});
