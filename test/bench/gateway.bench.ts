import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openSocket, startApp, startGateway, Tunnel, targetOf, View } from '../integration/gateway/harness.ts';

/** What a tunnel at some distance is: each chunk arrives `oneWay` ms later, in order, in either direction. */
function distant(inner: Duplex, oneWay: number): Duplex {
  const late = (act: () => void): void => {
    setTimeout(act, oneWay);
  };
  const outer = new Duplex({
    read: () => undefined,
    write: (chunk, _encoding, done) => {
      late(() => inner.write(chunk));
      done();
    },
    final: (done) => {
      late(() => inner.end());
      done();
    },
    destroy: (error, done) => {
      inner.destroy();
      done(error);
    },
  });
  inner.on('data', (chunk) => late(() => outer.push(chunk)));
  inner.on('end', () => late(() => outer.push(null)));
  inner.on('error', (error) => outer.destroy(error));
  // What Node's own agent asks of a socket.
  const same = (): Duplex => outer;
  return Object.assign(outer, { setKeepAlive: same, setNoDelay: same, setTimeout: same, ref: same, unref: same });
}

const ASSET = randomBytes(20_000);
const ASSETS = Array.from({ length: 100 }, (_, index) => `/asset/${index}`);

interface Way {
  load(): Promise<void>;
  close(): Promise<void>;
}

/** The same app at the same distance: through the gateway, and as a browser would speak to a forwarded port. */
async function ways(oneWay: number): Promise<{ gateway: Way; direct: Way }> {
  const app = await startApp((_req, res) => res.end(ASSET));
  const running = await startGateway();
  running.gateway.add({
    ...targetOf('bench', new Tunnel(app.socketPath)),
    open: async () => {
      const socket = await openSocket(app.socketPath);
      if (oneWay === 0) return socket;
      await delay(2 * oneWay);
      return distant(socket, oneWay);
    },
  });
  const view = await View.open(running.gateway.access('bench'));
  const agent = new Agent({ keepAlive: true, maxSockets: 6 });
  Object.assign(agent, {
    createConnection: () => (oneWay === 0 ? connect(app.socketPath) : distant(connect(app.socketPath), oneWay)),
  });
  const fetchDirect = (path: string): Promise<void> =>
    new Promise((resolve, reject) => {
      request({ agent, path, host: 'localhost' }, (response) => response.resume().once('end', resolve))
        .once('error', reject)
        .end();
    });
  return {
    gateway: {
      load: async () => void (await Promise.all(ASSETS.map((path) => view.get(path)))),
      close: async () => {
        view.close();
        await running.gateway.dispose();
      },
    },
    direct: {
      load: async () => void (await Promise.all(ASSETS.map(fetchDirect))),
      close: async () => {
        agent.destroy();
        await app.close();
      },
    },
  };
}

async function median(way: Way): Promise<{ first: number; median: number }> {
  const times: number[] = [];
  for (let round = 0; round < 12; round += 1) {
    const start = performance.now();
    await way.load();
    times.push(performance.now() - start);
  }
  const [first = 0, ...rest] = times;
  return { first, median: rest.sort((a, b) => a - b)[Math.floor(rest.length / 2)] ?? 0 };
}

/** A page of 100 files of 20 kB. At a distance the gateway must win clearly. Near, the time is TLS and HTTP/2
 * on both sides, here in one process with the client and the app. */
it.each([
  [0, 20],
  [40, 0.8],
])('page of 100 assets, %i ms one way: at most %f of direct', { timeout: 60_000 }, async (oneWay, limit) => {
  const { gateway, direct } = await ways(oneWay);
  const through = await median(gateway);
  const plain = await median(direct);
  await gateway.close();
  await direct.close();
  const ratio = through.median / plain.median;
  const ms = (time: number): string => `${time.toFixed(1)} ms`;
  console.log(
    `${oneWay} ms one way: gateway ${ms(through.median)} (first ${ms(through.first)}), direct ${ms(plain.median)} ` +
      `(first ${ms(plain.first)}), ratio ${ratio.toFixed(2)}`,
  );
  expect(ratio).toBeLessThan(limit);
});
