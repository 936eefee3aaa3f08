import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { afterEach, expect, test } from 'vitest';
import { readDemoKeys } from '../../../electron/core/demo/keys.ts';
import { makePair } from '../../../electron/core/ssh-key-pair.ts';

const folder = mkdtempSync(join(tmpdir(), 'tunel-keys-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('keys are made once, for this user alone', () => {
  const first = readDemoKeys(folder);
  expect(readDemoKeys(folder)).toEqual(first);
  expect(statSync(first.userKeyFile).mode & 0o777).toBe(0o600);
});

test('a key that cannot be read is made anew', () => {
  const { host, userKeyFile } = readDemoKeys(folder);
  const text = readFileSync(userKeyFile, 'utf8');
  writeFileSync(userKeyFile, text.slice(0, 80));
  const again = readDemoKeys(folder);
  expect(again.host).toBe(host);
  expect(ssh2.utils.parseKey(readFileSync(userKeyFile, 'utf8'))).not.toBeInstanceOf(Error);
});

test('a pair is made until it can be read', () => {
  const good = makePair('x');
  const bad = { ...good, public: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAH x' };
  const pairs = [bad, { ...good, private: 'no key' }, good];
  expect(makePair('x', () => pairs.shift() ?? good)).toBe(good);
  expect(pairs).toEqual([]);
});
