import { describe, expect, it } from 'vitest';
import { exactGigabytes } from '../../../electron/shared/format.ts';
import { stepNames } from '../../../electron/shared/instances.ts';
import { launcherLabel } from '../../../electron/shared/launcher-features.ts';
import { announcementOf, fullScreenHint } from '../../../renderer/text/announcement-policy.ts';
import { formatAddress, homeUse } from '../../../renderer/text/cluster.ts';
import { exposureOf } from '../../../renderer/text/exposure.ts';
import {
  foldEnded,
  instanceFacts,
  matchesFilter,
  needsYou,
  shownSteps,
  stepTime,
} from '../../../renderer/text/instance.ts';
import { describeHold, describeTasks } from '../../../renderer/text/job.ts';
import { isExperimental, launcherTitle, runtimeTitle } from '../../../renderer/text/launcher.ts';
import { waitingReason } from '../../../renderer/text/reason.ts';
import { formatFileSize, formatMemory } from '../../../renderer/text/size.ts';
import { fixtureCluster, fixtureInstance, fixtureJob, fixtureSteps } from '../../helpers/fixtures/parts.ts';

const now = new Date(2026, 2, 3, 12, 0, 0).getTime();

describe('reasons for waiting', () => {
  it('puts the launcher’s words first and keeps the scheduler’s own', () => {
    expect(waitingReason({ reason: 'waiting (for you)', nativeReason: 'Transfer failure (13): denied' })).toEqual({
      ours: 'Waiting (for you).',
      given: 'Transfer failure (13): denied',
    });
    expect(waitingReason({ reason: 'the scheduler has not looked at it yet', nativeReason: '' })).toEqual({
      ours: 'The scheduler has not looked at it yet.',
      given: '',
    });
  });
  it('does not invent words for a reason it does not know', () => {
    expect(waitingReason({ reason: '', nativeReason: 'SomethingNew' })).toEqual({ ours: '', given: 'SomethingNew' });
    expect(waitingReason(null)).toEqual({ ours: '', given: '' });
  });
});

describe('jobs', () => {
  it('says who must release one on hold', () => {
    const held = (heldBy: 'user' | 'system' | '') =>
      describeHold(fixtureJob({ state: 'held', heldBy, reason: 'why', nativeReason: 'Native' }));
    expect(held('user')).toMatchObject({
      title: 'On hold at your request.',
      who: '',
      ours: '',
      given: 'Native',
    });
    expect(held('system')).toMatchObject({ title: 'On hold.', ours: 'Why.' });
    expect(held('system')?.who).toMatch(/site holds it; they must release it/);
    expect(held('')?.who).toMatch(/somebody releases it/);
    expect(describeHold(fixtureJob({ state: 'pending' }))).toBeNull();
    expect(describeHold(null)).toBeNull();
  });
  it('counts the tasks of an array', () => {
    expect(describeTasks({ pending: 61, running: 8, completed: 28, failed: 3 })).toBe(
      '28 of 100 tasks done, 8 running, 61 waiting, 3 failed',
    );
    expect(describeTasks({ pending: 0, running: 0, completed: 1, failed: 0 })).toBe('1 of 1 task done');
    expect(describeTasks(null)).toBeNull();
  });
});

describe('who can reach an app', () => {
  const route = { kind: 'node' as const, text: '', refused: [], warning: null };
  it('goes by what its way says until it was looked at', () => {
    expect(exposureOf({ exposure: null, route })).toMatchObject({ level: 'only-you', tone: 'ok', checked: false });
    expect(exposureOf({ exposure: null, route: { ...route, kind: 'port' } })).toMatchObject({
      level: 'cluster',
      tone: 'wait',
      short: 'others on the cluster can reach it',
    });
  });
  it('knows a loopback port as open to its node', () => {
    expect(
      exposureOf({ exposure: null, route: { ...route, warning: 'Others with a job on c1 can reach it.' } }).level,
    ).toBe('node');
  });
  it('then by what was found there', () => {
    const found = (level: 'group' | 'unknown') => ({ level, text: '', evidence: [], checkedAt: 0 });
    expect(exposureOf({ exposure: found('group'), route })).toMatchObject({
      title: 'Your group there can reach this',
      checked: true,
    });
    expect(exposureOf({ exposure: found('unknown'), route })).toMatchObject({
      tone: 'off',
      short: 'not known who can reach it',
    });
  });
});

describe('launchers and containers', () => {
  it('are named as people write them, with their version', () => {
    expect(launcherTitle({ name: 'gridengine', version: '8.1.9' })).toBe('Grid Engine 8.1.9');
    expect(launcherTitle({ name: 'login', version: 'setsid --fork' })).toBe('Login node');
    expect(launcherLabel('from-the-future')).toBe('from-the-future');
    expect(isExperimental('pbs') && isExperimental('lsf') && !isExperimental('htcondor')).toBe(true);
    expect(runtimeTitle({ name: 'apptainer', version: '3.8.7', program: '/usr/bin/singularity' })).toBe(
      'Singularity 3.8.7',
    );
    expect(runtimeTitle({ name: 'podman', version: '', program: 'podman' })).toBe('Podman');
  });
});

