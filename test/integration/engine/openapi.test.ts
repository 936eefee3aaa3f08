import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClientEvent, CoreClient } from '../../../electron/client/core-client.ts';
import { engineLogFile, readEngineAddress } from '../../../electron/client/engine-address.ts';
import { serializedErrorSchema } from '../../../electron/shared/error-schemas.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { engineClient, killEngine, spawnEngine } from '../../helpers/engine.ts';
import { Random } from '../recipes/random.ts';
import { ContractChecks, type Route } from './contract-checks.ts';
import { type Candidates, generateValue, spoilValue } from './generate-input.ts';
import { askRaw, openRaw, type StreamFrame } from './raw-requests.ts';
import { resourceCall } from './resource-calls.ts';

const SEED = 20_261_129;
const ROUNDS = 3;
/** No answer may take longer, ms. */
const ANSWER_LIMIT = 30_000;

const folder = mkdtempSync(join(tmpdir(), 'tunel-openapi-'));
const data = join(folder, 'data');
const work = join(folder, 'work');
const random = new Random(SEED);
let client: CoreClient;
let checks: ContractChecks;
let pid: number;
/** Keys of reviews of recipes, to be accepted or discarded. */
const reviews: string[] = [];

/** These take away what the others need, so they come last in each round. */
const lastInRound = /remove|move|forget|end|stop|disconnect/;
/** Ends the engine: tested apart. */
const endsEngine = 'engine.stop';

beforeAll(async () => {
  writeFiles();
  // Nothing of this user's home is read or changed.
  await spawnEngine(data, { HOME: folder });
  client = await engineClient(data);
  ({ pid } = await client.request('engine.status', undefined));
  const { text } = await askRaw(data, { method: 'GET', path: '/v1/openapi.json' });
  checks = new ContractChecks(JSON.parse(text));
});

afterAll(() => {
  killEngine(data);
  rmSync(folder, { recursive: true, force: true });
});

/** A repository of recipes that the generated inputs may name. */
function writeFiles(): void {
  const lab = join(work, 'lab/bench');
  mkdirSync(lab, { recursive: true });
  writeFileSync(join(lab, 'app.yaml'), 'launcher: login\nscript: run.sh\ndescription: A bench.\n');
  writeFileSync(join(lab, 'run.sh'), '#!/bin/sh\ntrue\n');
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-C', join(work, 'lab'), ...args]);
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-q', '-m', 'x');
}

describe('the OpenAPI document', () => {
  test('passes a validator', async () => {
    const { text } = await askRaw(data, { method: 'GET', path: '/v1/openapi.json' });
    const result = await new Validator().validate(JSON.parse(text));
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
  });
});

