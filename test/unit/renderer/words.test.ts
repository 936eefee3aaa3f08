import { describe, expect, it } from 'vitest';
import { announcements } from '../../../renderer/words/announce-policy.ts';
import { address, commandIn, homeUse } from '../../../renderer/words/cluster.ts';
import { facts, matches, needsYou, shownSteps, stepTime } from '../../../renderer/words/instance.ts';
import { waitingReason } from '../../../renderer/words/reason.ts';
import { gb, memory } from '../../../renderer/words/size.ts';
import { fixtureCluster, fixtureInstance, fixtureJob, fixtureSteps } from '../../helpers/fixture-state.ts';

const now = new Date(2026, 2, 3, 12, 0, 0).getTime();

describe('reasons for waiting', () => {
  it('puts ours first and keeps the scheduler’s own', () => {
    expect(waitingReason('(Resources)')).toEqual({
      ours: 'The queue has no free place that fits now.',
      given: 'Resources',
    });
    expect(waitingReason('QOSMaxCpuPerUserLimit').ours).toMatch(/all that your account allows/);
    expect(waitingReason('PartitionTimeLimit').ours).toMatch(/never starts/);
  });
  it('does not invent words for a reason it does not know', () => {
    expect(waitingReason('SomethingNew')).toEqual({ ours: '', given: 'SomethingNew' });
    expect(waitingReason('')).toEqual({ ours: '', given: '' });
  });
});

describe('an app on its card', () => {
  it('shows no submit and no queue on the login node', () => {
    const steps = fixtureSteps(now, 4, 1000);
    expect(shownSteps({ steps, launcher: 'login' }).map((step) => step.name)).toEqual([
      'connect',
      'upload',
      'start',
      'tunnel',
      'ready',
    ]);
    expect(shownSteps({ steps, launcher: 'slurm' })).toHaveLength(7);
  });
  it('gives each step its time, the running one in whole seconds, the start as expected', () => {
    const step = { name: 'queue', state: 'now', startedAt: now - 22_400, endedAt: null } as const;
    expect(stepTime(step, false, null, now)).toBe('22 s');
    const done = { name: 'connect', state: 'done', startedAt: now - 400, endedAt: now } as const;
    expect(stepTime(done, true, null, now)).toBe('11:59 · 0.4 s');
    expect(stepTime(done, false, null, now)).toBe('0.4 s');
    const start = { name: 'start', state: 'todo', startedAt: null, endedAt: null } as const;
    expect(stepTime(start, false, now, now)).toBe('about 12:00');
    expect(stepTime(start, false, null, now)).toBe('');
  });
  it('names what it asked for until it has a node, then the node', () => {
    const app = fixtureInstance({ id: 'a', title: 'A', state: 'waiting', job: fixtureJob({ queue: 'gpu' }) });
    expect(facts(app)).toEqual(['slurm', 'gpu', '4 cpus', '16 GB', 'job 48213']);
    expect(facts({ ...app, state: 'ready', job: fixtureJob({ node: 'c1' }) })).toEqual([
      'slurm',
      'normal',
      'node c1',
      'job 48213',
      'only you can reach it',
    ]);
  });
  it('does not claim privacy for a port that others can reach', () => {
    const route = { kind: 'port' as const, words: 'port', refused: [], warning: 'w' };
    expect(facts(fixtureInstance({ id: 'a', title: 'A', route }))).not.toContain('only you can reach it');
  });
  it('needs the user when it failed or its cluster waits for them', () => {
    const cluster = fixtureCluster({ id: 'slurm', name: 'slurm' });
    const app = fixtureInstance({ id: 'a', title: 'A', state: 'ready' });
    expect(needsYou(app, cluster)).toBe(false);
    cluster.connection.state = 'sign-in-needed';
    expect(needsYou(app, cluster)).toBe(true);
    expect(needsYou({ ...app, state: 'ended' }, cluster)).toBe(false);
    expect(matches('you', { ...app, state: 'failed' }, undefined)).toBe(true);
  });
});

describe('a cluster on its card', () => {
  it('shows the port only where it is not the usual one', () => {
    expect(address({ host: 'a.example', port: 22, user: 'u', demo: false })).toBe('u@a.example');
    expect(address({ host: '::1', port: 2222, user: 'u', demo: false })).toBe('u@[::1]:2222');
    expect(address({ host: '127.0.0.1', port: 5000, user: 'u', demo: true })).toBe('on this computer');
  });
  it('finds the command in a hint', () => {
    expect(commandIn('Remove it with `ssh-keygen -R host -f file`, then connect.')).toBe('ssh-keygen -R host -f file');
    expect(commandIn('Run: ssh-keygen -R [a.example]:2222.')).toBe('ssh-keygen -R [a.example]:2222');
    expect(commandIn("Run ssh-keygen -R host -f '/home/a b/known_hosts' first")).toBe(
      "ssh-keygen -R host -f '/home/a b/known_hosts'",
    );
    expect(commandIn('Ask your support.')).toBeNull();
    expect(commandIn(undefined)).toBeNull();
  });
  it('knows how full the home is, or says nothing', () => {
    expect(homeUse({ homeFree: 1, homeTotal: 10 })).toBeCloseTo(0.9);
    expect(homeUse({ homeFree: null, homeTotal: 10 })).toBeNull();
    expect(homeUse({ homeFree: 1, homeTotal: 0 })).toBeNull();
  });
  it('sizes', () => {
    expect(gb(50 * 1024 ** 3)).toBe('50 GB');
    expect(gb(46.1 * 1024 ** 3)).toBe('46.1 GB');
    expect(memory(512)).toBe('512 MB');
    expect(memory(1536)).toBe('1.5 GB');
  });
});

describe('what is announced', () => {
  const state = (instances: ReturnType<typeof fixtureInstance>[]) => ({ instances, clusters: [], prompts: [] });
  const app = fixtureInstance({ id: 'a', title: 'RStudio', state: 'waiting' });
  it('says that an app is ready, politely, and that it failed, at once', () => {
    expect(announcements(state([app]), state([{ ...app, state: 'ready' }]))).toEqual([
      { text: 'RStudio is ready.', urgent: false },
    ]);
    const failed = {
      ...app,
      state: 'failed' as const,
      error: { code: 'job-failed' as const, message: 'Out of memory.' },
    };
    expect(announcements(state([app]), state([failed]))).toEqual([
      { text: 'RStudio failed. Out of memory.', urgent: true },
    ]);
  });
  it('says nothing of what was there, or came with the first state', () => {
    expect(announcements(state([]), state([app]))).toEqual([]);
    expect(announcements(state([app]), state([{ ...app, logTail: 'more' }]))).toEqual([]);
  });
});
