import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Progress, Transition, Tunel as TunelClient } from '../../../sdk/index.ts';
import { bundleCli, Tunel } from '../../helpers/cli.ts';
import { killEngine } from '../../helpers/engine.ts';

type Sdk = typeof import('../../../sdk/index.ts');

let sdk: Sdk;
let home = '';
let command: Tunel;
let tunel: TunelClient;
/** In the home directory of the demo cluster. */
const folder = 'sdk-test';

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'tunel-sdk-'));
  const file = await bundleCli();
  command = new Tunel(file, home);
  delete command.environment.TUNEL_NO_ENGINE;
  sdk = await import(join(dirname(file), 'sdk/index.js'));
  tunel = await sdk.connect({ dataDirectory: command.dataDirectory });
});
afterAll(async () => {
  tunel?.close();
  await command?.stopEngine();
  rmSync(home, { recursive: true, force: true });
});

const local = (name: string) => join(home, name);

test('an engine is started in the background, and the demo cluster is found by its name', async () => {
  expect(await tunel.status()).toMatchObject({ host: 'background' });
  const demo = await tunel.clusters.get('demo');
  await demo.connect();
  expect((await demo.facts()).launchers.map(({ name }) => name)).toContain('login');
  expect((await tunel.clusters.list()).map(({ id, state }) => [id, state])).toEqual([['demo', 'connected']]);
  await expect(tunel.clusters.get('nowhere')).rejects.toBeInstanceOf(sdk.NotFoundError);
});

test('files are listed, sent and fetched with progress, and a failed fetch leaves nothing', async () => {
  const bytes = randomBytes(3_000_000);
  writeFileSync(local('sent'), bytes);
  const seen: Progress[] = [];
  expect(await tunel.files.upload('demo', local('sent'), `${folder}.bin`, { progress: (now) => seen.push(now) })).toBe(
    bytes.byteLength,
  );
  expect(seen.at(-1)).toEqual({ bytes: bytes.byteLength, total: bytes.byteLength });
  expect(await tunel.files.stat('demo', `${folder}.bin`)).toMatchObject({ kind: 'file', size: bytes.byteLength });
  seen.length = 0;
  await tunel.files.download('demo', `${folder}.bin`, local('fetched'), { progress: (now) => seen.push(now) });
  expect(readFileSync(local('fetched')).equals(bytes)).toBe(true);
  expect(seen.at(-1)).toEqual({ bytes: bytes.byteLength, total: bytes.byteLength });

  await expect(tunel.files.download('demo', 'no-such-file', local('missing'))).rejects.toBeInstanceOf(
    sdk.NotFoundError,
  );
  await expect(tunel.files.upload('demo', local('no-such-file'), 'x')).rejects.toMatchObject({ code: 'ENOENT' });
  const stopped = AbortSignal.abort();
  await expect(
    tunel.files.download('demo', `${folder}.bin`, local('aborted'), { signal: stopped }),
  ).rejects.toBeInstanceOf(sdk.CancelledError);
  expect(
    readdirSync(home)
      .filter((name) => !['tunel-data', '.ssh'].includes(name))
      .sort(),
  ).toEqual(['fetched', 'sent']);
});

test('a transfer goes on by itself, and the end of the engine under it loses nothing', async () => {
  const bytes = randomBytes(24_000_000);
  let kills = 1;
  const seen: number[] = [];
  const killOnce = ({ bytes: done }: Progress) => {
    seen.push(done);
    if (done > 0 && kills > 0) {
      kills -= 1;
      killEngine(command.dataDirectory);
    }
  };
  const sent = tunel.transfers.upload('demo', bytes, `${folder}.large`, { progress: killOnce });
  expect(await sent.done).toBe(bytes.byteLength);
  kills = 1;
  seen.length = 0;
  const fetched = tunel.transfers.download('demo', `${folder}.large`, local('large'), { progress: killOnce });
  await fetched.done;
  expect(kills).toBe(0);
  expect(fetched.progress).toEqual({ bytes: bytes.byteLength, total: bytes.byteLength });
  // It went on at its byte and did not begin again.
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(readFileSync(local('large')).equals(bytes)).toBe(true);
});

test('an app is followed from its launch to its end, through a tunnel and an end of the engine', async () => {
  const heard: Transition[] = [];
  const stopHearing = new AbortController();
  const hearing = (async () => {
    for await (const each of tunel.events({ signal: stopHearing.signal })) heard.push(each);
  })();
  const wanted = { cluster: 'demo', recipe: 'hello', key: 'hello-1' };
  const app = await tunel.apps.launch({ ...wanted, args: { greeting: 'from the SDK' } });
  expect((await tunel.apps.launch({ ...wanted, args: { greeting: 'from the SDK' } })).id).toBe(app.id);
  await expect(tunel.apps.launch(wanted)).rejects.toBeInstanceOf(sdk.KeyReusedError);
  const states: string[] = [];
  const following = (async () => {
    for await (const { state } of app.states()) states.push(state);
  })();
  let text = '';
  const reading = (async () => {
    for await (const piece of app.logs()) text += piece;
  })();
  const { endpoint } = await app.ready();
  if (endpoint?.kind !== 'socket') throw new Error('It listens on a socket.');
  const tunnel = await tunel.tunnels.open({ cluster: 'demo', target: { socket: endpoint.path } });
  expect(await statusOf(tunnel.address)).toBeGreaterThanOrEqual(200);
  await tunnel.close();

  killEngine(command.dataDirectory);
  await expect.poll(async () => (await app.get()).state).toBe('ready');
  await app.stop();
  expect((await app.wait()).state).toBe('ended');
  await following;
  await reading;
  expect(states[0]).toBe('starting');
  expect(states).toContain('ready');
  expect(states.at(-1)).toBe('ended');
  expect(text).toContain('Listening on');
  await expect
    .poll(() => heard.filter(({ instanceId }) => instanceId === app.id).map(({ kind }) => kind))
    .toContain('ended');
  stopHearing.abort();
  await hearing;
  const ids = heard.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));

  const apps = [];
  for await (const { id } of tunel.apps.query({ limit: 1 })) apps.push(id);
  expect(apps).toEqual([app.id]);
  await app.remove();
});

