import { describe, expect, test } from 'vitest';
import { neededConsent } from '../../../electron/core/tokens/consent-policy.ts';
import { Consents } from '../../../electron/core/tokens/consents.ts';
import type { ConsentAnswer } from '../../../electron/shared/consents.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { type Token, tokenLimitsSchema } from '../../../electron/shared/tokens.ts';

const token: Token = {
  id: 't1',
  name: 'agent',
  scopes: ['read', 'launch'],
  clusters: null,
  createdAt: 0,
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: null,
  asksFor: ['launch'],
  confirmsWrites: true,
  allowedCalls: ['instances.stop'],
  limits: tokenLimitsSchema.parse({}),
};
const question = {
  kind: 'scope' as const,
  scope: 'launch' as const,
  call: 'instances.launch',
  detail: 'hello',
  clusterId: 'c1',
  clusterName: 'hpc',
};
const write = { ...question, kind: 'write' as const };

/** A clock whose sleepers wake when it is told so. */
function setUp() {
  const sleepers: { at: number; wake: () => void }[] = [];
  const granted: string[] = [];
  let now = 1000;
  let revoke: (() => void) | null = null;
  const consents = new Consents({
    clock: {
      now: () => now,
      sleep: (ms, signal) =>
        new Promise((resolve, reject) => {
          sleepers.push({ at: now + ms, wake: resolve });
          signal?.addEventListener('abort', () => reject(signal.reason));
        }),
    },
    tokens: {
      grantScope: (id, scope) => void granted.push(`${id} ${scope}`),
      allowCall: (id, name) => void granted.push(`${id} ${name}`),
      onRevoked(_id, listener) {
        revoke = listener;
        return () => undefined;
      },
    },
  });
  const leaving = new AbortController();
  const ask = (asked: Parameters<Consents['ask']>[1] = question) =>
    consents.ask(token, asked, leaving.signal).then(
      () => 'ok',
      (error: unknown) => AppError.from(error).code,
    );
  const answer = (answered: ConsentAnswer, index = 0) => consents.answer(consents.list()[index]?.id ?? '', answered);
  const passTo = (time: number) => {
    now = time;
    for (const { at, wake } of sleepers) if (at <= now) wake();
  };
  return { consents, granted, ask, answer, passTo, leaving, revoke: () => revoke?.() };
}

describe('what a token needs the user for', () => {
  test('is the first use of a scope that asks, then each write that was not allowed for good', () => {
    const needed = (call: Partial<Parameters<typeof neededConsent>[1]>, change: Partial<Token> = {}) =>
      neededConsent({ ...token, ...change }, { name: 'instances.launch', scope: 'launch', writes: true, ...call })
        ?.kind;
    expect(needed({})).toBe('scope');
    expect(needed({}, { asksFor: [] })).toBe('write');
    expect(needed({ name: 'instances.stop' }, { asksFor: [] })).toBeUndefined();
    expect(needed({ scope: 'read', writes: false })).toBeUndefined();
    expect(needed({}, { asksFor: [], confirmsWrites: false })).toBeUndefined();
  });
});

describe('a call that waits for the user', () => {
  test('is listed with what it is about and until when, and passes once', async () => {
    const { consents, ask, answer, granted } = setUp();
    const asked = ask();
    expect(consents.list()).toMatchObject([
      { ...question, tokenId: 't1', tokenName: 'agent', askedAt: 1000, expiresAt: 121_000 },
    ]);
    answer('once');
    expect(await asked).toBe('ok');
    expect([consents.list(), granted]).toEqual([[], []]);
  });

  test('passes with the others of its kind once its scope is allowed', async () => {
    const { ask, answer, granted, consents } = setUp();
    const both = [ask(), ask()];
    const other = ask({ ...question, scope: 'files' });
    answer('allow');
    expect(await Promise.all(both)).toEqual(['ok', 'ok']);
    expect(granted).toEqual(['t1 launch']);
    expect(consents.list().map(({ scope }) => scope)).toEqual(['files']);
    answer('deny');
    expect(await other).toBe('consent-denied');
  });

  test('of a write is allowed by the name of its call', async () => {
    const { ask, answer, granted } = setUp();
    const [launch, stop] = [ask(write), ask({ ...write, call: 'instances.end' })];
    answer('allow');
    expect(await launch).toBe('ok');
    expect(granted).toEqual(['t1 instances.launch']);
    answer('once');
    expect(await stop).toBe('ok');
  });

  test('is refused when nobody answers in time, the program leaves or its token is revoked', async () => {
    const { consents, ask, passTo, leaving, revoke } = setUp();
    const late = ask();
    passTo(120_999);
    expect(consents.list()).toHaveLength(1);
    passTo(121_000);
    expect(await late).toBe('consent-needed');
    const revoked = ask();
    revoke();
    expect(await revoked).toBe('token-revoked');
    const left = ask();
    leaving.abort();
    expect(await left).toBe('cancelled');
    expect(consents.list()).toEqual([]);
  });

  test('does not fill the screen: more than 20 of one token are refused', async () => {
    const { consents, ask, leaving } = setUp();
    const waiting = Array.from({ length: 20 }, () => ask());
    expect(await ask()).toBe('consent-needed');
    expect(consents.list()).toHaveLength(20);
    leaving.abort();
    await Promise.all(waiting);
  });

  test('cannot be answered twice', async () => {
    const { consents, ask, answer } = setUp();
    const asked = ask();
    const id = consents.list()[0]!.id;
    answer('once');
    await asked;
    expect(() => consents.answer(id, 'allow')).toThrowError(/no longer open/);
  });
});
