import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { StateFollower } from '../../../cli/state-follower.ts';
import type { CoreClient } from '../../../electron/client/core-client.ts';
import { readEngineAddress } from '../../../electron/client/engine-address.ts';
import { clusterInputSchema } from '../../../electron/shared/clusters.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { engineClient, killEngine } from '../../helpers/engine.ts';
import { PATIENCE_MS } from '../../helpers/patience.ts';

const folders: string[] = [];
const servers: Server[] = [];

function newData(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tunel-next-'));
  folders.push(folder);
  return join(folder, 'data');
}

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  for (const folder of folders.splice(0)) {
    killEngine(join(folder, 'data'));
    rmSync(folder, { recursive: true, force: true });
  }
});

const failure = (work: Promise<unknown>) =>
  work.then(
    () => new Error('It did not fail.'),
    (error: unknown) => AppError.from(error),
  );

/** A client with a subscription, a stream, and a request that is not answered soon; resolves with how each of them ends. */
async function busyClient(client: CoreClient): Promise<Promise<Error>[]> {
  const { clusterId } = await client.request('demo.start', undefined);
  let isSubscribed = false;
  const subscription = client.subscribe(
    () => {
      isSubscribed = true;
    },
    { answersPrompts: false, signal: new AbortController().signal },
  );
  const ends = [failure(subscription)];
  await expect.poll(() => isSubscribed).toBe(true);
  const script = 'echo begun; sleep 1000';
  const { data, closed } = await client.openStream('terminals.exec', { target: { clusterId }, script });
  ends.push(failure(closed));
  data.on('error', () => undefined);
  await once(data, 'data');
  const { port, connected } = await listenSilently();
  const input = clusterInputSchema.parse({ name: 'silent', host: '127.0.0.1', port, user: 'ada' });
  const { id } = await client.request('clusters.save', { input });
  ends.push(failure(client.request('clusters.connect', { id })));
  await connected;
  return ends;
}

/** A server that takes a connection and says nothing. */
async function listenSilently(): Promise<{ port: number; connected: Promise<unknown> }> {
  const server = createServer();
  servers.push(server);
  const connected = once(server, 'connection');
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return { port: address.port, connected };
}

const statusOf = (client: CoreClient) => client.request('engine.status', undefined);

describe('an engine that the user stops', () => {
  test('tells every client, and none of them starts another one by itself', async () => {
    const data = newData();
    const client = await engineClient(data);
    const ends = await busyClient(client);
    await (await engineClient(data)).request('engine.stop', { force: true });
    for (const end of await Promise.all(ends)) expect(end).toMatchObject({ code: 'engine-stopped' });
    expect(await failure(statusOf(client))).toMatchObject({ code: 'engine-stopped' });
    const input = { clusterId: 'demo', path: '/etc/hosts' };
    expect(await failure(client.openStream('files.download', input))).toMatchObject({ code: 'engine-stopped' });
    expect(readEngineAddress(data)).toBeNull();
    client.allowStart();
    expect(await statusOf(client)).toMatchObject({ host: 'background', streams: 0 });
  });

  test('is used again once somebody else has started it', async () => {
    const data = newData();
    const client = await engineClient(data);
    const ends = await busyClient(client);
    await client.request('engine.stop', { force: true });
    await Promise.all(ends);
    const { pid } = await statusOf(await engineClient(data));
    expect(await statusOf(client)).toMatchObject({ pid });
    killEngine(data);
    await expect.poll(() => statusOf(client).then((status) => status.pid, String)).not.toBe(pid);
  });
});

describe('who follows the state', () => {
  /** Connections to a socket and the socket itself, as the kernel counts them. */
  const countSockets = (path: string) => readFileSync('/proc/net/unix', 'utf8').split(path).length;

  /** Lets an engine take a request without answering it, and kills it. */
  async function dieDuring(data: string, client: CoreClient, request: () => Promise<unknown>): Promise<void> {
    await statusOf(client);
    const address = readEngineAddress(data);
    if (!address) throw new Error('There is no engine.');
    process.kill(address.pid, 'SIGSTOP');
    await expect.poll(() => readFileSync(`/proc/${address.pid}/stat`, 'utf8')).toContain(') T ');
    const before = countSockets(address.socket);
    const asked = request();
    asked.catch(() => undefined);
    await expect.poll(() => countSockets(address.socket)).toBeGreaterThan(before);
    process.kill(address.pid, 'SIGKILL');
    await asked;
  }

  test('goes on when the next engines end during their first requests', async () => {
    const data = newData();
    const client = await engineClient(data);
    const failed: string[] = [];
    let prepared = 0;
    const ask = async () => {
      // A request that had not reached its engine yet is answered by the next one.
      while (failed.length < 2) await dieDuring(data, client, () => client.request('instances.resume', undefined));
      await client.request('demo.start', undefined);
    };
    const follower = new StateFollower(client, {
      answersPrompts: false,
      async onNextEngine() {
        await ask().catch((error: unknown) => {
          failed.push(AppError.from(error).code);
          throw error;
        });
        prepared += 1;
      },
    });
    try {
      await follower.start();
      expect(follower.state.clusters).toEqual([]);
      killEngine(data);
      await expect.poll(() => prepared > 0 || follower.failure, { timeout: PATIENCE_MS }).toBe(true);
      expect(failed.slice(0, 2)).toEqual(['engine-down', 'engine-down']);
      expect(follower.failure).toBeNull();
      // The state is that of the engine that lives.
      await expect.poll(() => follower.state.clusters.map(({ cluster }) => cluster.id)).toEqual(['demo']);
      await client.request('settings.save', { favourites: ['hello'] });
      expect(follower.state.settings.favourites).toEqual(['hello']);
    } finally {
      follower.close();
    }
  });

  test('ends with the reason when the user stops the engine', async () => {
    const data = newData();
    const client = await engineClient(data);
    const follower = new StateFollower(client, { answersPrompts: false, onNextEngine: () => Promise.resolve() });
    await follower.start();
    await (await engineClient(data)).request('engine.stop', { force: true });
    await expect.poll(() => follower.failure?.code).toBe('engine-stopped');
    expect(readEngineAddress(data)).toBeNull();
  });
});
