import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../../electron/core/clock.ts';
import { createPrompts } from '../../../electron/core/ssh/auth/prompts.ts';
import { ChannelQueue } from '../../../electron/core/ssh/client/channel-queue.ts';
import { sshArguments } from '../../../electron/core/ssh/config/ssh-arguments.ts';
import { connectError, handshakeError, notSshError } from '../../../electron/core/ssh/dial/connect-errors.ts';
import { parseDf } from '../../../electron/core/ssh/dial/connection-test.ts';
import { classifyKey } from '../../../electron/core/ssh/host-keys/key-kinds.ts';
import { afterFailure, backoff, slept } from '../../../electron/core/ssh/pool/reconnect-policy.ts';
import { fileError } from '../../../electron/core/ssh/sftp/file-errors.ts';
import { accountLimit } from '../../../electron/core/ssh/shells/account-limit.ts';
import { AppError, errorCodes } from '../../../electron/shared/errors.ts';
import { testHost } from '../../helpers/engine-host.ts';

describe('reconnecting', () => {
  test('waits longer and longer, jittered, never more than a minute', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 100].map((attempt) => backoff(attempt, 1))).toEqual([
      1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000,
    ]);
    expect(backoff(3, 0)).toBe(2000);
  });

  test('what time may heal is tried again; everything else waits for the user', () => {
    const verdict = (code: (typeof errorCodes)[number]) => afterFailure(new AppError(code, ''), false);
    expect(errorCodes.filter((code) => verdict(code).retry)).toEqual([
      'timeout',
      'host-unknown',
      'connection-refused',
      'connection-lost',
      'not-ssh',
      'channel-refused',
    ]);
    expect(verdict('host-key-changed').state).toBe('key-changed');
    expect(verdict('cancelled').state).toBe('sign-in-needed');
    expect(verdict('timeout').state).toBe('unreachable');
    expect(afterFailure(new AppError('timeout', ''), true).state).toBe('reconnecting');
  });

  test('a late tick is a sleep, a slow one is not', () => {
    expect(slept(12_500, 12_000)).toBe(false);
    expect(slept(60_000, 12_000)).toBe(true);
  });
});

describe('the queue of channels', () => {
  const never = new AbortController().signal;
  test('lets six in, then one for each that leaves; one who gives up is passed over', async () => {
    const queue = new ChannelQueue();
    const leave = await Promise.all(Array.from({ length: 6 }, () => queue.enter(never)));
    const order: string[] = [];
    const abort = new AbortController();
    const seventh = queue.enter(abort.signal).catch(() => order.push('gave up'));
    const eighth = queue.enter(never).then(() => order.push('in'));
    abort.abort();
    await seventh;
    leave[0]?.();
    leave[0]?.();
    await eighth;
    expect(order).toEqual(['gave up', 'in']);
    expect(queue.open).toBe(6);
  });

  test('learns the server’s limit from a refusal', async () => {
    const queue = new ChannelQueue();
    const leave = [await queue.enter(never), await queue.enter(never), await queue.enter(never)];
    expect(queue.refused()).toBe(true);
    leave.pop()?.();
    expect(queue.limit).toBe(2);
    leave.pop()?.();
    expect(queue.refused()).toBe(false);
  });

  test('has extra sessions beyond the six while one of ten stays free, and lets others in before any ends', async () => {
    const queue = new ChannelQueue();
    const shell = await queue.enter(never);
    const extra = Array.from({ length: 9 }, () => queue.tryEnterExtra());
    expect(extra.filter((leave) => leave !== null)).toHaveLength(8);
    expect(queue.isFullByExtra).toBe(false);
    const other = queue.tryEnter();
    expect([other === null, queue.isFullByExtra, queue.tryEnter()]).toEqual([false, true, null]);
    shell();
    expect(queue.open).toBe(9);
  });

  test('lets in who waits when an extra session is given back, and gives no extra one meanwhile', async () => {
    const queue = new ChannelQueue();
    const began = vi.fn();
    queue.onWait = began;
    const leave = [queue.tryEnter(), queue.tryEnterExtra(), queue.tryEnterExtra()];
    // The third is one more than the server takes.
    queue.refused();
    leave.pop()?.();
    expect([queue.limit, queue.isFullByExtra]).toEqual([2, true]);
    const entered = queue.enter(never);
    expect(began).toHaveBeenCalledOnce();
    // Another extra one that was being opened is not: whoever holds these is asked again.
    queue.extraSettled();
    expect(began).toHaveBeenCalledTimes(2);
    leave.pop()?.();
    await entered;
    queue.extraSettled();
    expect(began).toHaveBeenCalledTimes(2);
    expect([queue.open, queue.isFullByExtra, queue.tryEnterExtra()]).toEqual([2, false, null]);
  });
});

