import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { systemClock } from '../../../electron/core/clock.ts';
import type { FindRouteInput, Route } from '../../../electron/core/routes/types.ts';
import type { Connection } from '../../../electron/core/ssh/types.ts';
import { createTunnels } from '../../../electron/core/tunnels/tunnels.ts';
import { AppError } from '../../../electron/shared/errors.ts';

const target = { node: '', port: 8080 };

/** Connections that end when the test says so, and a search for a route that waits for `found`. */
function setUp() {
  const connections: AbortController[] = [];
  const released: number[] = [];
  const closedRoutes: number[] = [];
  const searches: { input: FindRouteInput; found: () => void }[] = [];
  const tunnels = createTunnels({
    connections: {
      acquire: async () => {
        const life = new AbortController();
        const index = connections.push(life) - 1;
        // biome-ignore lint/suspicious/noExplicitAny: of a connection nothing else is used here.
        const connection: Connection = { node: 'login', closed: life.signal } as any;
        return { connection, release: () => void released.push(index) };
      },
    },
    clusters: () => undefined,
    facts: { known: () => null },
    findRoute: (input) =>
      new Promise<Route>((resolve, reject) => {
        input.signal?.addEventListener('abort', () => reject(AppError.from(input.signal?.reason)), { once: true });
        const index = searches.length;
        const route: Route = {
          info: { kind: 'port', text: `route ${index}`, refused: [], warning: null },
          toRemember: null,
          open: async () => new PassThrough(),
          close: () => void closedRoutes.push(index),
        };
        searches.push({ input, found: () => resolve(route) });
      }),
    clock: systemClock,
  });
  const lose = (index: number) => connections[index]?.abort(new AppError('connection-lost', 'Lost.'));
  return { tunnels, connections, released, closedRoutes, searches, lose };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

it('a tunnel whose connection ended while its route was found says so, keeps nothing, and finds a new one', async () => {
  const { tunnels, released, closedRoutes, searches, lose } = setUp();
  const opening = tunnels.openTunnel('c', target);
  await turn();
  searches[0]?.found();
  const tunnel = await opening;
  lose(0);
  expect([released, closedRoutes]).toEqual([[0], [0]]);

  const failing = tunnel.open();
  await turn();
  lose(1);
  searches[1]?.found();
  await expect(failing).rejects.toMatchObject({ code: 'connection-lost' });
  expect([released, closedRoutes]).toEqual([
    [0, 1],
    [0, 1],
  ]);

  const again = tunnel.open();
  await turn();
  searches[2]?.found();
  await expect(again).resolves.toBeDefined();
  expect(tunnel.info.text).toBe('route 2');
  tunnel.close();
  expect(released).toEqual([0, 1, 2]);
  await expect(tunnel.open()).rejects.toMatchObject({ code: 'cancelled' });
});

it('one who gives up does not end the search that another waits for', async () => {
  const { tunnels, searches, lose } = setUp();
  const opening = tunnels.openTunnel('c', target);
  await turn();
  searches[0]?.found();
  const tunnel = await opening;
  lose(0);
  const leaver = new AbortController();
  const left = tunnel.open(leaver.signal);
  const stays = tunnel.open();
  await turn();
  leaver.abort(new AppError('cancelled', 'Left.'));
  await expect(left).rejects.toMatchObject({ code: 'cancelled' });
  searches[1]?.found();
  await expect(stays).resolves.toBeDefined();
  expect(searches).toHaveLength(2);
  tunnel.close();
});
