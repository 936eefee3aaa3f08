import { describe, expect, test } from 'vitest';
import { reviewSite } from '../../../electron/core/sites/review-policy.ts';
import {
  type ClusterDefaults,
  type ClusterFacts,
  clusterDefaultsSchema,
  clusterFactsSchema,
} from '../../../electron/shared/clusters.ts';
import { applySite } from '../../../electron/shared/site-policy.ts';
import { type SiteProfile, siteProfileSchema } from '../../../electron/shared/sites.ts';

const queue = (name: string, change: Record<string, unknown> = {}) => ({
  ...{ name, isDefault: false, state: 'up', maxSeconds: 3600, defaultSeconds: null, cpusPerNode: 4 },
  ...{ memoryPerNode: 8000, gpusPerNode: null, nodes: 2, cpusTotal: 8, cpusFree: 8 },
  ...change,
});
const facts: ClusterFacts = clusterFactsSchema.parse({
  ...{ loginNode: 'l', home: '/home/ada', homeFree: null, homeTotal: null, readAt: 1 },
  launchers: [
    { name: 'login', version: '', queues: [], accounts: [] },
    {
      name: 'slurm',
      version: '24.11',
      queues: [queue('cpu', { isDefault: true }), queue('gpu'), queue('debug', { maxSeconds: 300 })],
      accounts: ['lab', 'class'],
    },
  ],
});
const site = (profile: Partial<SiteProfile>): SiteProfile => siteProfileSchema.parse({ site: 'X', ...profile });
const apply = (
  profile: Record<string, unknown> | null,
  {
    defaults = {},
    keep,
    seen = facts,
  }: { defaults?: Partial<ClusterDefaults>; keep?: string[]; seen?: ClusterFacts | null } = {},
) =>
  applySite({
    cluster: { user: 'ada', defaults: clusterDefaultsSchema.parse(defaults), site: profile && site(profile) },
    facts: seen,
    keep,
  });
const slurm = (view: ReturnType<typeof apply>) => view.facts?.launchers.find(({ name }) => name === 'slurm');
const names = (view: ReturnType<typeof apply>) => slurm(view)?.queues.map(({ name }) => name);

describe('applySite', () => {
  test('without a profile everything stays as it was detected', () => {
    const view = apply(null, { defaults: { queue: 'gpu' } });
    expect(view).toEqual({ defaults: clusterDefaultsSchema.parse({ queue: 'gpu' }), facts, usualQueue: '' });
  });

  test('fills what the user left open', () => {
    const view = apply({
      ...{ launcher: 'slurm', runtime: 'apptainer', workDirectory: '/scratch/$USER', modules: ['a', 'b'] },
      accounts: ['class', 'lab'],
    });
    expect(view.defaults).toMatchObject({
      ...{
        launcher: 'slurm',
        runtime: 'apptainer',
        workDirectory: '/scratch/ada',
        modules: ['a', 'b'],
        account: 'class',
      },
    });
  });

  test("the user's own settings win", () => {
    const defaults = {
      launcher: 'login',
      runtime: 'native',
      workDirectory: '/mine',
      account: 'lab',
      modules: ['b', 'c'],
    } as const;
    const view = apply(
      { launcher: 'slurm', runtime: 'podman', workDirectory: '/s', accounts: ['class'], modules: ['a', 'b'] },
      { defaults: { ...defaults, modules: [...defaults.modules] } },
    );
    expect(view.defaults).toMatchObject({ ...defaults, modules: ['a', 'b', 'c'] });
  });

  test('offers the queues of its list that were detected, in its order, the first as the usual one', () => {
    const view = apply({ queues: [{ name: 'gpu' }, { name: 'gone' }, { name: 'cpu' }] });
    expect(slurm(view)?.queues.map((one) => [one.name, one.isDefault])).toEqual([
      ['gpu', true],
      ['cpu', false],
    ]);
    expect(view.usualQueue).toBe('gpu');
  });

  test('a list of another time hides nothing', () => {
    const view = apply({ queues: [{ name: 'gone' }] });
    expect(names(view)).toEqual(['cpu', 'gpu', 'debug']);
    expect(view.usualQueue).toBe('cpu');
    expect(slurm(apply({ accounts: ['gone'] }))?.accounts).toEqual(['lab', 'class']);
    expect(apply({ accounts: ['gone'] }).defaults.account).toBe('lab');
  });

  test("a queue of the user's choice stays known", () => {
    expect(names(apply({ queues: [{ name: 'cpu' }] }, { defaults: { queue: 'gpu' } }))).toEqual(['cpu', 'gpu']);
    expect(names(apply({ queues: [{ name: 'cpu' }] }, { keep: ['debug', ''] }))).toEqual(['cpu', 'debug']);
  });

  test('limits are the lower ones of what was detected and what the site says', () => {
    const view = apply({
      queues: [{ name: 'cpu', maxTime: 30, maxMemory: 16_000, maxCpus: 2, maxGpus: 0, description: 'Most work' }],
    });
    expect(slurm(view)?.queues[0]).toMatchObject({
      ...{ maxSeconds: 1800, memoryPerNode: 8000, cpusPerNode: 2, gpusPerNode: 0, description: 'Most work' },
    });
  });

  test('lists are of the launcher it names, never of the login node', () => {
    const view = apply({ launcher: 'gridengine', queues: [{ name: 'all.q' }], accounts: ['p'] });
    expect(view.facts).toEqual(facts);
    const bare = apply({ queues: [{ name: 'all.q' }] });
    expect(bare.facts?.launchers[0]?.queues).toEqual([]);
  });

  test('where no queues were detected the list is all there is', () => {
    const seen = clusterFactsSchema.parse({
      ...facts,
      launchers: [{ name: 'pbs', version: '', queues: [], accounts: [] }],
    });
    const view = apply({ launcher: 'pbs', queues: [{ name: 'work', maxTime: 60 }], accounts: ['p'] }, { seen });
    expect(view.facts?.launchers[0]).toMatchObject({
      queues: [{ name: 'work', isDefault: true, maxSeconds: 3600, nodes: null }],
      accounts: ['p'],
    });
    expect(view).toMatchObject({ usualQueue: 'work', defaults: { account: 'p' } });
  });

  test('before the first connection the profile is all there is', () => {
    const view = apply({ queues: [{ name: 'cpu' }], accounts: ['lab'] }, { seen: null });
    expect(view).toMatchObject({ facts: null, usualQueue: 'cpu', defaults: { account: 'lab' } });
  });

  test('a user name is not a pattern', () => {
    const view = applySite({
      cluster: { user: '$&x', defaults: clusterDefaultsSchema.parse({}), site: site({ workDirectory: '/s/$USER' }) },
      facts: null,
    });
    expect(view.defaults.workDirectory).toBe('/s/$&x');
  });
});