describe('errors', () => {
  const place = { host: 'login.example.org', port: 2201, jump: false };
  test('name host, port and cause, and say what to do', () => {
    for (const code of ['ENOTFOUND', 'ECONNREFUSED', 'ETIMEDOUT', 'EHOSTUNREACH', 'ECONNRESET', 'EWHATEVER']) {
      const error = connectError(Object.assign(new Error(`connect ${code}`), { code }), place);
      expect(error.message).toContain('login.example.org:2201');
      expect(error.hint).toBeTruthy();
    }
    const many = new AggregateError([Object.assign(new Error('x'), { code: 'ECONNREFUSED' })]);
    expect(connectError(many, { ...place, jump: true, host: '::1' })).toMatchObject({
      code: 'connection-refused',
      message: 'Cannot reach jump host [::1]:2201: nothing answers on that port.',
    });
  });

  test('tell a stranger from a server that holds us off', () => {
    expect(notSshError(place, '220 mail ESMTP\r\n\u001b[1m').message).toContain('it answered "220 mail ESMTP"');
    expect(notSshError(place, '').message).toContain('without a greeting');
    expect(notSshError(place, 'Not allowed at this time\r\n').code).toBe('connection-refused');
    expect(
      handshakeError(new Error('Handshake failed: no matching kex exchange algorithm'), place, 'SSH-2.0-x'),
    ).toMatchObject({ code: 'auth-unsupported', message: expect.stringContaining('key exchange') });
  });

  test('of files are told by the shell’s words', () => {
    const code = (words: string) => fileError(words, 'n', '/p', 'written').code;
    expect(code('cat: write error: No space left on device')).toBe('no-space');
    expect(code('Disk quota exceeded')).toBe('no-space');
    expect(code('sh: 1: cannot create /p: Read-only file system')).toBe('read-only');
    expect(code('Permission denied')).toBe('not-permitted');
    expect(code('Is a directory')).toBe('conflict');
    expect(code('')).toBe('command-failed');
  });
});

describe('key files', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tunel-keys-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const make = (name: string, ...options: string[]) => {
    const file = join(folder, name);
    execFileSync('ssh-keygen', ['-q', '-f', file, ...options]);
    return classifyKey(readFileSync(file, 'utf8'), file);
  };
  test('as ssh-keygen writes them', () => {
    expect(make('a', '-t', 'ed25519', '-N', '')).toMatchObject({
      kind: 'openssh',
      encrypted: false,
      type: 'ssh-ed25519',
    });
    expect(make('b', '-t', 'rsa', '-N', 'secret')).toMatchObject({ kind: 'openssh', encrypted: true, type: 'ssh-rsa' });
    expect(make('c', '-t', 'rsa', '-m', 'PEM', '-N', 'secret')).toMatchObject({ kind: 'pem', encrypted: true });
    expect(make('d', '-t', 'ecdsa', '-m', 'PKCS8', '-N', 'secret')).toMatchObject({ kind: 'pkcs8', encrypted: true });
  });
  test('what cannot be used is named', () => {
    const of = (text: string) => classifyKey(text, 'k');
    const blob = Buffer.from('\0\0\0\x1ask-ssh-ed25519@openssh.com');
    const field = (bytes: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
    const body = Buffer.concat([
      Buffer.from('openssh-key-v1\0'),
      field(Buffer.from('none')),
      field(Buffer.from('none')),
      field(Buffer.alloc(0)),
      Buffer.from([0, 0, 0, 1]),
      field(blob),
    ]);
    const sk = `-----BEGIN OPENSSH PRIVATE KEY-----\n${body.toString('base64')}\n-----END OPENSSH PRIVATE KEY-----`;
    expect(of(sk)).toMatchObject({ kind: 'unsupported', why: expect.stringContaining('FIDO') });
    expect(of('PuTTY-User-Key-File-3: ssh-rsa')).toMatchObject({ kind: 'unsupported' });
    expect(of('PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none')).toEqual({ kind: 'ppk', encrypted: false });
    expect(of('ssh-ed25519 AAAAC3 me')).toMatchObject({ why: 'is a public key' });
    expect(of('-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END')).toMatchObject({ why: 'is damaged' });
    expect(of('hello')).toMatchObject({ why: 'is not a private key' });
  });
});

