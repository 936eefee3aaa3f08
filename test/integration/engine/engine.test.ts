import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { extract, pack } from 'tar-stream';
import { afterEach, describe, expect, test } from 'vitest';
import type { ClientEvent, CoreClient } from '../../../electron/client/core-client.ts';
import { readEngineAddress } from '../../../electron/client/engine-address.ts';
import { clusterInputSchema } from '../../../electron/shared/clusters.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { runCommand } from '../../helpers/clusters.ts';
import { engineClient, killEngine, spawnEngine } from '../../helpers/engine.ts';

const folders: string[] = [];

function newData(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tunel-engine-'));
  folders.push(folder);
  return join(folder, 'data');
}

afterEach(() => {
  for (const folder of folders.splice(0)) {
    killEngine(join(folder, 'data'));
    rmSync(folder, { recursive: true, force: true });
  }
});

const cluster = (name: string) => clusterInputSchema.parse({ name, host: '127.0.0.1', port: 1, user: 'ada' });

const failure = (work: Promise<unknown>) =>
  work.then(
    () => new Error('It did not fail.'),
    (error: unknown) => AppError.from(error),
  );

/** The status of a plain HTTP request to the engine, with these headers besides the right ones. */
function statusOf(data: string, headers: Record<string, string>): Promise<number | undefined> {
  const address = readEngineAddress(data);
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        socketPath: address?.socket,
        method: 'POST',
        path: '/v1/engine/status',
        headers: { host: 'tunel', authorization: `Bearer ${address?.token}`, ...headers },
      },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    asked.once('error', reject);
    asked.end();
  });
}

async function demo(client: CoreClient): Promise<string> {
  const { clusterId } = await client.request('demo.start', undefined);
  return clusterId;
}

describe('one engine', () => {
  test('clients that start one at the same instant end up with one, 50 times', async () => {
    const startedAt = Date.now();
    let rounds = 0;
    const race = async () => {
      while (rounds < 50) {
        rounds += 1;
        const data = newData();
        const clients = await Promise.all([engineClient(data), engineClient(data)]);
        const states = await Promise.all(clients.map((client) => client.request('engine.status', undefined)));
        expect(new Set(states.map(({ pid }) => pid)).size).toBe(1);
        killEngine(data);
      }
    };
    // Two directories at a time: a start waits for files as long as it computes.
    await Promise.all([race(), race()]);
    console.log(`${rounds} times in ${((Date.now() - startedAt) / 1000).toFixed(0)} s`);
  });

  test('a second process says that there is one already', async () => {
    const data = newData();
    const first = await spawnEngine(data);
    expect(first.said).toEqual({ kind: 'ready' });
    const second = await spawnEngine(data);
    expect(second.said).toMatchObject({ kind: 'failed', error: { code: 'engine-running' } });
    first.child.kill('SIGKILL');
  });

  test('200 mixed writes of 8 clients while it is killed twice: none that was acknowledged is lost', async () => {
    const data = newData();
    const clients = await Promise.all(Array.from({ length: 8 }, () => engineClient(data)));
    const saved = new Set<string>();
    let done = 0;
    await Promise.all(
      clients.map(async (client, index) => {
        for (let number = 0; number < 25; number += 1) {
          const name = `c-${index}-${number}`;
          try {
            if (number % 5 === 4) await client.request('settings.save', { favourites: [name] });
            else {
              await client.request('clusters.save', { input: cluster(name) });
              saved.add(name);
            }
          } catch (error) {
            // In flight when its engine died: it may have been saved, or not.
            expect(AppError.from(error).code).toBe('engine-down');
          }
          done += 1;
          if (done === 60 || done === 130) killEngine(data);
        }
      }),
    );
    const [client] = clients;
    const { state } = await client!.request('app.state', undefined);
    const names = new Set(state.clusters.map((entry) => entry.cluster.name));
    expect([...saved].filter((name) => !names.has(name))).toEqual([]);
    expect(JSON.parse(readFileSync(join(data, 'clusters.json'), 'utf8')).data).toHaveLength(names.size);
  });

  test('ends by request, and refuses while something is live in it', async () => {
    const data = newData();
    const client = await engineClient(data);
    const { pid } = await client.request('engine.status', undefined);
    await client.request('clusters.connect', { id: await demo(client) });
    expect(await failure(client.request('engine.stop', {}))).toMatchObject({ code: 'conflict' });
    await client.request('engine.stop', { force: true });
    await expect.poll(() => readEngineAddress(data)).toBeNull();
    expect((await client.request('engine.status', undefined)).pid).not.toBe(pid);
  });
});

