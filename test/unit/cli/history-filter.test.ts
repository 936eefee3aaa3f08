import { expect, test } from 'vitest';
import { findListed } from '../../../cli/find-instance.ts';
import { readHistoryFilter, readLimit, readSince } from '../../../cli/history-filter.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { fixtureCluster, fixtureInstance } from '../../helpers/fixtures/parts.ts';

const now = Date.parse('2026-11-29T12:00:00Z');
const clusters = [fixtureCluster({ id: 'c1', name: 'hpc' })];
const codeOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return AppError.from(error).code;
  }
  return null;
};

test('the options of the history are what the engine is asked', () => {
  expect(readHistoryFilter({}, { clusters }, now)).toEqual({});
  const options = { text: 'jup', cluster: 'hpc', recipe: 'jupyter', state: 'failed, ended', since: '7d' };
  expect(readHistoryFilter(options, { clusters }, now)).toEqual({
    text: 'jup',
    clusterId: 'c1',
    recipe: 'jupyter',
    states: ['failed', 'ended'],
    from: now - 7 * 86_400_000,
  });
  expect(codeOf(() => readHistoryFilter({ cluster: 'none' }, { clusters }, now))).toBe('not-found');
  expect(codeOf(() => readHistoryFilter({ state: 'gone' }, { clusters }, now))).toBe('bad-input');
});

test('a time is a duration before now or a date of this computer', () => {
  expect(readSince('90min', now)).toBe(now - 90 * 60_000);
  expect(readSince('12h', now)).toBe(now - 12 * 3_600_000);
  expect(readSince('2w', now)).toBe(now - 14 * 86_400_000);
  expect(readSince('2026-11-01', now)).toBe(new Date(2026, 10, 1).getTime());
  expect(readSince('2026-11-01T10:30', now)).toBe(new Date(2026, 10, 1, 10, 30).getTime());
  for (const word of ['', '7', 'd', '-7d', 'yesterday', '2026-13-40']) {
    expect(
      codeOf(() => readSince(word, now)),
      word,
    ).toBe('bad-input');
  }
});

test('a limit is a whole number from 1 on', () => {
  expect(readLimit('250')).toBe(250);
  for (const word of ['0', '-1', '1.5', 'x', ''])
    expect(
      codeOf(() => readLimit(word)),
      word,
    ).toBe('bad-input');
});

test('an app of the state is named by a part of its id that fits one only', () => {
  const instances = ['aaaabbbbbb', 'aaaacccccc'].map((id) => fixtureInstance({ id, title: id }));
  expect(findListed({ instances }, 'aaaab')?.id).toBe('aaaabbbbbb');
  expect(findListed({ instances }, 'b')).toBeNull();
  expect(codeOf(() => findListed({ instances }, 'aaaa'))).toBe('not-found');
});
