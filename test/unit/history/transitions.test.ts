import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../electron/core/clock.ts';
import { TransitionLog } from '../../../electron/core/history/transition-log.ts';
import { lastMinutesFrom, transitionsBetween } from '../../../electron/core/history/transitions.ts';
import { openStorage } from '../../../electron/core/storage/storage.ts';
import type { Storage } from '../../../electron/core/storage/types.ts';
import type { Instance } from '../../../electron/shared/instances.ts';
import type { Prompt } from '../../../electron/shared/prompts.ts';
import { type EngineState, emptyState } from '../../../electron/shared/state.ts';
import type { Transition } from '../../../electron/shared/transitions.ts';
import { fixtureCluster, fixtureInstance, fixtureJob } from '../../helpers/fixtures/parts.ts';

const app = fixtureInstance({ id: 'a', title: 'Lab', state: 'starting' });
const cluster = fixtureCluster({ id: 'c', name: 'alpha' });
const state = (over: Partial<EngineState>): EngineState => ({ ...emptyState, ...over });
const minutes = 60_000;

describe('transitions', () => {
  const kinds = (before: Partial<EngineState>, after: Partial<EngineState>) =>
    transitionsBetween(state(before), state(after), 5).map(({ kind }) => kind);

  test('are changes of an instance’s state, not its first appearance or other changes', () => {
    const to = (change: Partial<Instance>) => kinds({ instances: [app] }, { instances: [{ ...app, ...change }] });
    expect(to({ state: 'ready' })).toEqual(['ready']);
    expect(to({ state: 'waiting' })).toEqual(['waiting']);
    expect(to({ state: 'interrupted' })).toEqual(['interrupted']);
    expect(to({ state: 'stopping' })).toEqual([]);
    expect(to({ logTail: 'more' })).toEqual([]);
    expect(kinds({}, { instances: [{ ...app, state: 'ready' }] })).toEqual([]);
    expect(kinds({ instances: [app] }, {})).toEqual([]);
  });

  test('carry what a sentence about them needs', () => {
    const failed: Instance = {
      ...app,
      state: 'failed',
      error: { code: 'job-failed', message: 'It ran out of memory.' },
    };
    expect(transitionsBetween(state({ instances: [app] }), state({ instances: [failed] }), 5)).toEqual([
      {
        at: 5,
        kind: 'failed',
        instanceId: 'a',
        clusterId: app.clusterId,
        values: { title: 'Lab', cluster: app.clusterName, reason: 'It ran out of memory.' },
      },
    ]);
    const running: Instance = { ...app, state: 'running', job: fixtureJob({ id: '17' }) };
    expect(transitionsBetween(state({ instances: [app] }), state({ instances: [running] }), 5)).toMatchObject([
      { kind: 'running', values: { job: '17' } },
    ]);
  });

  test('are changes of a connection, and questions', () => {
    const to = (name: typeof cluster.connection.state) =>
      kinds(
        { clusters: [cluster] },
        { clusters: [{ ...cluster, connection: { ...cluster.connection, state: name } }] },
      );
    expect(to('connected')).toEqual(['connected']);
    expect(to('sign-in-needed')).toEqual(['sign-in-needed']);
    expect(to('unreachable')).toEqual(['unreachable']);
    expect(to('key-changed')).toEqual(['key-changed']);
    expect(to('connecting')).toEqual([]);
    const question: Prompt = {
      id: 'p',
      clusterId: 'c',
      clusterName: 'alpha',
      askedAt: 1,
      kind: 'secret',
      secret: 'password',
      subject: 'ada@h',
      wrong: 0,
      canRemember: true,
    };
    expect(kinds({}, { prompts: [question] })).toEqual(['question-asked']);
    expect(kinds({ prompts: [question] }, { prompts: [question] })).toEqual([]);
  });

  test('ten minutes are left of a job that has a longer limit', () => {
    const job = (over: object) => ({ ...app, job: fixtureJob({ startedAt: 0, endsAt: 60 * minutes, ...over }) });
    expect(lastMinutesFrom(job({}))).toBe(50 * minutes);
    expect(lastMinutesFrom(job({ endsAt: 9 * minutes }))).toBeNull();
    expect(lastMinutesFrom(job({ endsAt: null }))).toBeNull();
    expect(lastMinutesFrom(job({ state: 'pending' }))).toBeNull();
    expect(lastMinutesFrom({ ...job({}), endedAt: 5 })).toBeNull();
  });
});

