import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { callerLife } from '../../../electron/core/api/caller-life.ts';
import { openStorage } from '../../../electron/core/storage/storage.ts';
import type { Storage } from '../../../electron/core/storage/types.ts';
import { TokenLimits } from '../../../electron/core/tokens/token-limits.ts';
import { Tokens } from '../../../electron/core/tokens/tokens.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { resourcesSchema } from '../../../electron/shared/instances.ts';
import { type TokenCaller, tokenLimitsSchema } from '../../../electron/shared/tokens.ts';

const noon = new Date(2026, 10, 30, 12).getTime();
const day = 24 * 60 * 60_000;

let folder: string;
let storage: Storage;
let now: number;
let tokens: Tokens;
let limits: TokenLimits;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-tokens-'));
  now = noon;
  const clock = { now: () => now, sleep: () => Promise.reject(new Error('Nothing waits here.')) };
  storage = openStorage(folder, clock);
  tokens = new Tokens({
    storage,
    clock,
    cluster: () => {
      throw new AppError('not-found', 'There is no cluster.');
    },
  });
  limits = new TokenLimits({ storage, clock });
});
afterEach(async () => {
  await storage.close();
  rmSync(folder, { recursive: true, force: true });
});

function create(given: object = {}) {
  const { token, text } = tokens.create({
    ...{ name: 'agent', scopes: ['files'], clusters: null, expiresAt: noon + day, ask: false, confirmsWrites: false },
    limits: tokenLimitsSchema.parse(given),
  });
  const caller = (): TokenCaller => tokens.authenticate(text);
  return { id: token.id, caller };
}

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'ok';
  } catch (error) {
    return AppError.from(error).code;
  }
};

/** What passes through a metered stream of so many bytes; the code it fails with otherwise. */
async function move(caller: TokenCaller, length: number): Promise<number | string> {
  const data = new PassThrough();
  const stream = limits.meter(caller, {
    ...{ opened: null, data, stderr: null, closed: Promise.resolve(null) },
    control: () => undefined,
  });
  data.end(Buffer.alloc(length));
  try {
    return (await buffer(stream.data)).length;
  } catch (error) {
    return AppError.from(error).code;
  }
}

describe('a token that is changed', () => {
  test('keeps the limits that are not named, and its end', () => {
    const { id } = create({ jobs: 4, cpus: 8 });
    const changed = tokens.update({ id, limits: { jobs: 40, hours: 12, cpus: null } });
    expect(changed).toMatchObject({
      expiresAt: noon + day,
      limits: { jobs: 40, cpus: null, gpus: null, hours: 12, bytes: null },
    });
    expect(tokens.update({ id, expiresAt: null })).toMatchObject({ expiresAt: null, limits: changed.limits });
    expect(tokens.list()).toMatchObject([{ id, expiresAt: null, limits: changed.limits }]);
  });

  test('is renewed after its end, but not into the past, and not once it is revoked', () => {
    const { id, caller } = create();
    now += 2 * day;
    expect(codeOf(caller)).toBe('token-expired');
    expect(codeOf(() => tokens.update({ id, expiresAt: now }))).toBe('bad-input');
    tokens.update({ id, expiresAt: now + day });
    expect(codeOf(caller)).toBe('ok');
    tokens.revoke(id);
    expect(codeOf(() => tokens.update({ id, expiresAt: null }))).toBe('conflict');
    expect(codeOf(() => tokens.update({ id: 'nothing' }))).toBe('not-found');
    expect(codeOf(caller)).toBe('token-revoked');
  });

  test('may submit again once its limit is raised, and on the next day', () => {
    const { id, caller } = create({ jobs: 2 });
    const submit = () => codeOf(() => limits.admitSubmission(caller(), resourcesSchema.parse({ array: '1-2' })));
    expect([submit(), submit()]).toEqual(['ok', 'token-limit']);
    expect(limits.today({ id })).toMatchObject({ jobs: 2 });
    tokens.update({ id, limits: { jobs: 4 } });
    expect([submit(), submit()]).toEqual(['ok', 'token-limit']);
    tokens.update({ id, expiresAt: now + 9 * day });
    now += day;
    expect([submit(), submit(), submit()]).toEqual(['ok', 'ok', 'token-limit']);
  });

  test('has its bytes counted over several streams, also after the engine is started again', async () => {
    const { id, caller } = create({ bytes: 10_000_000 });
    expect(await move(caller(), 6_000_000)).toBe(6_000_000);
    expect(limits.today({ id }).bytes).toBe(6_000_000);
    limits = new TokenLimits({ storage, clock: { now: () => now, sleep: () => Promise.resolve() } });
    expect(await move(caller(), 6_000_000)).toBe(6_000_000);
    expect(codeOf(() => limits.checkBytes(caller()))).toBe('token-limit');
    expect(await move(caller(), 1)).toBe('token-limit');
  });

  test('has a lower limit hold for a transfer that is open', async () => {
    const { id, caller } = create({ bytes: 1e9 });
    const data = new PassThrough({ highWaterMark: 1 });
    const stream = limits.meter(caller(), {
      ...{ opened: null, data, stderr: null, closed: Promise.resolve(null) },
      control: () => undefined,
    });
    const failed = buffer(stream.data).then(
      () => 'ok',
      (error: unknown) => AppError.from(error).code,
    );
    const chunk = Buffer.alloc(5_000_000);
    data.write(chunk);
    await expect.poll(() => limits.today({ id }).bytes).toBe(5_000_000);
    tokens.update({ id, limits: { bytes: 1_000_000 } });
    data.end(chunk);
    expect(await failed).toBe('token-limit');
  });
});

const lifeOf = (caller: TokenCaller) =>
  callerLife(
    {
      onRevoked: tokens.onRevoked.bind(tokens),
      onTokenEndChanged: tokens.onEndChanged.bind(tokens),
      onClusterClosed: () => () => undefined,
    },
    { now: () => now, sleep: () => Promise.reject(new Error('Nothing waits here.')) },
    caller,
    null,
  );

test('an open stream ends when its token does, also where that was changed meanwhile', async () => {
  const { id, caller } = create();
  const life = lifeOf(caller());
  tokens.update({ id, expiresAt: now + 1 });
  await expect.poll(() => life.signal.aborted && AppError.from(life.signal.reason).code).toBe('token-expired');
  life.end();
});

test('an open stream goes on where its token got a later end', async () => {
  const { id, caller } = create();
  const called = caller();
  const ending = { ...called, token: { ...called.token, expiresAt: now + 1 } };
  const life = lifeOf(ending);
  tokens.update({ id, expiresAt: null });
  const other = lifeOf(ending);
  await expect.poll(() => other.signal.aborted).toBe(true);
  expect(life.signal.aborted).toBe(false);
  life.end();
  other.end();
});
