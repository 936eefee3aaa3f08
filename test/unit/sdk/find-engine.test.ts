import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TokenInvalidError } from '../../../sdk/errors.ts';
import { searchEngine } from '../../../sdk/find-engine.ts';

let data = '';
beforeAll(() => {
  data = mkdtempSync(join(tmpdir(), 'tunel-find-engine-'));
  mkdirSync(data, { recursive: true });
  const address = { version: '1', host: 'app', pid: process.pid, socket: '/run/engine.sock', token: 'of-owner' };
  writeFileSync(join(data, 'engine.json'), JSON.stringify(address));
});
afterAll(() => rmSync(data, { recursive: true, force: true }));

const found = (...given: Parameters<typeof searchEngine>) => {
  const engine = searchEngine(...given).findEngine();
  return engine && { socket: engine.socket, token: engine.token };
};

test('the engine of the data directory is found, with the token of the owner or a given one', () => {
  expect(found({}, { TUNEL_DATA_DIR: data })).toEqual({ socket: '/run/engine.sock', token: 'of-owner' });
  expect(found({ dataDirectory: data }, { TUNEL_TOKEN: 'mine' })).toEqual({
    socket: '/run/engine.sock',
    token: 'mine',
  });
  expect(found({ dataDirectory: data, token: 'given' }, { TUNEL_TOKEN: 'mine' })?.token).toBe('given');
});

test('a given socket is asked with its token, and no engine is started for it', async () => {
  const environment = { TUNEL_SOCKET: '/other.sock', TUNEL_TOKEN: 'mine', TUNEL_DATA_DIR: data };
  expect(found({}, environment)).toEqual({ socket: '/other.sock', token: 'mine' });
  await expect(searchEngine({}, environment).startEngine()).rejects.toMatchObject({ code: 'engine-down' });
  expect(found({}, { TUNEL_SOCKET: '/run/engine.sock', TUNEL_DATA_DIR: data })?.token).toBe('of-owner');
  expect(() => searchEngine({}, { TUNEL_SOCKET: '/other.sock', TUNEL_DATA_DIR: data })).toThrow(TokenInvalidError);
});
