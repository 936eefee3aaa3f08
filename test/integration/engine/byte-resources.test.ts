import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CoreClient } from '../../../electron/client/core-client.ts';
import { readEngineAddress } from '../../../electron/client/engine-address.ts';
import { engineClient, killEngine } from '../../helpers/engine.ts';

let folder: string;
let data: string;
let work: string;
let client: CoreClient;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-bytes-'));
  data = join(folder, 'data');
  // The demo cluster is this computer.
  work = join(folder, 'work');
  mkdirSync(work);
  client = await engineClient(data);
  const { clusterId } = await client.request('demo.start', undefined);
  await client.request('clusters.allowApi', { id: clusterId, allow: true });
});
afterAll(() => {
  killEngine(data);
  rmSync(folder, { recursive: true, force: true });
});

interface Call {
  headers?: Record<string, string>;
  body?: Buffer;
  token?: string;
}

function start(method: string, path: string, { headers = {}, token }: Call = {}): ClientRequest {
  const address = readEngineAddress(data);
  if (!address) throw new Error('No engine runs.');
  return request({
    socketPath: address.socket,
    agent: false,
    method,
    path,
    headers: { host: 'tunel', authorization: `Bearer ${token ?? address.token}`, ...headers },
  });
}

async function ask(
  method: string,
  path: string,
  call: Call = {},
): Promise<{ status: number | undefined; headers: IncomingHttpHeaders; body: Buffer; code: string }> {
  const outgoing = start(method, path, call);
  // A refusal may come before the whole body was sent.
  outgoing.on('error', () => undefined);
  outgoing.end(call.body);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  const body = await buffer(response);
  const isProblem = response.headers['content-type'] === 'application/problem+json';
  const code = isProblem && body.length > 0 ? String(JSON.parse(body.toString()).code) : '';
  return { status: response.statusCode, headers: response.headers, body, code };
}

const content = (path: string) => `/v1/clusters/demo/files/content?path=${encodeURIComponent(path)}`;