describe('its socket', () => {
  test('is for its user alone', async () => {
    const data = newData();
    await (await engineClient(data)).request('engine.status', undefined);
    const socket = readEngineAddress(data)?.socket ?? '';
    expect(statSync(data).mode & 0o777).toBe(0o700);
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    expect(statSync(join(data, 'engine.json')).mode & 0o777).toBe(0o600);
    // Even where somebody opened the folders to all, the socket itself lets no other user in.
    for (const folder of [join(data, '..'), data]) chmodSync(folder, 0o755);
    const connect = `require('net').connect(${JSON.stringify(socket)}).on('error', (e) => console.log(e.code)).on('connect', () => console.log('connected'))`;
    const other = ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, '-e', connect];
    expect((await runCommand('setpriv', other)).stdout.trim()).toBe('EACCES');
  });

  test('a path that is too long for a socket is shortened', async () => {
    const data = join(newData(), 'd'.repeat(120));
    const client = await engineClient(data);
    expect((await client.request('engine.status', undefined)).host).toBe('background');
    const socket = readEngineAddress(data)?.socket ?? '';
    expect(Buffer.byteLength(socket)).toBeLessThan(104);
    await client.request('engine.stop', { force: true });
  });

  test('refuses browsers, other names, wrong tokens and other versions', async () => {
    const data = newData();
    await (await engineClient(data)).request('engine.status', undefined);
    expect(await statusOf(data, {})).toBe(200);
    expect(await statusOf(data, { origin: 'https://example.org' })).toBe(403);
    expect(await statusOf(data, { referer: 'https://example.org/' })).toBe(403);
    expect(await statusOf(data, { host: 'localhost' })).toBe(403);
    expect(await statusOf(data, { authorization: 'Bearer wrong' })).toBe(401);
    const other = await engineClient(data, '9.9.9');
    expect(await failure(other.request('app.state', undefined))).toMatchObject({ code: 'version-mismatch' });
    expect((await other.request('engine.status', undefined)).version).not.toBe('9.9.9');
  });

  test('bad input is told by field', async () => {
    const client = await engineClient(newData());
    const error = await failure(client.request('clusters.connect', { id: '' }));
    expect(error).toMatchObject({ code: 'bad-input', message: expect.stringContaining('id') });
  });

  test('a request whose client goes away is cancelled', async () => {
    const data = newData();
    const client = await engineClient(data);
    const id = await demo(client);
    await client.request('clusters.connect', { id });
    const cancelling = new AbortController();
    const input = { target: { clusterId: id }, script: 'sleep 60' } as const;
    const asked = failure(client.openStream('terminals.exec', input, cancelling.signal).then(({ closed }) => closed));
    cancelling.abort(new AppError('cancelled', 'No more.'));
    expect(await asked).toMatchObject({ code: 'cancelled' });
    await expect.poll(async () => (await client.request('engine.status', undefined)).streams).toBe(0);
  });
});