test('the ssh command', () => {
  expect(
    sshArguments({
      host: 'login',
      port: 2201,
      user: 'ada',
      jumps: [
        { host: 'b', port: 22, user: 'a' },
        { host: '::1', port: 23, user: 'c' },
      ],
      keyFiles: ['/k'],
      knownHostsFile: '',
    }),
  ).toEqual(['-J', 'a@b:22,c@[::1]:23', '-p', '2201', '-i', '/k', 'ada@login']);
});

test('df in its portable form', () => {
  expect(parseDf('/dev/sda1 1000 400 600 40% /home')).toEqual({ homeTotal: 1_024_000, homeFree: 614_400 });
  expect(parseDf('//server/my share 1000 400 600 40% /home/a b')).toEqual({ homeTotal: 1_024_000, homeFree: 614_400 });
  expect(parseDf('')).toEqual({ homeTotal: null, homeFree: null });
});

test('a prompt is answered once, by its own kind, or withdrawn', async () => {
  const prompts = createPrompts({ clock: systemClock, host: testHost });
  const lists: number[] = [];
  prompts.onChange((list) => lists.push(list.length));
  const question = {
    kind: 'secret',
    secret: 'password',
    clusterId: 'c',
    clusterName: 'C',
    subject: 's',
    wrong: 0,
    canRemember: true,
  } as const;
  const answer = prompts.ask(question);
  const id = prompts.list()[0]?.id ?? '';
  expect(() => prompts.answer(id, { kind: 'interactive', values: ['x'] })).toThrow('secret question');
  prompts.answer(id, { kind: 'secret', value: 'v', remember: false });
  expect(await answer).toMatchObject({ value: 'v' });
  expect(() => prompts.answer(id, { kind: 'cancel' })).toThrow('no longer open');
  const abort = new AbortController();
  const withdrawn = prompts.ask(question, abort.signal);
  abort.abort();
  await expect(withdrawn).rejects.toMatchObject({ code: 'cancelled' });
  expect(prompts.list()).toEqual([]);
  expect(lists).toEqual([1, 0, 1, 0]);
});

describe('a login shell that ends at once', () => {
  test.each([
    ['/bin/rbash: line 1: exec: restricted', 'exit code 1', /is restricted/],
    ['bash: line 1: exec: restricted', 'exit code 1', /is restricted/],
    ['rbash: Zeile 1: exec: Verboten', 'exit code 1', /is restricted/],
    ['rksh: exec: restricted', 'exit code 1', /is restricted/],
    ["/bin/sh: restricted: cannot specify `/' in command names", 'exit code 127', /is restricted/],
    ['This service allows sftp connections only.', 'exit code 1', /only transfers files/],
    ['This account is restricted by rssh.', 'exit code 1', /only transfers files/],
    ['', 'exit code 11', /only transfers files/],
  ])('says of the account what it is: %s', (output, exit, expected) => {
    expect(accountLimit('n1', output, exit)?.message).toMatch(expected);
  });

  test.each([
    ['', 'exit code 0'],
    ['', undefined],
    ['bash: /etc/profile.d/x.sh: Permission denied', 'exit code 1'],
    ['Access to this system is restricted to authorised users.', 'exit code 1'],
  ])('says nothing of the account: %s', (output, exit) => {
    expect(accountLimit('n1', output, exit)).toBeNull();
  });
});