describe('every route of the real engine', () => {
  test('answers generated inputs as described', async () => {
    const requests = checks.routes.filter(
      ({ method, operation }) =>
        method === 'POST' && operation['x-request'] === undefined && operation.operationId !== endsEngine,
    );
    const statuses = new Map<string, Set<number>>();
    const faults: string[] = [];
    let calls = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      await prepare();
      for (const route of inOrder(requests)) {
        for (const body of await bodiesFor(route)) {
          const { operationId } = route.operation;
          const answer = await askRaw(data, { ...route, body, signal: AbortSignal.timeout(ANSWER_LIMIT) });
          calls += 1;
          if (operationId === 'sources.review' && answer.status === 200) reviews.push(JSON.parse(answer.text).key);
          statuses.set(operationId, (statuses.get(operationId) ?? new Set()).add(answer.status));
          const fault = checks.fault(route, answer) ?? strictnessFault(route, body, answer.status);
          if (fault !== null) faults.push(`${operationId} ${body?.slice(0, 300)}: ${fault}`);
        }
      }
    }
    const isGood = (found: Set<number>) => found.has(200) || found.has(204);
    const neverGood = [...statuses].filter(([, found]) => !isGood(found)).map(([name]) => name);
    console.log(`${calls} calls of ${requests.length} requests, seed ${SEED}; only refused: ${neverGood.join(', ')}`);
    expect(faults).toEqual([]);
    expect(statuses.size).toBe(requests.length);
    await expectSound();
  });

  test('answers each resource as described', async () => {
    const routes = checks.routes.filter(
      // A log that is followed does not end.
      ({ operation, path }) => operation['x-request'] !== undefined && !path.endsWith('/follow'),
    );
    const good = new Set<string>();
    const faults: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await prepare();
      for (const route of inOrder(routes)) {
        const { operationId, 'x-request': name = '' } = route.operation;
        const candidates = await candidatesFor(name);
        for (const isSpoiled of [false, false, true]) {
          const call = resourceCall(route, candidates, random, isSpoiled);
          const answer = await askRaw(data, { ...call, signal: AbortSignal.timeout(ANSWER_LIMIT) });
          if (answer.status < 300) good.add(operationId);
          const fault = checks.fault(route, answer);
          if (fault !== null)
            faults.push(`${call.method} ${call.path.slice(0, 200)} ${call.body?.slice(0, 300)}: ${fault}`);
        }
      }
    }
    const refused = routes.map(({ operation }) => operation.operationId).filter((id) => !good.has(id));
    console.log(`${routes.length} resources; only refused: ${refused.join(', ')}`);
    expect(faults).toEqual([]);
    expect(routes.length).toBeGreaterThan(30);
    expect(good.size).toBeGreaterThan(routes.length / 2);
    await expectSound();
  });

  test('opens each stream, or says why not as described', async () => {
    const routes = checks.routes.filter(({ operation }) => operation['x-stream']);
    const faults: string[] = [];
    const opened = new Set<string>();
    for (let round = 0; round < ROUNDS; round += 1) {
      await prepare();
      for (const route of routes) {
        for (const first of [...(await bodiesFor(route)).map((body) => `{"input":${body ?? null}}`), 'no JSON', '{}']) {
          const frames = await openRaw(data, route.path, first, AbortSignal.timeout(ANSWER_LIMIT));
          const { operationId } = route.operation;
          if (frames[0]?.kind === 'opened') opened.add(operationId);
          const fault =
            frames.length === 0 ? 'no message' : frames.map((frame) => frameFault(route, frame)).find(Boolean);
          if (fault) faults.push(`${operationId} ${first.slice(0, 300)}: ${fault}`);
        }
      }
    }
    console.log(`streams that were open: ${[...opened].sort().join(', ')} of ${routes.length}`);
    expect(faults).toEqual([]);
    await expectSound();
  });

  test('sends only events that are described, each as its schema says', async () => {
    const described = describedEvents();
    const events: ClientEvent[] = [];
    const life = new AbortController();
    const listening = client.subscribe((event) => events.push(event), { answersPrompts: false, signal: life.signal });
    const { clusterId } = await client.request('demo.start', undefined);
    const { id } = await client.request('instances.launch', { clusterId, recipe: 'hello' });
    await untilReady(id);
    const log = await client.openStream('instances.followLog', { id, offset: 0 });
    log.data.resume();
    // The demo cluster is this computer.
    appendFileSync(join((await client.request('history.get', { id })).directory, 'log'), 'more\n');
    const seen = () => new Set(events.map(({ name }) => name));
    const whileRunning = Object.keys(described).filter((name) => name !== 'engine.stopped');
    await expect.poll(() => [...seen()].sort()).toEqual(whileRunning.sort());
    await client.request('instances.end', { id });
    await expect.poll(async () => (await client.request('history.get', { id })).endedAt).not.toBeNull();
    life.abort();
    await listening;
    const faults = events.flatMap(({ name, payload }) => {
      const misfit = described[name] ? checks.misfit(described[name].payload, payload) : 'it is not described';
      return misfit === null ? [] : [`${name}: ${misfit}`];
    });
    console.log(`${events.length} events`);
    expect([...new Set(faults)]).toEqual([]);
  });

  test('refuses what is no request: a path, a method, a body that is none', async () => {
    const [route] = checks.routes.filter(({ operation }) => operation.operationId === 'clusters.save');
    const problem = async (method: string, path: string, body?: string) => {
      const answer = await askRaw(data, { method, path, body });
      expect(answer.type).toBe('application/problem+json');
      const value: unknown = JSON.parse(answer.text);
      expect(
        checks.problemFault(
          { ...route!.operation, 'x-error-codes': ['not-found', 'body-invalid', 'body-too-large', 'bad-input'] },
          value,
          answer.status,
        ),
      ).toBeNull();
      return answer.status;
    };
    expect(await problem('POST', '/v1/no/such')).toBe(404);
    expect(await problem('DELETE', '/v1/clusters/save')).toBe(404);
    expect(await problem('GET', '/v1/clusters/save')).toBe(404);
    expect(await problem('GET', '/v1/streams/terminals/exec')).toBe(404);
    expect(await problem('POST', '/v1/clusters/save', '{"input":')).toBe(400);
    expect(await problem('POST', '/v1/clusters/save', '\ud800')).toBe(400);
    expect(await problem('POST', '/v1/clusters/save', `"${'x'.repeat(17 * 1024 * 1024)}"`)).toBe(413);
    expect(await problem('POST', '/v1/clusters/save', `${'['.repeat(100_000)}${']'.repeat(100_000)}`)).toBe(400);
    await expectSound();
  });

  test('ends as described', async () => {
    const route = checks.routes.find(({ operation }) => operation.operationId === endsEngine);
    const ask = (body: string) => askRaw(data, { ...route!, body });
    await client.request('clusters.connect', { id: (await client.request('demo.start', undefined)).clusterId });
    const life = new AbortController();
    const stopped = failure(client.subscribe(() => undefined, { answersPrompts: false, signal: life.signal }));
    for (const [body, status] of [
      ['{"force":"yes"}', 400],
      ['{}', 409],
      ['{"force":true}', 204],
    ] as const) {
      const answer = await ask(body);
      expect(answer.status).toBe(status);
      expect(checks.fault(route!, answer)).toBeNull();
    }
    const reason = await stopped;
    expect(reason).toMatchObject({ code: 'engine-stopped' });
    expect(checks.misfit(describedEvents()['engine.stopped']!.payload, reason.serialize())).toBeNull();
    await expect.poll(() => readEngineAddress(data)).toBeNull();
  });
});

