import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import { describe, expect, test } from 'vitest';
import { readLimits } from '../../../cli/actions/tokens.ts';
import { checkBytes, checkSubmission, countTasks, dayOf } from '../../../electron/core/tokens/limit-policy.ts';
import { MeteredBytes } from '../../../electron/core/tokens/metered-bytes.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { resourcesSchema } from '../../../electron/shared/instances.ts';
import { tokenLimitsSchema } from '../../../electron/shared/tokens.ts';

const codeOf = (work: () => void): string => {
  try {
    work();
    return 'ok';
  } catch (error) {
    return AppError.from(error).code;
  }
};
const limited = (limits: object) => ({ name: 'agent', limits: tokenLimitsSchema.parse(limits) });

describe('a submission', () => {
  test.each([
    ['', 1],
    ['1-100', 100],
    ['0-9:3%2', 4],
    ['1,5,7-9', 5],
    ['words', 1],
  ])('of the array “%s” is %i jobs', (array, count) => expect(countTasks(array)).toBe(count));

  test.each([
    [{}, { cpus: 64, gpus: 8, time: null }, 'ok'],
    [{ jobs: 5 }, {}, 'ok'],
    [{ jobs: 4 }, {}, 'token-limit'],
    [{ jobs: 40 }, { array: '1-37' }, 'token-limit'],
    [{ cpus: 8 }, { cpus: 8 }, 'ok'],
    [{ cpus: 8 }, { cpus: 4, nodes: 3 }, 'token-limit'],
    [{ gpus: 1 }, { gpus: 2 }, 'token-limit'],
    [{ gpus: 1 }, {}, 'ok'],
    [{ hours: 12 }, { time: 720 }, 'ok'],
    [{ hours: 12 }, { time: 721 }, 'token-limit'],
    [{ hours: 12 }, {}, 'token-limit'],
    [{ cpus: 8 }, { options: ['--cpus-per-task=64'] }, 'token-limit'],
    [{ jobs: 40 }, { options: ['--constraint=a'] }, 'ok'],
  ])('with the limits %j and 4 jobs today, of %j: %s', (limits, resources, code) => {
    const wanted = resourcesSchema.parse(resources);
    expect(codeOf(() => checkSubmission(limited(limits), { jobs: 4 }, wanted))).toBe(code);
  });

  test('of bytes is refused once they are used up', () => {
    expect(codeOf(() => checkBytes(limited({ bytes: 10 }), 9))).toBe('ok');
    expect(codeOf(() => checkBytes(limited({ bytes: 10 }), 10))).toBe('token-limit');
    expect(codeOf(() => checkBytes(limited({}), 1e15))).toBe('ok');
  });

  test('is counted by the day here', () => {
    const evening = new Date(2026, 10, 30, 23, 59, 59).getTime();
    expect([dayOf(evening), dayOf(evening + 1000)]).toEqual(['2026-11-30', '2026-12-01']);
  });
});

describe('metered bytes', () => {
  const upTo = (limit: number) => {
    let sum = 0;
    return (bytes: number) => {
      sum += bytes;
      if (sum > limit) throw new AppError('token-limit', 'Used up.');
    };
  };

  test('pass whole, in both directions', async () => {
    const inner = new PassThrough();
    const metered = new MeteredBytes(inner, upTo(1e9));
    const sent = Buffer.alloc(3_000_000, 'a');
    metered.end(sent);
    expect((await buffer(metered)).equals(sent)).toBe(true);
  });

  test('wait for their reader', async () => {
    const inner = new PassThrough();
    let counted = 0;
    const metered = new MeteredBytes(inner, (bytes) => {
      counted += bytes;
    });
    const chunk = Buffer.alloc(64 * 1024);
    while (inner.write(chunk));
    await new Promise((resolve) => setImmediate(resolve));
    expect(counted).toBeLessThan(256 * 1024);
    inner.destroy();
    await finished(metered).catch(() => undefined);
  });

  test('end when no more may pass', async () => {
    const inner = new PassThrough();
    const metered = new MeteredBytes(inner, upTo(10));
    inner.write('twelve bytes');
    await expect(buffer(metered)).rejects.toMatchObject({ code: 'token-limit' });
    expect([metered.failure?.code, inner.destroyed]).toEqual(['token-limit', true]);
  });
});

test('limits are read from the command line', () => {
  expect(readLimits(['jobs=40', 'bytes=50G,cpus=8', 'hours=1.5'])).toEqual({
    jobs: 40,
    bytes: 50e9,
    cpus: 8,
    hours: 1.5,
  });
  expect(readLimits(['gpus=none', 'bytes=4.1G'])).toEqual({ gpus: null, bytes: 4_100_000_000 });
  for (const text of ['jobs', 'jobs=', 'jobs=4G', 'toString=1', 'walls=3', 'jobs=-1']) {
    expect(codeOf(() => readLimits([text]))).toBe('bad-input');
  }
});