test('a program with a token reaches what it allows, and learns why not otherwise', async () => {
  const { text } = await tunel.request('tokens.create', {
    name: 'sdk',
    scopes: ['read'],
    clusters: null,
    expiresAt: null,
  });
  const reader = await sdk.connect({ dataDirectory: command.dataDirectory, token: text });
  expect(await reader.clusters.list()).toEqual([]);
  await tunel.request('clusters.allowApi', { id: 'demo', allow: true });
  expect((await reader.clusters.list()).map(({ id }) => id)).toEqual(['demo']);
  await expect(reader.request('settings.save', {})).rejects.toBeInstanceOf(sdk.NotPermittedError);
  await expect(reader.apps.launch({ cluster: { id: 'demo' }, recipe: 'hello' })).rejects.toBeInstanceOf(
    sdk.ScopeMissingError,
  );
  reader.close();
  await expect(reader.status()).rejects.toBeInstanceOf(sdk.CancelledError);
  await expect(sdk.connect({ dataDirectory: command.dataDirectory, token: 'wrong' })).rejects.toBeInstanceOf(
    sdk.TokenInvalidError,
  );
});

function statusOf(address: { kind: 'port'; port: number } | { kind: 'socket'; path: string }): Promise<number> {
  const to = address.kind === 'port' ? { host: '127.0.0.1', port: address.port } : { socketPath: address.path };
  return new Promise((resolve, reject) => {
    request({ ...to, path: '/' }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

test('a job is made, given its input, run and followed, and its results are fetched', async () => {
  writeFileSync(local('input.txt'), '20\n22\n');
  const script = "#!/bin/sh\necho adding\nawk '{ sum += $1 } END { print sum }' input.txt >sum.txt\n";
  const job = await tunel.jobs.create({ cluster: 'demo', name: 'add', script, key: 'add-1' });
  expect(job.state).toBe('new');
  expect((await tunel.jobs.create({ cluster: 'demo', name: 'add', script, key: 'add-1' })).id).toBe(job.id);
  await expect(tunel.jobs.create({ cluster: 'demo', name: 'other', script, key: 'add-1' })).rejects.toBeInstanceOf(
    sdk.KeyReusedError,
  );
  await job.files.upload(local('input.txt'), 'input.txt');
  await expect(job.files.upload(local('input.txt'), '../input.txt')).rejects.toBeInstanceOf(sdk.BadInputError);
  await job.submit();
  let text = '';
  for await (const piece of job.logs()) text += piece;
  expect(await job.wait()).toMatchObject({ state: 'completed', error: null });
  expect(text).toContain('adding');
  expect((await job.files.list()).entries.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['input.txt', 'script.sh', 'sum.txt']),
  );
  await job.files.download('sum.txt', local('sum.txt'));
  expect(readFileSync(local('sum.txt'), 'utf8')).toBe('42\n');
  const again = await (await job.rerun({ name: 'more' })).submit();
  expect(await again.wait()).toMatchObject({ state: 'completed', rerunOf: job.id });
  await job.files.remove('sum.txt');
  await expect(job.files.download('sum.txt', local('sum.txt'))).rejects.toBeInstanceOf(sdk.NotFoundError);
  expect(readFileSync(local('sum.txt'), 'utf8')).toBe('42\n');
  const ids = [];
  for await (const { id } of tunel.jobs.query({ text: 'add' })) ids.push(id);
  expect(ids).toEqual([job.id]);
  await job.remove();
  await expect(tunel.jobs.get(job.id)).rejects.toBeInstanceOf(sdk.NotFoundError);
});

test("the gateway's nine calls", async () => {
  const gateway = new sdk.HpcGateway(tunel, 'demo');
  expect(await gateway.heartbeat()).toContain('alive');
  expect(await gateway.createUser()).toMatchObject({ _id: 'demo' });
  const jobid = await gateway.createJob({ job_name: 'nine', executable_cmd: 'cp input.txt output.txt; sleep 600' });
  await gateway.uploadFile(jobid, 'input.txt', local('input.txt'));
  await gateway.uploadFile(jobid, 'extra.txt', local('input.txt'));
  await gateway.deleteFile(jobid, 'extra.txt');
  expect(await gateway.launchJob(jobid)).toEqual({ jobid });
  const nameOf = async () => (await gateway.checkJobState(jobid)).files.map(({ name }) => name);
  await expect.poll(nameOf).toContain('output.txt');
  expect(await nameOf()).not.toContain('extra.txt');
  await gateway.downloadFile(jobid, 'output.txt', local('output.txt'));
  expect(readFileSync(local('output.txt'), 'utf8')).toBe('20\n22\n');
  await gateway.cancelJob(jobid);
  await expect.poll(async () => (await gateway.checkJobState(jobid)).state).toBe('canceled');
});
