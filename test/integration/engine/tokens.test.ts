import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { CoreClient } from '../../../electron/client/core-client.ts';
import { readEngineAddress } from '../../../electron/client/engine-address.ts';
import { clusterInputSchema } from '../../../electron/shared/clusters.ts';
import type { RequestInput } from '../../../electron/shared/contract/index.ts';
import { engineClient, killEngine } from '../../helpers/engine.ts';

let folder: string;
let data: string;
let client: CoreClient;
let demo: string;
let other: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-tokens-'));
  data = join(folder, 'data');
  client = await engineClient(data);
  ({ clusterId: demo } = await client.request('demo.start', undefined));
  const input = clusterInputSchema.parse({ name: 'other', host: '127.0.0.1', port: 1, user: 'ada' });
  ({ id: other } = await client.request('clusters.save', { input }));
  await client.request('clusters.allowApi', { id: demo, allow: true });
});
afterAll(() => {
  killEngine(data);
  rmSync(folder, { recursive: true, force: true });
});

async function newToken(change: Partial<RequestInput<'tokens.create'>> = {}) {
  const name = `token ${Math.random()}`;
  const input = { name, scopes: ['read' as const], clusters: null, expiresAt: null, ...change };
  const { token, text: secret } = await client.request('tokens.create', input);
  return { ...token, text: secret };
}

interface Connection {
  socketPath: string;
  headers: Record<string, string>;
}

function connectAs(token: string): Connection {
  const address = readEngineAddress(data);
  if (!address) throw new Error('No engine runs.');
  return { socketPath: address.socket, headers: { host: 'tunel', authorization: `Bearer ${token}` } };
}

async function ask(
  token: string,
  path: string,
  body?: object,
): Promise<{ status: number | undefined; code: string; value: unknown }> {
  const outgoing = request({ ...connectAs(token), agent: false, method: 'POST', path: `/v1/${path}` });
  outgoing.end(body && JSON.stringify(body));
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  const answer = await text(response);
  const value: unknown = answer === '' ? undefined : JSON.parse(answer);
  const code = response.statusCode === 200 || response.statusCode === 204 ? 'ok' : String(Object(value).code);
  return { status: response.statusCode, code, value };
}

/** The events of a subscription as text, as far as they have come. */
async function subscribe(token: string, headers: Record<string, string> = {}, path = '/v1/events') {
  const connection = connectAs(token);
  const outgoing = request({
    ...connection,
    agent: false,
    path,
    headers: { ...connection.headers, ...headers },
  });
  outgoing.end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  const received = { status: response.statusCode, text: '' };
  response.setEncoding('utf8').on('data', (chunk: string) => {
    received.text += chunk;
  });
  response.on('error', () => undefined);
  const ended = new Promise((resolve) => response.once('close', resolve));
  return { received, ended, close: () => outgoing.destroy() };
}

