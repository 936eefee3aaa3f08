import { expect, test } from 'vitest';
import { mayHaveOlder, olderQuery, readOlder, withoutKnown } from '../../../renderer/features/running/older-policy.ts';
import { fixtureInstance } from '../../helpers/fixtures/parts.ts';

const app = (id: string) => fixtureInstance({ id, title: id, state: 'ended' });

test('there may be older apps once the state lists as many ended ones as it ever does', () => {
  const ended = Array.from({ length: 50 }, (_, index) => app(`app${index}`));
  expect(mayHaveOlder(ended)).toBe(true);
  expect(mayHaveOlder([...ended.slice(1), fixtureInstance({ id: 'live', title: 'live' })])).toBe(false);
});

test('the engine is asked for what the page shows', () => {
  expect(olderQuery('all', { text: '', clusterId: '' })).toEqual({ kind: 'app', states: ['ended', 'failed'] });
  expect(olderQuery('you', { text: ' jup ', clusterId: 'c1' })).toEqual({
    kind: 'app',
    states: ['failed'],
    text: 'jup',
    clusterId: 'c1',
  });
  expect(olderQuery('ready', { text: '', clusterId: '' })).toBeNull();
  expect(olderQuery('way', { text: '', clusterId: '' })).toBeNull();
});

test('pages of apps that are shown already are passed over', async () => {
  const pages: Record<string, { instances: ReturnType<typeof app>[]; next: string | null }> = {
    first: { instances: [app('a'), app('b')], next: '2' },
    2: { instances: [app('b'), app('c')], next: '3' },
    3: { instances: [app('a')], next: null },
  };
  const asked: (string | null)[] = [];
  const read = async (cursor: string | null) => {
    asked.push(cursor);
    return pages[cursor ?? 'first'] ?? { instances: [], next: null };
  };
  const isShown = (id: string) => id === 'a' || id === 'b';
  expect(await readOlder(read, null, isShown)).toEqual({ instances: [app('c')], next: '3' });
  expect(asked).toEqual([null, '2']);
  expect(await readOlder(read, '3', isShown)).toEqual({ instances: [], next: null });
});

test('what the state lists again and what was removed is left out', () => {
  expect(withoutKnown([app('a'), app('b'), app('c')], [{ id: 'a' }], new Set(['c']))).toEqual([app('b')]);
});