describe('the log of transitions', () => {
  let folder: string;
  let storage: Storage;
  let now: number;
  let wake: (() => void) | null;
  let sleeps: number[];
  let current: EngineState;
  let published: Transition[];
  const clock = {
    now: () => now,
    sleep: (ms: number, signal?: AbortSignal) => {
      sleeps.push(ms);
      return new Promise<void>((resolve, reject) => {
        wake = resolve;
        signal?.addEventListener('abort', () => reject(new Error('aborted')));
      });
    },
  };
  const open = () =>
    new TransitionLog({
      storage,
      clock,
      state: () => current,
      publish: (transition) => published.push(transition),
      onSaveFailed: (error) => {
        throw error;
      },
    });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tunel-transitions-'));
    storage = openStorage(join(folder, 'data'), systemClock);
    now = 0;
    wake = null;
    sleeps = [];
    published = [];
    current = state({ instances: [app], clusters: [cluster] });
  });
  afterEach(async () => {
    await storage.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('publishes each once, keeps it, and counts on after a restart', () => {
    const first = open();
    current = state({ ...current, instances: [{ ...app, state: 'ready' }] });
    first.onChange();
    first.onChange();
    first.dispose();
    const second = open();
    current = state({ ...current, instances: [{ ...app, state: 'ended', endedAt: 7 }] });
    second.onChange();
    second.dispose();
    expect(published.map(({ id, kind }) => [id, kind])).toEqual([
      [1, 'ready'],
      [2, 'ended'],
    ]);
    expect(storage.transitions({ limit: 10 })).toEqual(published);
    expect(storage.transitions({ after: 1, limit: 10 }).map(({ id }) => id)).toEqual([2]);
  });

  test('gives whole pages of some clusters, whatever happened on the others', () => {
    const on = (id: number, clusterId: string): Transition => ({
      ...{ id, at: 0, kind: 'ended', instanceId: null, clusterId, values: {} },
    });
    for (let id = 1; id <= 20; id += 1) storage.addTransition(on(id, id % 5 === 0 ? 'mine' : 'other'));
    const ids = (which: Parameters<Storage['transitions']>[0]) => storage.transitions(which).map(({ id }) => id);
    expect(ids({ clusters: ['mine'], after: 0, limit: 3 })).toEqual([5, 10, 15]);
    expect(ids({ clusters: ['mine'], after: 15, limit: Number.MAX_SAFE_INTEGER })).toEqual([20]);
    expect([ids({ clusters: ['mine', 'none'], limit: 1 }), ids({ clusters: [], limit: 5 })]).toEqual([[20], []]);
    expect(ids({ clusters: null, limit: 2 })).toEqual([19, 20]);
  });

  test('tells that ten minutes are left when they are, once', async () => {
    const log = open();
    const job = fixtureJob({ startedAt: 0, endsAt: 30 * minutes });
    current = state({ ...current, instances: [{ ...app, state: 'ready', job }] });
    log.onChange();
    expect(sleeps.at(-1)).toBe(20 * minutes);
    now = 20 * minutes;
    wake?.();
    await expect.poll(() => published.map(({ kind }) => kind)).toEqual(['ready', 'ten-minutes-left']);
    expect(published.at(-1)?.values).toMatchObject({ title: 'Lab', endsAt: 30 * minutes });
    now += minutes;
    log.onChange();
    log.dispose();
    const after = open();
    after.onChange();
    after.dispose();
    expect(published).toHaveLength(2);
  });
});