describe('a token of another program', () => {
  test('allows its scopes on clusters that allow the API, and nothing of the owner’s', async () => {
    const reader = await newToken();
    const codes = {
      status: await ask(reader.text, 'engine/status'),
      facts: await ask(reader.text, 'clusters/facts', { id: demo }),
      launch: await ask(reader.text, 'instances/launch', { clusterId: demo, recipe: 'hello', args: {} }),
      state: await ask(reader.text, 'app/state'),
      tokens: await ask(reader.text, 'tokens/create', {
        name: 'more',
        scopes: ['shell'],
        clusters: null,
        expiresAt: null,
      }),
      disabled: await ask(reader.text, 'clusters/usage', { id: other }),
      unknown: await ask(reader.text, 'clusters/usage', { id: 'nothing' }),
    };
    expect(Object.fromEntries(Object.entries(codes).map(([name, { status, code }]) => [name, [status, code]]))).toEqual(
      {
        status: [200, 'ok'],
        facts: [200, 'ok'],
        launch: [403, 'scope-missing'],
        state: [403, 'not-permitted'],
        tokens: [403, 'not-permitted'],
        disabled: [403, 'api-disabled'],
        unknown: [403, 'not-permitted'],
      },
    );
  });

  test('of one cluster sees no other one', async () => {
    const token = await newToken({ clusters: [other] });
    await client.request('clusters.allowApi', { id: other, allow: true });
    expect((await ask(token.text, 'clusters/list')).value).toMatchObject([{ name: 'other', state: 'disconnected' }]);
    expect((await ask(token.text, 'clusters/facts', { id: demo })).code).toBe('not-permitted');
    await client.request('clusters.allowApi', { id: other, allow: false });
    expect((await ask(token.text, 'clusters/list')).value).toEqual([]);
  });

  test('launches an app, hears of it by events with ids, and continues after the last one', async () => {
    const token = await newToken({ scopes: ['read', 'launch'] });
    const { received, close } = await subscribe(token.text);
    const launched = await ask(token.text, 'instances/launch', { clusterId: demo, recipe: 'hello', args: {} });
    expect(launched.code).toBe('ok');
    const { id } = launched.value as { id: string };
    await expect.poll(() => received.text, { timeout: 60_000 }).toMatch(/"kind":"ready"/);
    expect(received.text).not.toMatch(/event: (snapshot|state\.changed)/);
    close();
    const [first] = /(?<=^id: )\d+/m.exec(received.text) ?? [];
    const before = await subscribe(token.text, { 'last-event-id': String(Number(first) - 1) });
    await expect.poll(() => before.received.text).toMatch(/"kind":"ready"/);
    before.close();
    const after = await subscribe(token.text, { 'last-event-id': String(first) });
    expect((await ask(token.text, 'instances/stop', { id })).code).toBe('ok');
    await expect.poll(() => after.received.text).toMatch(/"kind":"ended"/);
    expect(after.received.text).not.toMatch(/"kind":"ready"/);
    after.close();
    const elsewhere = await newToken({ scopes: ['read', 'launch'], clusters: [other] });
    expect((await ask(elsewhere.text, 'instances/stop', { id })).code).toBe('not-permitted');
    expect((await ask(elsewhere.text, 'history/get', { id })).code).toBe('not-permitted');
    expect((await ask(elsewhere.text, 'history/query', {})).value).toEqual({ instances: [], next: null });
  });

  /** A command that runs for long, as the frames that came of it. */
  async function openCommand(token: string) {
    const { socketPath, headers } = connectAs(token);
    const socket = new WebSocket(`ws+unix:${socketPath}:/v1/streams/terminals/exec`, { headers });
    const frames: string[] = [];
    socket.on('message', (bytes, isBinary) => {
      if (!isBinary) frames.push(bytes.toString());
    });
    const ended = once(socket, 'close');
    await once(socket, 'open');
    socket.send(JSON.stringify({ input: { target: { clusterId: demo }, script: 'sleep 1000' } }));
    await expect.poll(() => frames[0], { timeout: 20_000 }).toMatch(/"opened"/);
    return { frames, ended };
  }

  const tunnelsOpen = async () => (await client.request('tunnels.list', {})).length;
  const openTunnel = async (token: string) => {
    const page = createServer((socket) => socket.end());
    page.listen(0, '127.0.0.1');
    await once(page, 'listening');
    const { port } = page.address() as AddressInfo;
    const input = { clusterId: demo, target: { node: '', port }, local: { kind: 'port', port: 0 } };
    const { code } = await ask(token, 'tunnels/open', input);
    page.close();
    return code;
  };

  test('that is revoked ends its events, streams and tunnels, and is refused from then on', async () => {
    const token = await newToken({ scopes: ['read', 'shell'] });
    const { received, ended } = await subscribe(token.text);
    const command = await openCommand(token.text);
    expect(await openTunnel(token.text)).toBe('ok');
    expect(await tunnelsOpen()).toBe(1);
    await client.request('tokens.revoke', { id: token.id });
    await Promise.all([ended, command.ended]);
    expect(received.text).toMatch(/event: engine\.stopped\ndata: .*"token-revoked"/);
    expect(command.frames.at(-1)).toMatch(/"failed".*"token-revoked"/);
    expect(await tunnelsOpen()).toBe(0);
    expect(await ask(token.text, 'engine/status')).toMatchObject({ status: 401, code: 'token-revoked' });
  });

  test('loses what it has open on a cluster that the user closes to programs, and goes on elsewhere', async () => {
    const token = await newToken({ scopes: ['read', 'shell'] });
    const all = await subscribe(token.text);
    const { received, ended } = await subscribe(token.text, {}, '/v1/clusters/demo/events');
    const command = await openCommand(token.text);
    const mine = await openCommand(readEngineAddress(data)?.token ?? '');
    expect(await openTunnel(token.text)).toBe('ok');
    await client.request('clusters.allowApi', { id: demo, allow: false });
    try {
      await Promise.all([ended, command.ended]);
      expect(received.text).toMatch(/event: engine\.stopped\ndata: .*"api-disabled"/);
      expect(command.frames.at(-1)).toMatch(/"failed".*"api-disabled"/);
      expect(await tunnelsOpen()).toBe(0);
      expect(all.received.text).not.toContain('engine.stopped');
      expect(mine.frames).toHaveLength(1);
    } finally {
      await client.request('clusters.allowApi', { id: demo, allow: true });
      all.close();
    }
    expect(await ask(token.text, 'engine/status')).toMatchObject({ code: 'ok' });
  });

  test('has so many subscriptions open, and neither its calls nor those of others wait for them', async () => {
    const token = await newToken();
    const opened = await Promise.all(Array.from({ length: 1000 }, () => subscribe(token.text)));
    const statuses = opened.map(({ received }) => received.status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(100);
    expect(statuses.filter((status) => status === 429)).toHaveLength(900);
    const refused = opened.find(({ received }) => received.status === 429);
    expect(JSON.parse(refused?.received.text ?? '')).toMatchObject({ code: 'too-many-open' });
    expect((await ask(token.text, 'engine/status')).code).toBe('ok');
    const other = await subscribe((await newToken()).text);
    expect(other.received.status).toBe(200);
    for (const each of [...opened, other]) each.close();
    await expect
      .poll(async () => {
        const again = await subscribe(token.text);
        again.close();
        return again.received.status;
      })
      .toBe(200);
  });

  test('has a code of its own for each refusal', async () => {
    const { text: valid } = await newToken({ scopes: ['files'] });
    const wrong = `${valid.slice(0, -4)}AAAA`;
    expect(await ask(wrong, 'engine/status')).toMatchObject({ status: 401, code: 'token-invalid' });
    expect(await ask('', 'engine/status')).toMatchObject({ status: 401, code: 'token-invalid' });
    const ending = await newToken({ expiresAt: Date.now() + 300 });
    await expect.poll(async () => (await ask(ending.text, 'engine/status')).code).toBe('token-expired');
    expect((await subscribe(valid)).received.status).toBe(403);
    expect((await ask(valid, 'engine/status')).code).toBe('scope-missing');
  });

  test('is in no file of the data directory, and neither is a secret in the audit log', async () => {
    const token = await newToken({ name: 'kept nowhere' });
    const files = readdirSync(data).filter((name) => /\.(db|db-wal|json|log)$/.test(name));
    expect(files.length).toBeGreaterThan(2);
    for (const name of files) expect(readFileSync(join(data, name)).includes(token.text)).toBe(false);
    await expect(newToken({ name: token.name })).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  test('has its calls in the audit log, also those that were refused', async () => {
    const token = await newToken({ name: 'nightly' });
    await ask(token.text, 'clusters/facts', { id: demo });
    await ask(token.text, 'instances/launch', { clusterId: demo, recipe: 'hello', args: {} });
    await ask(`${token.text.slice(0, -4)}AAAA`, 'clusters/list');
    const { entries, total } = await client.request('audit.query', { tokenId: token.id });
    expect(total).toBe(2);
    expect(entries).toMatchObject([
      { call: 'instances.launch', detail: 'hello', clusterId: demo, result: 'scope-missing', tokenName: 'nightly' },
      { call: 'clusters.facts', result: 'ok', client: 'token' },
    ]);
    const failed = await client.request('audit.query', { failed: true, limit: 1 });
    expect(failed.entries).toMatchObject([{ client: 'unknown', call: '/v1/clusters/list', result: 'token-invalid' }]);
    const older = await client.request('audit.query', { failed: true, limit: 1, cursor: failed.next ?? 0 });
    expect(older.entries).toMatchObject([{ result: 'scope-missing' }]);
    const own = await client.request('audit.query', { limit: 500 });
    expect(own.entries.filter(({ client: who }) => who === 'owner').map(({ call }) => call)).toContain('tokens.create');
  });
});

describe('a token that asks the user', () => {
  const waiting = async () => (await client.request('app.state', undefined)).state.consents;
  const nextQuestion = async () => {
    await expect.poll(waiting).toHaveLength(1);
    return (await waiting())[0]!;
  };

  test('waits at the first use of a scope, and no more once it is allowed', async () => {
    const token = await newToken({ clusters: [demo], ask: true });
    const first = ask(token.text, 'clusters/facts', { id: demo });
    const question = await nextQuestion();
    expect(question).toMatchObject({
      kind: 'scope',
      tokenName: token.name,
      scope: 'read',
      call: 'clusters.facts',
      clusterId: demo,
    });
    await client.request('tokens.answerConsent', { id: question.id, answer: 'allow' });
    expect((await first).code).toBe('ok');
    expect((await ask(token.text, 'clusters/facts', { id: demo })).code).toBe('ok');
    expect((await ask(token.text, 'engine/status')).code).toBe('ok');
  });

  test('is refused by the user, and a client that leaves takes its question along', async () => {
    const token = await newToken({ clusters: [demo], ask: true });
    const refused = ask(token.text, 'clusters/facts', { id: demo });
    await client.request('tokens.answerConsent', { id: (await nextQuestion()).id, answer: 'deny' });
    expect(await refused).toMatchObject({ status: 403, code: 'consent-denied' });
    const outgoing = request({ ...connectAs(token.text), agent: false, path: '/v1/events' });
    outgoing.on('error', () => undefined).end();
    expect(await nextQuestion()).toMatchObject({ call: 'events', scope: 'read' });
    outgoing.destroy();
    await expect.poll(waiting).toEqual([]);
    const entries = await client.request('audit.query', { tokenId: token.id });
    expect(entries.entries.map(({ call, result }) => [call, result])).toEqual([
      ['events', 'cancelled'],
      ['clusters.facts', 'consent-denied'],
    ]);
  });

  test('has each write confirmed, and reads freely', async () => {
    const token = await newToken({ scopes: ['read', 'launch'], clusters: [demo], confirmsWrites: true });
    expect((await ask(token.text, 'clusters/list')).code).toBe('ok');
    const launch = () => ask(token.text, 'instances/launch', { clusterId: demo, recipe: 'hello' });
    for (const answer of ['once', 'deny'] as const) {
      const launched = launch();
      const question = await nextQuestion();
      expect(question).toMatchObject({ kind: 'write', call: 'instances.launch', detail: 'hello' });
      await client.request('tokens.answerConsent', { id: question.id, answer });
      expect((await launched).code).toBe(answer === 'once' ? 'ok' : 'consent-denied');
    }
  });
});

describe('limits of a token', () => {
  const usedBy = async (id: string) =>
    (await client.request('tokens.list', undefined)).find((token) => token.id === id)?.today;

  test('stop its launches, and each is counted once', async () => {
    const limits = { jobs: 1, cpus: 2 };
    const token = await newToken({ scopes: ['launch'], clusters: [demo], limits });
    const launch = (body: object) => ask(token.text, 'instances/launch', { clusterId: demo, recipe: 'hello', ...body });
    expect(await launch({ resources: { cpus: 3 } })).toMatchObject({ status: 429, code: 'token-limit' });
    expect((await launch({ key: 'a' })).code).toBe('ok');
    expect((await launch({ key: 'a' })).code).toBe('ok');
    expect((await launch({ key: 'b' })).code).toBe('token-limit');
    expect(await usedBy(token.id)).toEqual({ calls: 4, jobs: 1, bytes: 0 });
  });

  test('stop its transfers, also in the middle of one', async () => {
    const token = await newToken({ scopes: ['files'], clusters: [demo], limits: { bytes: 1_000_000 } });
    const path = encodeURIComponent(join(folder, 'upload.bin'));
    const put = async (bytes: number) => {
      const outgoing = request({
        ...connectAs(token.text),
        agent: false,
        method: 'PUT',
        path: `/v1/clusters/demo/files/content?path=${path}`,
      });
      outgoing.on('error', () => undefined).end(Buffer.alloc(bytes));
      const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
      return [response.statusCode, JSON.parse(await text(response)).code];
    };
    expect(await put(600_000)).toEqual([200, undefined]);
    expect(await usedBy(token.id)).toMatchObject({ bytes: 600_000 });
    expect(await put(3_000_000)).toEqual([429, 'token-limit']);
    expect(await put(1)).toEqual([429, 'token-limit']);
    expect(readFileSync(join(folder, 'upload.bin'))).toHaveLength(600_000);
  });
});

describe('a launch with a key', () => {
  test('answers as the first one, and refuses another input', async () => {
    const token = await newToken({ scopes: ['launch'], clusters: [demo] });
    const launch = async (key: string, body: object) => {
      const connection = connectAs(token.text);
      const headers = { ...connection.headers, 'idempotency-key': key };
      const outgoing = request({
        ...connection,
        headers,
        agent: false,
        method: 'POST',
        path: '/v1/clusters/demo/apps',
      });
      outgoing.end(JSON.stringify(body));
      const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
      const value: { id?: string; code?: string } = JSON.parse(await text(response));
      return [response.statusCode, value.code ?? value.id];
    };
    const [status, id] = await launch('k1', { recipe: 'hello', args: { greeting: 'a' } });
    expect(status).toBe(200);
    expect(await launch('k1', { args: { greeting: 'a' }, recipe: 'hello' })).toEqual([200, id]);
    expect(await launch('k1', { recipe: 'hello', args: { greeting: 'b' } })).toEqual([422, 'key-reused']);
    expect(await launch('k2', { recipe: 'no-such' })).toEqual([404, 'not-found']);
    expect((await launch('k2', { recipe: 'hello' }))[0]).toBe(200);
    expect(await launch('k3', { recipe: 'hello', key: 'other' })).toEqual([400, 'bad-input']);
  });
});

test('a site that forbids programs has the last word', async () => {
  await client.request('clusters.allowApi', { id: other, allow: true });
  const profile = { site: 'Strict', api: 'forbidden' as const, apiMessage: 'No automated access.' };
  await client.request('clusters.setSite', { id: other, profile });
  const token = await newToken({ clusters: [other] });
  const refused = await ask(token.text, 'clusters/usage', { id: other });
  expect(refused).toMatchObject({ status: 403, code: 'api-forbidden' });
  expect(JSON.stringify(refused.value)).toContain('No automated access.');
  await expect(client.request('clusters.allowApi', { id: other, allow: true })).rejects.toMatchObject({
    code: 'api-forbidden',
    hint: 'It says: No automated access.',
  });
  await client.request('clusters.setSite', { id: other, profile: null });
  expect((await ask(token.text, 'clusters/usage', { id: other })).code).toBe('ok');
});

describe('the API on 127.0.0.1', () => {
  const port = async () => (await client.request('engine.status', undefined)).loopback?.port ?? null;
  const fetchStatus = async (headers: Record<string, string>) => {
    const outgoing = request({ host: '127.0.0.1', port: await port(), path: '/v1/status', agent: false, headers });
    outgoing.end();
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    const { code = 'ok' } = JSON.parse(await text(response)) as { code?: string };
    return [response.statusCode, code, response.headers['access-control-allow-origin']];
  };

  test('is off until it is turned on, takes tokens only, and names of its own', async () => {
    expect((await client.request('engine.status', undefined)).loopback).toBeNull();
    await client.request('settings.save', { apiPort: 0 });
    await expect.poll(port).toBeGreaterThan(1023);
    const token = await newToken();
    const authorization = `Bearer ${token.text}`;
    expect(await fetchStatus({ authorization })).toEqual([200, 'ok', undefined]);
    expect(await fetchStatus({ authorization, host: `localhost:${await port()}` })).toEqual([200, 'ok', undefined]);
    for (const host of ['tunel', 'localhost', 'attacker.example', `attacker.example:${await port()}`, '127.0.0.1:1']) {
      expect((await fetchStatus({ authorization, host }))[1], host).toBe('not-permitted');
    }
    const origin = `http://127.0.0.1:${await port()}`;
    expect(await fetchStatus({ authorization, origin })).toEqual([403, 'not-permitted', undefined]);
    expect(await fetchStatus({})).toEqual([401, 'token-invalid', undefined]);
    const owners = readEngineAddress(data)?.token;
    expect(await fetchStatus({ authorization: `Bearer ${owners}` })).toEqual([401, 'token-invalid', undefined]);
    const socket = new WebSocket(`ws://127.0.0.1:${await port()}/v1/streams/terminals/exec`);
    const [, refused] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    expect(refused.statusCode).toBe(401);
  });

  test('says why it does not listen, moves with the setting, and ends with it', async () => {
    const taken = createServer();
    taken.listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port: busy } = taken.address() as AddressInfo;
    await client.request('settings.save', { apiPort: busy });
    await expect
      .poll(async () => (await client.request('engine.status', undefined)).loopback)
      .toMatchObject({ port: null, error: { code: 'conflict' } });
    taken.close();
    await client.request('settings.save', { apiPort: 0 });
    await expect.poll(port).toBeGreaterThan(1023);
    const last = await port();
    await client.request('settings.save', { apiPort: null });
    await expect.poll(port).toBeNull();
    const refused = connect({ host: '127.0.0.1', port: last ?? 0 });
    expect(await once(refused, 'error')).toMatchObject([{ code: 'ECONNREFUSED' }]);
    await expect(client.request('settings.save', { apiPort: 80 })).rejects.toMatchObject({ code: 'bad-input' });
  });
});