/** The events that a subscriber may hear, by name. */
function describedEvents() {
  const route = checks.routes.find(({ operation }) => operation.operationId === 'events');
  return route?.operation['x-events'] ?? {};
}

async function failure(work: Promise<unknown>): Promise<AppError> {
  return AppError.from(
    await work.then(
      () => new Error('It did not fail.'),
      (error: unknown) => error,
    ),
  );
}

function inOrder(routes: Route[]): Route[] {
  const rank = ({ operation }: Route) => (lastInRound.test(operation.operationId) ? 1 : 0);
  return [...routes].sort((a, b) => rank(a) - rank(b));
}

/** What a call with a valid input can find: an app's folder, the demo cluster, connected, and a running app. */
async function prepare(): Promise<void> {
  mkdirSync(join(work, 'app'), { recursive: true });
  writeFileSync(join(work, 'app/index.html'), '<p>Hello</p>\n');
  const { clusterId } = await client.request('demo.start', undefined);
  await client.request('clusters.connect', { id: clusterId });
  const { id } = await client.request('instances.launch', { clusterId, recipe: 'hello' });
  await untilReady(id);
}

async function untilReady(id: string): Promise<void> {
  await expect.poll(async () => (await client.request('history.get', { id })).state, { timeout: 60_000 }).toBe('ready');
}

/** Bodies that mostly fit the described input, and bodies with a fault. */
async function bodiesFor(route: Route): Promise<(string | undefined)[]> {
  const schema = checks.inputSchema(route);
  if (!schema) return [undefined, '{}'];
  const candidates = await candidatesFor(route.operation.operationId);
  const valid = () => generateValue(schema, random, candidates);
  const spoiled = () => spoilValue(valid(), random);
  return [valid(), valid(), spoiled(), spoiled()].map((value) => JSON.stringify(value));
}

