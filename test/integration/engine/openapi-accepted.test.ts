import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StateFollower } from '../../../cli/state-follower.ts';
import type { CoreClient } from '../../../electron/client/core-client.ts';
import { readEngineAddress } from '../../../electron/client/engine-address.ts';
import { createSocketClient } from '../../../electron/client/socket-client.ts';
import { systemClock } from '../../../electron/core/clock.ts';
import { openStorage } from '../../../electron/core/storage/storage.ts';
import { type ClusterInput, clusterInputSchema } from '../../../electron/shared/clusters.ts';
import type { Instance } from '../../../electron/shared/instances.ts';
import { engineClient, killEngine, spawnEngine } from '../../helpers/engine.ts';
import { ContractChecks } from './contract-checks.ts';
import { askRaw } from './raw-requests.ts';

/** What generated inputs seldom or never meet is asked here with what has to be accepted, on the demo cluster. */

const folder = mkdtempSync(join(tmpdir(), 'tunel-accepted-'));
const data = join(folder, 'data');
const work = join(folder, 'work');
const page = createServer((_request, response) => response.end('a page'));
let client: CoreClient;
let checks: ContractChecks;

beforeAll(async () => {
  writeFiles();
  await listen(page);
  await start();
  const { text } = await askRaw(data, { method: 'GET', path: '/v1/openapi.json' });
  checks = new ContractChecks(JSON.parse(text));
  await client.request('settings.save', { recipeFolders: [join(work, 'recipes')] });
});