describe('a file as a resource', () => {
  const bytes = randomBytes(300_000);
  const path = () => join(folder, 'work', 'a b#c.bin');

  test('is uploaded, described and downloaded whole', async () => {
    const put = await ask('PUT', content(path()), { body: bytes });
    expect([put.status, JSON.parse(put.body.toString())]).toEqual([200, { bytes: bytes.length }]);
    expect(readFileSync(path()).equals(bytes)).toBe(true);
    const get = await ask('GET', content(path()));
    expect(get.status).toBe(200);
    expect(get.body.equals(bytes)).toBe(true);
    expect(get.headers).toMatchObject({ 'content-length': '300000', 'accept-ranges': 'bytes' });
    expect(get.headers.etag).toMatch(/^"300000-/);
    const head = await ask('HEAD', content(path()));
    expect([head.status, head.body.length]).toEqual([200, 0]);
    expect(head.headers).toMatchObject({ 'content-length': '300000', etag: get.headers.etag });
  });

  test.each([
    ['bytes=0-0', 0, 1],
    ['bytes=1000-99999', 1000, 100_000],
    ['bytes=299999-', 299_999, 300_000],
    ['bytes=299000-999999', 299_000, 300_000],
    ['bytes=-500', 299_500, 300_000],
    ['bytes=-999999', 0, 300_000],
  ])('gives the range %s', async (range, from, to) => {
    const { status, headers, body } = await ask('GET', content(path()), { headers: { range } });
    expect([status, headers['content-range'], headers['content-length']]).toEqual([
      206,
      `bytes ${from}-${to - 1}/300000`,
      String(to - from),
    ]);
    expect(body.equals(bytes.subarray(from, to))).toBe(true);
  });

  test('has no range past its end, and is given whole for what is no single range', async () => {
    const past = await ask('GET', content(path()), { headers: { range: 'bytes=300000-' } });
    expect([past.status, past.code, past.headers['content-range']]).toEqual([416, 'range-invalid', 'bytes */300000']);
    for (const range of ['bytes=5-2', 'lines=1-2', 'bytes=0-1,5-6', 'bytes=']) {
      expect((await ask('GET', content(path()), { headers: { range } })).status).toBe(200);
    }
  });

  test('is answered by its ETag', async () => {
    const { etag = '' } = (await ask('HEAD', content(path()))).headers;
    const get = (headers: Record<string, string>) => ask('GET', content(path()), { headers });
    expect((await get({ 'if-none-match': etag })).status).toBe(304);
    expect((await get({ 'if-none-match': `"x", W/${etag}` })).status).toBe(304);
    expect((await get({ 'if-none-match': '"x"' })).status).toBe(200);
    expect((await get({ 'if-match': etag })).status).toBe(200);
    expect(await get({ 'if-match': '"x"' })).toMatchObject({ status: 412, code: 'file-changed' });
    expect((await get({ 'if-range': etag, range: 'bytes=0-9' })).status).toBe(206);
    const other = await get({ 'if-range': '"x"', range: 'bytes=0-9' });
    expect([other.status, other.body.length]).toEqual([200, 300_000]);
  });

  test('is replaced only where it is the expected one', async () => {
    const file = join(work, 'state.json');
    const put = (headers: Record<string, string>, text: string) =>
      ask('PUT', content(file), { headers, body: Buffer.from(text) });
    expect((await put({ 'if-none-match': '*' }, 'one')).status).toBe(200);
    expect(await put({ 'if-none-match': '*' }, 'two')).toMatchObject({ status: 412, code: 'file-changed' });
    const { etag = '' } = (await ask('HEAD', content(file))).headers;
    expect((await put({ 'if-match': etag }, 'three')).status).toBe(200);
    expect(await put({ 'if-match': etag }, 'four')).toMatchObject({ status: 412, code: 'file-changed' });
    expect(readFileSync(file, 'utf8')).toBe('three');
    expect((await ask('DELETE', content(file))).status).toBe(204);
    expect(await ask('GET', content(file))).toMatchObject({ status: 404, code: 'not-found' });
    expect(await ask('HEAD', content(file))).toMatchObject({ status: 404 });
  });

  test('is refused as a path, a folder or without the scope', async () => {
    expect(await ask('GET', content('a\0b'))).toMatchObject({ status: 400, code: 'bad-input' });
    expect(await ask('PUT', content('a\nb'), { body: bytes })).toMatchObject({ status: 400, code: 'bad-input' });
    expect(await ask('GET', content(work))).toMatchObject({ status: 409, code: 'conflict' });
    expect(await ask('GET', '/v1/clusters/none/files/content?path=a')).toMatchObject({
      status: 404,
      code: 'not-found',
    });
    expect(await ask('GET', `${content('a')}&offset=5`)).toMatchObject({ status: 400, code: 'bad-input' });
    const { text: token } = await client.request('tokens.create', {
      name: 'reader',
      scopes: ['read'],
      clusters: null,
      expiresAt: null,
    });
    expect(await ask('GET', content(path()), { token })).toMatchObject({ status: 403, code: 'scope-missing' });
    expect((await ask('GET', `/v1/clusters/demo/files?path=${work}`, { token })).status).toBe(200);
  });

  test('comes as an archive with its folder', async () => {
    const { status, headers, body } = await ask(
      'GET',
      `/v1/clusters/demo/files/archive?path=${encodeURIComponent(work)}`,
    );
    expect([status, headers['content-type']]).toEqual([200, 'application/x-tar']);
    expect(body.includes('a b#c.bin')).toBe(true);
    const target = join(work, 'copy');
    expect(
      (await ask('PUT', `/v1/clusters/demo/files/archive?path=${encodeURIComponent(target)}`, { body })).status,
    ).toBe(200);
    expect(readFileSync(join(target, 'a b#c.bin')).equals(bytes)).toBe(true);
    expect(await ask('GET', '/v1/clusters/demo/files/archive?path=%2Fnone-such')).toMatchObject({
      status: 404,
      code: 'not-found',
    });
  });
});

describe('an upload that ends early', () => {
  /** Begins an upload of which the first half is written on the cluster. */
  async function half(name: string, call: Call = {}): Promise<ClientRequest> {
    const outgoing = start('PUT', content(join(work, name)), {
      ...call,
      headers: { 'content-length': String(8 * 1024 * 1024) },
    });
    outgoing.on('error', () => undefined);
    outgoing.write(randomBytes(4 * 1024 * 1024));
    await expect.poll(() => readdirSync(work).filter((each) => each.startsWith(`${name}.`))).toHaveLength(1);
    return outgoing;
  }
  const left = (name: string) => readdirSync(work).filter((each) => each.startsWith(name));

  test('leaves nothing when its client goes', async () => {
    const outgoing = await half('gone.bin');
    outgoing.destroy();
    await expect.poll(() => left('gone.bin')).toEqual([]);
  });

  test('leaves nothing when its token is revoked', async () => {
    const { token, text } = await client.request('tokens.create', {
      name: 'writer',
      scopes: ['files'],
      clusters: null,
      expiresAt: null,
    });
    const outgoing = await half('revoked.bin', { token: text });
    const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>;
    await client.request('tokens.revoke', { id: token.id });
    const [response] = await answered;
    expect(response.statusCode).toBe(401);
    outgoing.destroy();
    await expect.poll(() => left('revoked.bin')).toEqual([]);
  });

  test('keeps the old file', async () => {
    writeFileSync(join(work, 'kept.bin'), 'old');
    const outgoing = await half('kept.bin');
    outgoing.destroy();
    await expect.poll(() => left('kept.bin')).toEqual(['kept.bin']);
    expect(readFileSync(join(work, 'kept.bin'), 'utf8')).toBe('old');
  });
});

test('a client that stops reading holds the sender, and blocks nobody', async () => {
  const large = join(work, 'large.bin');
  const bytes = randomBytes(64 * 1024 * 1024);
  writeFileSync(large, bytes);
  const memory = () =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${readEngineAddress(data)?.pid}/status`, 'utf8'))?.[1]);
  const before = memory();
  const readers = await Promise.all(
    Array.from({ length: 3 }, async () => {
      const outgoing = start('GET', content(large));
      outgoing.end();
      const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
      return response.pause();
    }),
  );
  // While nobody reads them, others are answered and the bytes wait on the cluster.
  for (let count = 0; count < 10; count += 1) {
    expect((await ask('GET', `/v1/clusters/demo/files?path=${encodeURIComponent(work)}`)).status).toBe(200);
  }
  expect(memory() - before).toBeLessThan(300 * 1024);
  const [first, ...others] = readers;
  for (const other of others) other.destroy();
  expect((await buffer(first!)).equals(bytes)).toBe(true);
});

test('an engine that is killed during an upload leaves nothing under the final name', async () => {
  const outgoing = start('PUT', content(join(work, 'killed.bin')), { headers: { 'content-length': '8388608' } });
  outgoing.on('error', () => undefined);
  outgoing.write(randomBytes(4 * 1024 * 1024));
  await expect.poll(() => readdirSync(work).filter((each) => each.startsWith('killed.bin.'))).toHaveLength(1);
  const closed = new Promise((resolve) => outgoing.once('close', resolve));
  killEngine(data);
  await closed;
  expect(existsSync(join(work, 'killed.bin'))).toBe(false);
  // Its temporary file is removed by the next engine that reaches the cluster.
  const { clusterId } = await client.request('demo.start', undefined);
  await client.request('clusters.connect', { id: clusterId });
  await expect.poll(() => readdirSync(work).filter((each) => each.startsWith('killed.bin'))).toEqual([]);
});