describe('streams', () => {
  test('bytes both ways, error output, exit code', async () => {
    const client = await engineClient(newData());
    const id = await demo(client);
    const script = 'cat; echo problem >&2; exit 3';
    const { data, stderr, closed } = await client.openStream('terminals.exec', { target: { clusterId: id }, script });
    const bytes = randomBytes(8 * 1024 * 1024);
    data.end(bytes);
    const hash = (given: Buffer) => createHash('sha256').update(given).digest('hex');
    expect(hash(await buffer(data))).toBe(hash(bytes));
    expect(await text(stderr!)).toBe('problem\n');
    expect(await closed).toEqual({ code: 3, signal: null });
  });

  test('a client that goes away in the middle of output leaves the engine and its sessions', async () => {
    const client = await engineClient(newData());
    const target = { clusterId: await demo(client) };
    const { pid } = await client.request('engine.status', undefined);
    const script = 'while :; do echo out; echo problem >&2; done';
    // More than the sessions of one connection.
    for (let number = 0; number < 12; number += 1) {
      const { data, stderr, closed } = await client.openStream('terminals.exec', { target, script });
      for (const bytes of [data, stderr]) bytes?.on('error', () => undefined);
      await Promise.all([once(data, 'data'), once(stderr!, 'data')]);
      data.destroy();
      await closed.catch(() => undefined);
    }
    const last = await client.openStream('terminals.exec', { target, script: 'echo still here' });
    last.data.end();
    expect(await text(last.data)).toBe('still here\n');
    expect((await client.request('engine.status', undefined)).pid).toBe(pid);
  });

  test('more files up than a connection has sessions, those that fail too', async () => {
    const folder = newData();
    const client = await engineClient(folder);
    const clusterId = await demo(client);
    for (let number = 0; number < 12; number += 1) {
      const path = number % 2 === 0 ? join(folder, `file-${number}`) : join(folder, 'missing/file');
      const up = await client.openStream('files.upload', { clusterId, path });
      up.data.on('error', () => undefined);
      up.data.end('some bytes');
      if (number % 2 === 0) expect(await up.closed).toEqual({ bytes: 10 });
      else expect(await failure(up.closed)).toMatchObject({ code: 'not-found' });
    }
  });

  test('a file up and down', async () => {
    const folder = newData();
    const client = await engineClient(folder);
    const clusterId = await demo(client);
    const path = join(folder, 'uploaded');
    const bytes = randomBytes(5 * 1024 * 1024);
    const up = await client.openStream('files.upload', { clusterId, path });
    up.data.end(bytes);
    expect(await up.closed).toEqual({ bytes: bytes.length });
    const down = await client.openStream('files.download', { clusterId, path, offset: 1 });
    expect((await buffer(down.data)).equals(bytes.subarray(1))).toBe(true);
    expect(await down.closed).toEqual({ bytes: bytes.length - 1 });
    const missing = await client.openStream('files.download', { clusterId, path: `${path}.not` });
    expect(await failure(buffer(missing.data))).toBeInstanceOf(Error);
    expect(await failure(missing.closed)).toMatchObject({ code: 'not-found' });
  });

  test('a folder up and down as an archive', async () => {
    const folder = newData();
    const client = await engineClient(folder);
    const clusterId = await demo(client);
    const archive = pack();
    archive.entry({ name: 'one/two.txt', mode: 0o640 }, 'two');
    archive.entry({ name: "it's" }, 'quoted');
    archive.finalize();
    const path = join(folder, 'new folder');
    const up = await client.openStream('files.uploadArchive', { clusterId, path });
    archive.pipe(up.data);
    expect((await up.closed).bytes).toBeGreaterThan(1024);
    expect(readFileSync(join(path, 'one/two.txt'), 'utf8')).toBe('two');
    expect(statSync(join(path, 'one/two.txt')).mode & 0o777).toBe(0o640);
    const down = await client.openStream('files.downloadArchive', { clusterId, path });
    const seen: Record<string, string> = {};
    const reader = extract();
    reader.on('entry', ({ name, type }, content, next) => {
      void text(content).then((value) => {
        if (type === 'file') seen[name] = value;
        next();
      });
    });
    await pipeline(down.data, reader);
    expect(seen).toEqual({ './one/two.txt': 'two', "./it's": 'quoted' });
    expect((await down.closed).bytes).toBeGreaterThan(1024);
    const missing = await client.openStream('files.downloadArchive', { clusterId, path: `${path}.not` });
    missing.data.resume().on('error', () => undefined);
    expect(await failure(missing.closed)).toMatchObject({ code: 'not-found' });
    const wrong = await client.openStream('files.uploadArchive', { clusterId, path: '/proc/none' });
    wrong.data.on('error', () => undefined);
    wrong.data.end(Buffer.alloc(100_000));
    expect(await failure(wrong.closed)).toBeInstanceOf(AppError);
  });

  test('what no engine knows is refused before it opens', async () => {
    const client = await engineClient(newData());
    const input = { target: { clusterId: 'none' }, script: 'true' };
    expect(await failure(client.openStream('terminals.exec', input))).toMatchObject({ code: 'not-found' });
  });
});

describe('events', () => {
  test('begin with the whole state, go on with patches, and end with the engine', async () => {
    const data = newData();
    const client = await engineClient(data);
    const events: ClientEvent[] = [];
    const life = new AbortController();
    const listening = client.subscribe((event) => events.push(event), { answersPrompts: true, signal: life.signal });
    await expect.poll(() => events[0]?.name).toBe('snapshot');
    await client.request('clusters.save', { input: cluster('one') });
    await expect.poll(() => events.some((event) => event.name === 'state.changed')).toBe(true);
    killEngine(data);
    expect(await failure(listening)).toMatchObject({ code: 'engine-down' });
    life.abort();
  });

  test('who follows the state sees what a request did before its answer, 200 times', async () => {
    const client = await engineClient(newData());
    let favourites: string[] = [];
    const life = new AbortController();
    const listening = client.subscribe(
      ({ name, payload }) => {
        if (name === 'snapshot') favourites = payload.state.settings.favourites;
        if (name !== 'state.changed') return;
        for (const patch of payload.patches)
          if (patch.op === 'replace' && patch.slices.settings) favourites = patch.slices.settings.favourites;
      },
      { answersPrompts: false, signal: life.signal },
    );
    for (let number = 0; number < 200; number += 1) {
      await client.request('settings.save', { favourites: [`recipe-${number}`] });
      expect(favourites).toEqual([`recipe-${number}`]);
    }
    life.abort();
    await listening;
  });

  test('a sign-in that nobody can answer fails and says what to do', async () => {
    const data = newData();
    const client = await engineClient(data);
    const { port } = new URL(`ssh://127.0.0.1:${(await sshdPort(client)) ?? 0}`);
    const input = { ...cluster('asks'), port: Number(port), methods: ['password' as const], keyFiles: [] };
    const { id } = await client.request('clusters.save', { input: clusterInputSchema.parse(input) });
    expect(await failure(client.request('clusters.connect', { id }))).toMatchObject({
      code: 'sign-in-needed',
      hint: expect.stringContaining('tunel clusters connect'),
    });
  });
});

/** The demo cluster's own server: its host key is not known to another cluster, so that a question comes. */
async function sshdPort(client: CoreClient): Promise<number | undefined> {
  const id = await demo(client);
  const { state } = await client.request('app.state', undefined);
  return state.clusters.find((entry) => entry.cluster.id === id)?.cluster.port;
}