async function candidatesFor(operationId: string): Promise<Candidates> {
  const { state } = await client.request('app.state', undefined);
  const ids: Record<string, string[]> = {
    clusters: state.clusters.map(({ cluster }) => cluster.id),
    presets: state.presets.map(({ id }) => id),
    folders: state.folders.map(({ folder }) => folder.id),
    sources: state.sources.map(({ id }) => id),
    notices: state.system.notices.map(({ id }) => id),
    instances: state.instances.map(({ id }) => id),
  };
  const own = ids[operationId.split('.')[0] ?? ''] ?? ids.instances ?? [];
  const instances = [...(ids.instances?.slice(0, 3) ?? []), 'none'];
  return {
    id: [...own.slice(0, 3), ...own.slice(0, 3), 'none'],
    clusterId: ['demo', 'demo', 'demo', ...(ids.clusters ?? []), 'none'],
    instanceId: instances,
    appId: instances,
    key: [...reviews, 'none'],
    cursor: ['none', undefined],
    host: ['127.0.0.1', 'no-such-host.invalid'],
    port: [1, 9],
    user: ['ada'],
    alias: ['none', '-oProxyCommand=id'],
    keyFiles: [[], [join(work, 'none')]],
    recipe: ['hello', 'hello', 'python-script', 'none/none'],
    launcher: ['', 'login', 'slurm'],
    runtime: ['', 'native'],
    image: ['', '/none/none.sif'],
    args: [{}, { greeting: 'Hi' }, { greeting: 1 }, { unknown: 'x' }],
    script: ['true', 'echo out; echo err >&2; exit 3', 'no-such-command'],
    line: ['true'],
    ...(operationId.startsWith('folders.')
      ? {}
      : {
          environment: ['', 'A=1'],
          source: ['/none', join(work, 'none.yaml'), 'https://127.0.0.1:1/site.yaml', 'lumi'],
        }),
    path: [join(work, 'app'), join(work, 'file'), join(work, 'none')],
    newPath: [join(work, 'moved'), join(work, 'file')],
    url: [`file://${join(work, 'lab')}`, `file://${join(work, 'none')}`, 'no address'],
    ref: ['', 'main', 'no-such-branch'],
    commit: ['', '0'.repeat(40)],
    socket: [join(work, 'none.sock')],
    node: ['', 'none'],
    recipeFolders: [[], [work], [join(work, 'none')]],
    profile: [null, { site: 'Here' }, { site: 'Here', queues: [{ name: 'a' }, { name: 'a' }] }],
  };
}

/** What does not fit the described input has to be refused. */
function strictnessFault(route: Route, body: string | undefined, status: number): string | null {
  const schema = checks.inputSchema(route);
  const misfit = schema
    ? checks.misfit(schema, body === undefined ? undefined : JSON.parse(body))
    : (body ?? null) && 'there is none';
  return misfit !== null && status < 300 ? `accepted, though by its description ${misfit}` : null;
}

function frameFault({ operation }: Route, frame: StreamFrame): string | null {
  const described = operation['x-stream'];
  if (!described) return 'it is no stream';
  if (frame.kind === 'opened' || frame.kind === 'closed') return checks.misfit(described[frame.kind], frame.value);
  if (frame.kind === 'failed') return checks.codeFault(operation, serializedErrorSchema.parse(frame.error).code, frame);
  return frame.kind === 'end' ? null : `an unknown message ${frame.kind}`;
}

/** The same process, its whole state as described, whole files, and no error in its log. */
async function expectSound(): Promise<void> {
  expect((await client.request('engine.status', undefined)).pid).toBe(pid);
  const route = checks.routes.find(({ operation }) => operation.operationId === 'app.state');
  expect(checks.fault(route!, await askRaw(data, route!))).toBeNull();
  const { state } = await client.request('app.state', undefined);
  const saved = JSON.parse(readFileSync(join(data, 'clusters.json'), 'utf8')) as { data: { id: string }[] };
  expect(saved.data.map(({ id }) => id).sort()).toEqual(state.clusters.map(({ cluster }) => cluster.id).sort());
  expect(
    readFileSync(engineLogFile(data), 'utf8')
      .split('\n')
      .filter((line) => / error /.test(line)),
  ).toEqual([]);
  expect({}).not.toHaveProperty('polluted');
}