afterAll(() => {
  killEngine(data);
  page.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A page as a folder's app, and a legacy recipe whose command says its password. */
function writeFiles(): void {
  const recipe = join(work, 'recipes/says');
  for (const made of [recipe, join(work, 'app')]) mkdirSync(made, { recursive: true });
  writeFileSync(join(work, 'app/index.html'), '<p>Hello</p>\n');
  writeFileSync(
    join(recipe, 'app.yaml'),
    'launcher: singularity\nscript: app.sh\ndescription: A page\nneeds: { socket: true }\ncommands:\n  post: echo password=open-sesame\n',
  );
  writeFileSync(
    join(recipe, 'app.sh'),
    `#!/bin/bash
SOCKET_DIR="{{ scriptdir }}"
{% include "bash/socket/set-socket.sh" %}
cat >page.py <<'PAGE'
import http.server, socketserver, sys
class Page(http.server.SimpleHTTPRequestHandler):
    def address_string(self):
        return 'client'
class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
Server(sys.argv[1], Page).serve_forever()
PAGE
exec python3 page.py \${SOCKET}
`,
  );
}

async function listen(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}

async function start(): Promise<void> {
  // Nothing of this user's home is read or changed.
  await spawnEngine(data, { HOME: folder });
  client = await engineClient(data);
  await client.request('demo.start', undefined);
  await client.request('clusters.connect', { id: 'demo' });
}

/** The answer to a request that has to be accepted, compared with its description. */
async function accepted(operationId: string, input: unknown): Promise<unknown> {
  const route = checks.routes.find(({ operation }) => operation.operationId === operationId);
  const answer = await askRaw(data, { ...route!, body: JSON.stringify(input) });
  expect(`${operationId}: ${checks.fault(route!, answer) ?? 'as described'}`).toBe(`${operationId}: as described`);
  expect(`${operationId}: ${answer.status} ${answer.text}`).toMatch(/: 20[04] /);
  return answer.text === '' ? null : JSON.parse(answer.text);
}

async function demoInput(changes: Partial<ClusterInput>): Promise<ClusterInput> {
  const { state } = await client.request('app.state', undefined);
  const demo = state.clusters.find(({ cluster }) => cluster.demo)?.cluster;
  return clusterInputSchema.parse({ ...demo, connectAtStart: false, ...changes });
}

async function launch(recipe: string, clusterId = 'demo'): Promise<string> {
  const { id } = await client.request('instances.launch', { clusterId, recipe });
  return id;
}

/** From the state: the history keeps what was last saved, and an interruption is decided anew at each start. */
async function instanceOf(id: string): Promise<Instance> {
  const { state } = await client.request('app.state', undefined);
  const found = state.instances.find((instance) => instance.id === id);
  if (!found) throw new Error(`${id} is not listed.`);
  return found;
}

async function becomes(id: string, state: Instance['state']): Promise<Instance> {
  const said = async () => {
    const instance = await instanceOf(id);
    return instance.error ? `${instance.state}: ${instance.error.message}` : instance.state;
  };
  await expect.poll(said, { timeout: 60_000 }).toBe(state);
  return instanceOf(id);
}

describe('what is accepted is answered as described', () => {
  test('clusters.test', async () => {
    const input = await demoInput({ name: 'tested' });
    expect(await accepted('clusters.test', { input })).toMatchObject({
      loginNode: expect.any(String),
      socketForwarding: true,
    });
  });

  test('folders.inspect, folders.sync and folders.clean', async () => {
    const source = { kind: 'folder', path: join(work, 'app') } as const;
    const inspected = await accepted('folders.inspect', { source });
    expect(inspected).toMatchObject({ files: 1, recognition: { kind: 'static' } });
    const {
      confidence: _confidence,
      why: _why,
      ...begin
    } = (await client.request('folders.inspect', { source })).recognition;
    const { id } = await client.request('folders.save', { input: { title: 'A page', source, start: begin } });
    const place = { id, clusterId: 'demo' };
    expect(await accepted('folders.sync', place)).toMatchObject({
      sentFiles: 1,
      text: expect.stringMatching(/^sent 1 file/),
    });
    await accepted('folders.clean', place);
  });

  test('instances.note', async () => {
    const id = await launch('says');
    await becomes(id, 'ready');
    await expect.poll(async () => (await instanceOf(id)).notes?.map(({ label }) => label)).toEqual(['Password']);
    expect(await accepted('instances.note', { id, label: 'Password' })).toEqual({ value: 'open-sesame' });
    await client.request('instances.end', { id });
    await becomes(id, 'ended');
  });

  test('terminals.open, whose terminal has the size that was asked for and takes another', async () => {
    const size = { columns: 100, rows: 30, type: 'xterm-256color' };
    const stream = await client.openStream('terminals.open', { target: { clusterId: 'demo' }, ...size });
    let text = '';
    stream.data.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    stream.data.write('echo "<$TERM $(stty size)>"; tty\n');
    await expect.poll(() => text).toMatch(/<xterm-256color 30 100>\s+\/dev\//);
    stream.control({ kind: 'resize', columns: 80, rows: 24 });
    const sizes = () => {
      stream.data.write('stty size\n');
      return text;
    };
    await expect.poll(sizes).toMatch(/^24 80\r?$/m);
    stream.data.write('sleep 1000\n');
    await expect.poll(() => text).toContain('sleep 1000');
    stream.data.write('\x03');
    stream.data.write('exit 3\n');
    expect(await stream.closed).toEqual({ code: 3, signal: null, left: null });
  });

  test('terminals.open with a script, which takes the terminal over', async () => {
    const size = { columns: 80, rows: 24, type: 'xterm' };
    const script = 'read -r line; echo "got $line on $(tty)"';
    const stream = await client.openStream('terminals.open', { target: { clusterId: 'demo' }, script, ...size });
    let text = '';
    stream.data.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    stream.data.write('this\n');
    expect(await stream.closed).toEqual({ code: 0, signal: null, left: null });
    expect(text).toMatch(/got this on \/dev\//);
  });

  test('terminals.open that keeps it, and what lists, shows and closes it', async () => {
    const size = { columns: 80, rows: 24, type: 'xterm' };
    const input = { target: { clusterId: 'demo' }, script: 'echo shown; exec sleep 86351', keep: { title: 'demo' } };
    const stream = await client.openStream('terminals.open', { ...input, ...size });
    stream.data.resume();
    stream.data.on('error', () => undefined);
    const { kept } = stream.opened;
    expect(kept).toMatchObject({ clusterId: 'demo', title: 'demo' });
    const id = kept?.id ?? '';
    const shown = await client.openStream('terminals.attach', { clusterId: 'demo', id, ...size });
    let text = '';
    shown.data.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    await expect.poll(() => text).toContain('shown');
    expect(await stream.closed).toEqual({ code: null, signal: null, left: 'taken' });
    expect(await accepted('terminals.list', { clusterId: 'demo' })).toMatchObject([{ id, isAttached: true }]);
    await accepted('terminals.close', { clusterId: 'demo', id });
    expect((await shown.closed).left).not.toBe('taken');
    expect(await client.request('terminals.list', { clusterId: 'demo' })).toEqual([]);
  });

  test('tunnels.hold and tunnels.connect', async () => {
    const { port } = page.address() as AddressInfo;
    const input = { clusterId: 'demo', target: { node: '', port } };
    const hold = await client.openStream('tunnels.hold', input);
    expect(hold.opened.route).toMatchObject({ kind: expect.any(String), text: expect.any(String) });
    hold.data.destroy();
    const connection = await client.openStream('tunnels.connect', input);
    let text = '';
    connection.data.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    connection.data.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    await expect.poll(() => text).toMatch(/a page$/);
    connection.data.destroy();
  });

  test('prompts.answer, instances.continue and instances.forget', async () => {
    const input = await demoInput({ name: 'asks', knownHostsFile: join(work, 'known_hosts') });
    const { id: clusterId } = await client.request('clusters.save', { input });
    const follower = new StateFollower(client, { answersPrompts: true, onNextEngine: async () => {} });
    await follower.start();
    // Both wait for the question about the host key when their engine is killed.
    const [first, second] = [await launch('hello', clusterId), await launch('hello', clusterId)];
    const question = (from: StateFollower) => from.state.prompts.find((prompt) => prompt.clusterId === clusterId)?.id;
    await expect.poll(() => question(follower)).toBeDefined();
    follower.close();
    await killAndWait();
    await Promise.all([first, second].map((id) => moveBack(id, 5 * 60_000)));
    await start();
    const next = new StateFollower(client, { answersPrompts: true, onNextEngine: async () => {} });
    await next.start();
    const connecting = client.request('clusters.connect', { id: clusterId });
    await expect.poll(() => question(next)).toBeDefined();
    await accepted('prompts.answer', { id: question(next), answer: { kind: 'host-key', accept: true } });
    await connecting;
    // What is there of them is seen only now.
    await becomes(first, 'interrupted');
    await becomes(second, 'interrupted');
    const program = await limitedProgram(clusterId, { jobs: 0 });
    await expect(program.request('instances.continue', { id: first })).rejects.toMatchObject({ code: 'token-limit' });
    await accepted('instances.continue', { id: first });
    await becomes(first, 'ready');
    await accepted('instances.forget', { id: second });
    await client.request('instances.end', { id: first });
    await becomes(first, 'ended');
    next.close();
  });
});

/** Another program, whose launches are limited. */
async function limitedProgram(clusterId: string, limits: { jobs: number }): Promise<CoreClient> {
  await client.request('clusters.allowApi', { id: clusterId, allow: true });
  const input = { name: 'limited', scopes: ['launch' as const], clusters: [clusterId], expiresAt: null, limits };
  const { text } = await client.request('tokens.create', input);
  return createSocketClient({ socket: readEngineAddress(data)!.socket, token: text }, null);
}

async function killAndWait(): Promise<void> {
  const pid = readEngineAddress(data)?.pid;
  killEngine(data);
  const isGone = () => {
    try {
      process.kill(pid!, 0);
      return false;
    } catch {
      return true;
    }
  };
  await expect.poll(isGone).toBe(true);
}

/** As if its launch had begun that much earlier, ms. */
async function moveBack(id: string, ms: number): Promise<void> {
  const storage = openStorage(data, systemClock);
  const { instance, removed } = storage.findInstance(id)!;
  const earlier = (at: number | null) => at && at - ms;
  const steps = instance.steps.map((step) => ({
    ...step,
    startedAt: earlier(step.startedAt),
    endedAt: earlier(step.endedAt),
  }));
  storage.saveInstance({ instance: { ...instance, createdAt: instance.createdAt - ms, steps }, removed });
  await storage.close();
}