describe('reviewSite', () => {
  const on = (defaults: Partial<ClusterDefaults> = {}) => ({
    cluster: { host: 'login.x.example', user: 'ada', site: null, defaults: clusterDefaultsSchema.parse(defaults) },
    facts,
  });

  test('says what changes on a cluster', () => {
    const profile = site({
      ...{ host: 'other.example', launcher: 'slurm', runtime: 'podman', modules: ['a'], workDirectory: '/s/$USER' },
      ...{ forbiddenRoutes: ['port', 'port'], pollInterval: 30, message: 'Be\nkind', accounts: ['lab', 'x'] },
      queues: [
        { name: 'cpu', description: '', maxTime: 60, maxCpus: 2 },
        { name: 'gone', description: '' },
      ],
    });
    expect(reviewSite(profile, on({ launcher: 'login' }))).toEqual([
      'Take care: it is written for other.example, and this cluster is at login.x.example.',
      'Launcher: slurm. Your own setting login stays before it.',
      'Runtime: podman.',
      'Queues offered, the usual one first: cpu (at most 1 h, 2 cores); gone.',
      'Not found there, so not offered: gone.',
      'Found there and no longer offered: gpu, debug.',
      'Accounts offered, the usual one first: lab.',
      'Modules loaded in every launch: a.',
      'Work directory: /s/ada.',
      'Routes to a running app that are not tried: port.',
      'The scheduler is asked at most every 30 s.',
      'It shows: Be kind',
    ]);
  });

  test('says when its lists are of another time, and when it changes nothing', () => {
    expect(reviewSite(site({ queues: [{ name: 'x', description: '' }], accounts: ['y'] }), on())).toEqual([
      'Queues offered, the usual one first: x.',
      'None of them was found there, so those that were found stay: cpu, gpu, debug.',
      'Accounts: none of y is yours, so yours stay: lab, class.',
    ]);
    expect(reviewSite(site({}), null)).toEqual(['It changes nothing but the name shown.']);
  });
});

test('a review says what a profile states of the scheduler', () => {
  const scheduler = {
    memory: 'none',
    select: false,
    cluster: 'alpha',
    submitFrom: '/scratch',
    jobHistory: false,
    accounting: false,
  } as const;
  expect(reviewSite(site({ scheduler }), null)).toEqual([
    'Memory is not asked for: what a form says of it has no effect.',
    'PBS is asked without chunks (select).',
    'Jobs go to the cluster alpha of those that its login node serves.',
    'Jobs are submitted from /scratch.',
    'The scheduler is not asked about jobs that it no longer has: an end is read from the files of a job.',
    'Accounting is not asked: an end is read from the files of a job.',
  ]);
});
