import { describe, expect, test } from 'vitest';
import { newSteps } from '../../../electron/core/instances/instance-state.ts';
import { InstanceStore } from '../../../electron/core/instances/instance-store.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import type { Instance, Step } from '../../../electron/shared/instances.ts';
import { unknownJob } from '../../../electron/shared/instances.ts';
import { fixtureInstance } from '../../helpers/fixtures/parts.ts';
import { quietLogger } from '../../helpers/quiet-logger.ts';

const now = 10_000_000;
const minute = 60_000;

function openStore(instances: Instance[]) {
  const saved: { instance: Instance; removed: boolean }[] = [];
  const rows = () => [...saved.toReversed(), ...instances.map((instance) => ({ instance, removed: false }))];
  const storage = {
    liveInstances: () => instances.filter(({ endedAt }) => endedAt === null),
    recentEnded: () => instances.filter(({ endedAt }) => endedAt !== null),
    findInstance: (id: string) => rows().find(({ instance }) => instance.id === id) ?? null,
    saveInstance: (row: { instance: Instance; removed: boolean }) => void saved.push(row),
  };
  const clock = { now: () => now, sleep: async () => undefined };
  return { store: new InstanceStore({ storage, clock, logger: quietLogger }), saved };
}

/** `step` runs, or `none` was begun; it was begun at `at`. */
function launchAt(step: Step['name'] | 'none', at: number): Instance {
  const steps = newSteps({ kind: 'app', runtime: 'native' });
  const current = steps.findIndex(({ name }) => name === step);
  return fixtureInstance({
    id: 'abcdefghij',
    title: 'Web',
    state: 'starting',
    createdAt: at,
    steps: steps.map((each, index) =>
      index < current
        ? { ...each, state: 'done', startedAt: at, endedAt: at }
        : index === current
          ? { ...each, state: 'now', startedAt: at }
          : each,
    ),
  });
}

describe('what an earlier process left', () => {
  test.each<[string, Instance, Instance['state']]>([
    ['a ready app', fixtureInstance({ id: 'abcdefghij', title: 'Web', state: 'ready' }), 'reconnecting'],
    [
      'a running job',
      fixtureInstance({ id: 'abcdefghij', title: 'Job', kind: 'job', state: 'running' }),
      'reconnecting',
    ],
    ['a launch of just now', launchAt('upload', now - minute), 'starting'],
    ['an older launch', launchAt('upload', now - 3 * minute), 'interrupted'],
    ['an older launch of which nothing was begun', launchAt('none', now - 3 * minute), 'interrupted'],
    ['an older one whose submission was begun', launchAt('submit', now - 3 * minute), 'starting'],
    ['an older one with a job', { ...launchAt('queue', now - 3 * minute), job: unknownJob('7') }, 'starting'],
    ['one that is being stopped', { ...launchAt('upload', now - 3 * minute), state: 'stopping' }, 'stopping'],
    ['one that has ended', { ...launchAt('upload', now - 3 * minute), state: 'ended', endedAt: 1 }, 'ended'],
  ])('%s', (_name, instance, expected) => {
    const { store, saved } = openStore([instance]);
    expect(store.get('abcdefghij').state).toBe(expected);
    expect(saved).toEqual([]);
  });
});

test('each change is saved and told, except that the tail of a log is only told', () => {
  const { store, saved } = openStore([]);
  let told = 0;
  const end = store.subscribe(() => {
    told += 1;
  });
  store.add(launchAt('none', now));
  store.dispatch('abcdefghij', { type: 'step', step: 'connect', at: now });
  store.dispatch('abcdefghij', { type: 'step', step: 'connect', at: now });
  store.dispatch('abcdefghij', { type: 'log', tail: 'hello', span: null });
  expect([saved.length, told]).toEqual([2, 3]);
  end();
  store.remove('abcdefghij');
  expect(saved.at(-1)?.removed).toBe(true);
  expect([store.list(), store.isRemoved('abcdefghij'), told]).toEqual([[], true, 3]);
  expect(() => store.get('abcdefghij')).toThrow(/no running app/);
});

test('nothing is written after it was closed', () => {
  const { store, saved } = openStore([launchAt('upload', now)]);
  store.close();
  store.dispatch('abcdefghij', { type: 'ended', at: now });
  expect(saved).toEqual([]);
});

test('a change that cannot be written is known all the same; a new instance is refused', () => {
  const storage = {
    liveInstances: () => [launchAt('upload', now)],
    recentEnded: () => [],
    findInstance: () => null,
    saveInstance: () => {
      throw new AppError('storage', 'The disk is full.');
    },
  };
  const logged: string[] = [];
  const logger = { ...quietLogger, error: (message: string) => void logged.push(message) };
  const store = new InstanceStore({ storage, clock: { now: () => now, sleep: async () => undefined }, logger });
  store.dispatch('abcdefghij', { type: 'ended', at: now });
  expect(store.get('abcdefghij').state).toBe('ended');
  expect(logged).toEqual(['a change of an instance was not saved']);
  const second = fixtureInstance({ id: 'bbcdefghij', title: 'Second' });
  expect(() => store.add(second)).toThrow(/disk is full/);
  expect(store.find('bbcdefghij')).toBeNull();
});
