import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  fingerprint,
  judgeHostKey,
  knownHostName,
  matchesHost,
  orderAlgorithms,
  parseKnownHosts,
} from '../../../electron/core/ssh/host-keys/known-hosts.ts';

let folder: string;
const keys: Record<string, { line: string; blob: Buffer; fingerprint: string }> = {};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-known-'));
  for (const [name, type] of [
    ['a', 'ed25519'],
    ['b', 'ed25519'],
    ['rsa', 'rsa'],
  ] as const) {
    const file = join(folder, name);
    execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', file]);
    const line = readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
    const shown =
      execFileSync('ssh-keygen', ['-lf', `${file}.pub`])
        .toString()
        .split(' ')[1] ?? '';
    keys[name] = { line, blob: Buffer.from(line.split(' ')[1] ?? '', 'base64'), fingerprint: shown };
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

function key(name: string) {
  const found = keys[name];
  if (!found) throw new Error(name);
  return found;
}

function judge(text: string, host: string, port: number, name: string) {
  return judgeHostKey(parseKnownHosts(text, 'f'), knownHostName(host, port), knownHostName(host, 22), key(name).blob);
}

/** Whether ssh-keygen finds a line for that name in the text. */
function sshKeygenFinds(text: string, name: string): boolean {
  const file = join(folder, 'known');
  writeFileSync(file, text);
  try {
    return execFileSync('ssh-keygen', ['-F', name, '-f', file]).toString().includes('found');
  } catch {
    return false;
  }
}

describe('which host a line names', () => {
  test.each([
    ['login', 'login', true],
    ['login', 'logins', false],
    ['LOGIN.Example.org', 'login.example.org', true],
    ['a,login,b', 'login', true],
    ['log*', 'login', true],
    ['l?gin', 'login', true],
    ['*.example.org,!bad.example.org', 'good.example.org', true],
    ['*.example.org,!bad.example.org', 'bad.example.org', false],
    ['!bad.example.org,*.example.org', 'bad.example.org', false],
    ['[login]:2201', '[login]:2201', true],
    ['[login]:2201', 'login', false],
    ['[*.example.org]:2201', '[x.example.org]:2201', true],
    ['*', '[login]:2201', true],
    ['198.18.1.2', '198.18.1.2', true],
    ['::1', '::1', true],
    ['**a**b**', 'xxaxxbxx', true],
  ])('%s and %s: %s, as ssh-keygen -F says', (field, name, expected) => {
    expect(matchesHost(field, name)).toBe(expected);
    expect(sshKeygenFinds(`${field} ${key('a').line}\n`, name)).toBe(expected);
  });

  test('hashed names, as ssh-keygen -H writes them', () => {
    const file = join(folder, 'hashed');
    writeFileSync(file, `login ${key('a').line}\n[login]:2201 ${key('b').line}\n`);
    execFileSync('ssh-keygen', ['-q', '-H', '-f', file]);
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain('login');
    expect(judge(text, 'login', 22, 'a')).toEqual({ kind: 'known' });
    expect(judge(text, 'login', 2201, 'b')).toEqual({ kind: 'known' });
    expect(judge(text, 'login', 2201, 'rsa').kind).toBe('changed');
    expect(judge(text, 'other', 22, 'a')).toEqual({ kind: 'unknown' });
  });

  test('a pattern with which one that goes back for each star would never end is matched', () => {
    expect(matchesHost(`${'*a'.repeat(500)}b`, 'a'.repeat(5000))).toBe(false);
  });
});

describe('what is said of a key', () => {
  test('known, unknown, changed', () => {
    const text = `# comment\n\nlogin ${key('a').line} a comment\nbroken line\n`;
    expect(judge(text, 'login', 22, 'a')).toEqual({ kind: 'known' });
    expect(judge(text, 'LOGIN', 22, 'a')).toEqual({ kind: 'known' });
    expect(judge(text, 'login', 22, 'b')).toMatchObject({ kind: 'changed', entry: { file: 'f', line: 3 } });
    expect(judge(text, 'elsewhere', 22, 'a')).toEqual({ kind: 'unknown' });
  });

  test('a key of a type that was never seen there is a change, not a first meeting', () => {
    expect(judge(`login ${key('rsa').line}\n`, 'login', 22, 'a').kind).toBe('changed');
  });

  test('several keys of one host are all good', () => {
    const text = `login ${key('a').line}\nlogin ${key('b').line}\n`;
    expect(judge(text, 'login', 22, 'b')).toEqual({ kind: 'known' });
  });

  test('another port: its own line counts, else the same key of the bare name', () => {
    expect(judge(`[login]:2201 ${key('a').line}\n`, 'login', 2201, 'a')).toEqual({ kind: 'known' });
    expect(judge(`[login]:2201 ${key('a').line}\n`, 'login', 22, 'a')).toEqual({ kind: 'unknown' });
    expect(judge(`login ${key('a').line}\n`, 'login', 2201, 'a')).toEqual({ kind: 'known' });
    expect(judge(`login ${key('a').line}\n`, 'login', 2201, 'b')).toEqual({ kind: 'unknown' });
  });

  test('revoked wins over known; an authority is not a host key', () => {
    const revoked = `login ${key('a').line}\n@revoked * ${key('a').line}\n`;
    expect(judge(revoked, 'login', 22, 'a')).toMatchObject({ kind: 'revoked', entry: { line: 2 } });
    expect(judge(revoked, 'login', 22, 'b').kind).toBe('changed');
    expect(judge(`@cert-authority * ${key('a').line}\n`, 'login', 22, 'a')).toEqual({
      kind: 'unknown',
      authority: expect.objectContaining({ marker: '@cert-authority', line: 1 }),
    });
  });

  test('the fingerprint is ssh-keygen’s', () => {
    for (const { blob, fingerprint: shown } of Object.values(keys)) expect(fingerprint(blob)).toBe(shown);
  });
});

test('known types are asked for first', () => {
  const order = (text: string) => orderAlgorithms(parseKnownHosts(text, 'f'), 'login', 'login');
  expect(order('')[0]).toBe('ssh-ed25519');
  expect(order(`login ${key('rsa').line}\n`).slice(0, 4)).toEqual([
    'rsa-sha2-512',
    'rsa-sha2-256',
    'ssh-rsa',
    'ssh-ed25519',
  ]);
  expect(order(`@revoked login ${key('rsa').line}\n`)[0]).toBe('ssh-ed25519');
  expect(new Set(order(`login ${key('rsa').line}\n`)).size).toBe(7);
});