describe('an app on its card', () => {
  it('shows no submit and no queue on the login node', () => {
    const steps = fixtureSteps(now, 4, 1000);
    expect(shownSteps({ steps, launcher: 'login', runtime: 'native' }).map((step) => step.name)).toEqual([
      'connect',
      'upload',
      'start',
      'tunnel',
      'ready',
    ]);
    expect(shownSteps({ steps, launcher: 'slurm', runtime: 'native' })).toHaveLength(7);
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
    expect(instanceFacts(app)).toEqual(['slurm', 'gpu', '4 cores', '16 GB', 'job 48213']);
    expect(instanceFacts({ ...app, state: 'ready', job: fixtureJob({ node: 'c1' }) })).toEqual([
      'slurm',
      'normal',
      'node c1',
      'job 48213',
    ]);
    expect(instanceFacts({ ...app, runtime: 'apptainer' })).toContain('in Apptainer');
  });
  it('shows the image step of a container only', () => {
    const steps = stepNames.map((name) => ({ name, state: 'todo' as const, startedAt: null, endedAt: null }));
    const names = (runtime: 'native' | 'podman') =>
      shownSteps({ steps, launcher: 'slurm', runtime }).map((step) => step.name);
    expect(names('native')).not.toContain('image');
    expect(names('podman')).toEqual(stepNames);
  });
  it('folds those that ended, never those that failed', () => {
    const list = Array.from({ length: 30 }, (_, index) => ({
      state: index % 3 === 0 ? ('failed' as const) : index % 3 === 1 ? ('ended' as const) : ('ready' as const),
    }));
    const { shown, folded } = foldEnded(list, 4);
    expect(folded).toBe(6);
    expect(shown.filter((entry) => entry.state === 'ended')).toHaveLength(4);
    expect(shown.filter((entry) => entry.state !== 'ended')).toHaveLength(20);
    expect(foldEnded(list).folded).toBe(0);
  });
  it('needs the user when it failed or its cluster waits for them', () => {
    const cluster = fixtureCluster({ id: 'slurm', name: 'slurm' });
    const app = fixtureInstance({ id: 'a', title: 'A', state: 'ready' });
    expect(needsYou(app, cluster)).toBe(false);
    cluster.connection.state = 'sign-in-needed';
    expect(needsYou(app, cluster)).toBe(true);
    expect(needsYou({ ...app, state: 'ended' }, cluster)).toBe(false);
    expect(matchesFilter('you', { ...app, state: 'failed' }, undefined)).toBe(true);
  });
});

describe('a cluster on its card', () => {
  it('shows the port only where it is not the usual one', () => {
    expect(formatAddress({ host: 'a.example', port: 22, user: 'u', demo: false })).toBe('u@a.example');
    expect(formatAddress({ host: '::1', port: 2222, user: 'u', demo: false })).toBe('u@[::1]:2222');
    expect(formatAddress({ host: '127.0.0.1', port: 5000, user: 'u', demo: true })).toBe('on this computer');
  });
  it('knows how full the home is, or says nothing', () => {
    expect(homeUse({ homeFree: 1, homeTotal: 10 })).toBeCloseTo(0.9);
    expect(homeUse({ homeFree: null, homeTotal: 10 })).toBeNull();
    expect(homeUse({ homeFree: 1, homeTotal: 0 })).toBeNull();
  });
  it('sizes', () => {
    expect(formatMemory(512)).toBe('512 MB');
    expect(formatMemory(1536)).toBe('1.5 GB');
  });
  it('amounts of the launch form that are exactly the MiB again', () => {
    expect([1024, 1536, 200, 4000].map(exactGigabytes)).toEqual([1, 1.5, 0.195, 3.906]);
    for (let mebibytes = 1; mebibytes < 300_000; mebibytes += 97)
      expect(Math.round(exactGigabytes(mebibytes) * 1024)).toBe(mebibytes);
  });
});

describe('what is announced', () => {
  it('says that an app is ready, politely, and that it failed, at once', () => {
    const values = { title: 'RStudio', cluster: 'alpha' };
    expect(announcementOf({ kind: 'ready', values })).toEqual({ text: 'RStudio is ready.', urgent: false });
    expect(announcementOf({ kind: 'running', values: { ...values, job: '17' } }).text).toBe(
      'RStudio is running as job 17.',
    );
    expect(announcementOf({ kind: 'failed', values: { ...values, reason: 'Out of memory.' } })).toEqual({
      text: 'RStudio failed. Out of memory.',
      urgent: true,
    });
    expect(announcementOf({ kind: 'failed', values }).text).toBe('RStudio failed.');
  });
  it('says how the full screen is left', () => {
    expect(fullScreenHint).toEqual({ text: 'Full screen. F11 leaves it, and so does holding Escape.', urgent: false });
  });
});

it('writes sizes as a file manager does', () => {
  expect([0, 999, 1000, 1234, 999_600, 5e9].map(formatFileSize)).toEqual([
    '0 B',
    '999 B',
    '1 kB',
    '1.2 kB',
    '1 MB',
    '5 GB',
  ]);
});
