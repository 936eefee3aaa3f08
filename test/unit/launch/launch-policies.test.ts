import { describe, expect, test } from 'vitest';
import { type ClusterFacts, clusterDefaultsSchema, type Queue } from '../../../electron/shared/clusters.ts';
import { resourcesSchema } from '../../../electron/shared/instances.ts';
import { readJobArray } from '../../../electron/shared/job-array-policy.ts';
import type { LauncherName } from '../../../electron/shared/kinds.ts';
import { completeResources } from '../../../electron/shared/launch-defaults-policy.ts';
import { type LaunchProblem, launchError } from '../../../electron/shared/launch-problems.ts';
import { launchTarget } from '../../../electron/shared/launch-target.ts';
import { resourceProblems } from '../../../electron/shared/launch-validation-policy.ts';
import { chooseLauncher } from '../../../electron/shared/launcher-policy.ts';
import { siteProfileSchema } from '../../../electron/shared/sites.ts';
import { busyState } from '../../helpers/fixtures/busy-state.ts';

const queue = (name: string, limits: Partial<Queue> = {}): Queue => ({
  name,
  isDefault: false,
  state: 'up',
  maxSeconds: 3600,
  defaultSeconds: null,
  cpusPerNode: 4,
  memoryPerNode: 8000,
  gpusPerNode: 0,
  gpuTypes: [],
  nodes: 2,
  cpusTotal: 8,
  cpusFree: null,
  ...limits,
});
const factsWith = (queues: Queue[], ...names: LauncherName[]): ClusterFacts => ({
  loginNode: 'login',
  home: '/home/ada',
  homeFree: null,
  homeTotal: null,
  launchers: names.map((name) => ({
    name,
    version: '1',
    queues: name === 'slurm' ? queues : [],
    accounts: [],
    qos: ['normal', 'long'],
  })),
  runtimes: [],
  modules: [],
  loginVariables: {},
  readAt: 0,
});
/** The error an engine throws for problems; `fine` without any. */
function codeOf(problems: readonly LaunchProblem[]): string {
  const first = problems[0];
  if (!first) return 'fine';
  const { code, message, hint } = launchError(first);
  return `${code}: ${message} ${hint ?? ''}`;
}

describe('which launcher', () => {
  type Case = [LauncherName | '', LauncherName | 'auto', string[], LauncherName[] | null];
  const choose = ([requested, clusterDefault, launchers, detected]: Case) => {
    const recipe = { title: 'r', launchers };
    return chooseLauncher({ requested, clusterDefault, recipe, detected, clusterName: 'c' });
  };
  const both: LauncherName[] = ['login', 'slurm'];
  test.each<[...Case, LauncherName]>([
    ['login', 'slurm', ['slurm', 'login'], both, 'login'],
    ['', 'slurm', ['login', 'slurm'], both, 'slurm'],
    ['', 'auto', ['slurm', 'login'], both, 'slurm'],
    ['', 'auto', ['slurm', 'login'], ['login'], 'login'],
    ['', 'auto', ['slurm', 'login'], [], 'login'],
    ['', 'slurm', ['login'], both, 'login'],
    ['', 'slurm', ['slurm', 'login'], ['login'], 'login'],
    ['', 'auto', ['condor', 'slurm'], both, 'slurm'],
    ['', 'auto', ['slurm'], null, 'slurm'],
    ['', 'auto', ['pbs', 'slurm', 'login'], ['login', 'slurm', 'pbs'], 'slurm'],
    ['', 'auto', ['pbs', 'slurm', 'login'], null, 'slurm'],
    ['', 'pbs', ['pbs', 'slurm', 'login'], ['login', 'slurm', 'pbs'], 'pbs'],
    ['pbs', 'auto', ['pbs', 'slurm', 'login'], ['login', 'slurm', 'pbs'], 'pbs'],
    ['', 'auto', ['pbs', 'slurm', 'login'], ['login', 'pbs'], 'pbs'],
    ['', 'auto', ['lsf', 'pbs'], ['login', 'pbs'], 'pbs'],
  ])('requested %j, cluster %s, recipe %s, found %s: %s', (...row) => {
    const expected = row[4];
    expect(choose([row[0], row[1], row[2], row[3]])).toEqual({ ok: true, launcher: expected });
  });
  test.each<[...Case, string, RegExp]>([
    [
      'slurm',
      'auto',
      ['login'],
      both,
      'launcher-unsupported',
      /^bad-input: r does not run with Slurm\. Choose Login node\./,
    ],
    [
      'slurm',
      'auto',
      ['slurm'],
      ['login'],
      'launcher-not-found',
      /^command-missing: Slurm was not found on c\. Found there: Login node\./,
    ],
    [
      '',
      'auto',
      ['slurm', 'pbs'],
      ['login'],
      'no-launcher',
      /^command-missing: r runs with Slurm, PBS\. c has none of these\./,
    ],
    ['', 'auto', ['condor'], both, 'launcher-unknown', /^bad-input: r runs only with condor\. This version knows/],
  ])('requested %j, cluster %s, recipe %s, found %s: %s', (...row) => {
    const choice = choose([row[0], row[1], row[2], row[3]]);
    expect(choice).toMatchObject({ ok: false, problem: { code: row[4], field: 'launcher' } });
    expect(codeOf(choice.ok ? [] : [choice.problem])).toMatch(row[5]);
  });
});

describe('limits of queues', () => {
  const facts = factsWith(
    [queue('cpu', { isDefault: true }), queue('long', { maxSeconds: null }), queue('gpu', { gpusPerNode: 2 })],
    'slurm',
  );
  const problems = (change: object, launcher: LauncherName, known: ClusterFacts | null) =>
    resourceProblems({
      resources: resourcesSchema.parse(change),
      recipe: { title: 'r', args: [], resources: {}, serves: true },
      args: {},
      launcher,
      target: { name: 'c', facts: known },
    });
  test.each<[object, RegExp]>([
    [{}, /^fine/],
    [{ queue: 'gold' }, /^queue-unknown: c has no queue gold\. Choose cpu, long, gpu/],
    [{ queue: 'cpu', time: 60 }, /^fine/],
    [
      { queue: 'cpu', time: 90 },
      /^limit-exceeded: At most 1 h in cpu can be asked for\. Ask for 1 h or less, or use queue long\.$/,
    ],
    [{ time: 90 }, /^limit-exceeded/],
    [{ queue: 'long', time: 9000 }, /^fine/],
    [{ memory: 9000 }, /^limit-exceeded: No node in cpu has 8\.79 GB of memory\. Ask for 7\.8 GB or less\.$/],
    [{ cpus: 5 }, /^limit-exceeded: No node in cpu has 5 cores\. Ask for 4 cores or less\.$/],
    [{ nodes: 9 }, /^limit-exceeded: cpu has 2 nodes\. Ask for 2 nodes or less\.$/],
    [{ nodes: 2 }, /^fine/],
    [{ qos: 'normal' }, /^fine/],
    [{ qos: 'gold' }, /^account-invalid: You may not use the quality of service gold\. You may use normal, long/],
    [{ options: ['--wrap=x'] }, /^bad-input/],
    [{ gpus: 1 }, /^limit-exceeded: No node in cpu has a GPU\. Ask for none, or use queue gpu\.$/],
  ])('%o', (change, words) => {
    expect(codeOf(problems(change, 'slurm', facts))).toMatch(words);
  });
  test('nothing is known', () => {
    const asked = { queue: 'gold', cpus: 999 };
    expect(codeOf(problems(asked, 'slurm', null))).toBe('fine');
    expect(codeOf(problems(asked, 'login', facts))).toBe('fine');
  });
});

describe('what is asked for where the form is empty', () => {
  const usual = {
    defaults: clusterDefaultsSchema.parse({ account: 'cluster' }),
    usualQueue: () => 'usual',
    facts: null,
  };
  const recipe = { cpus: { default: 2 }, time: { default: 60 } };
  const script = {
    cpus: 4,
    memory: 100,
    gpus: 1,
    gpuType: 'a100',
    queue: 'script',
    account: 'script',
    options: ['-x'],
  };
  const complete = (requested: object, launcher: LauncherName = 'slurm', defaults = usual) =>
    completeResources({ requested: resourcesSchema.parse(requested), recipe, launcher, target: defaults, script });
  test('the user before the cluster, the recipe, its script and the site', () => {
    expect(complete({ cpus: 1, options: ['-y'] })).toMatchObject({
      cpus: 1,
      time: 60,
      memory: 100,
      queue: 'script',
      account: 'cluster',
      options: ['-x', '-y'],
    });
    const own = { ...usual, defaults: clusterDefaultsSchema.parse({ queue: 'cluster' }) };
    expect(complete({}, 'slurm', own).queue).toBe('cluster');
    expect(complete({ queue: 'user' }, 'slurm', own).queue).toBe('user');
  });
  test('a default of the recipe is no more than the queue allows, and a wish stays as it is', () => {
    const { facts } = busyState(0).clusters[0]!;
    const info = facts!.launchers.find(({ name }) => name === 'slurm')!;
    const small = { name: 'small', cpusPerNode: 1, memoryPerNode: 900, maxSeconds: 1800 };
    const queues = [{ ...info.queues[0]!, ...small }];
    const target = { ...usual, facts: { ...facts!, launchers: [{ ...info, queues }] } };
    const ask = (requested: object) =>
      completeResources({
        requested: resourcesSchema.parse({ queue: 'small', ...requested }),
        recipe: { cpus: { default: 2 }, memory: { default: 4096 }, time: { default: 60 } },
        launcher: 'slurm',
        target,
        script: null,
      });
    expect(ask({})).toMatchObject({ cpus: 1, memory: 900, time: 30 });
    expect(ask({ cpus: 8, memory: 5000, time: 90 })).toMatchObject({ cpus: 8, memory: 5000, time: 90 });
  });
  test('the script’s kind of GPU only with its number of them', () => {
    expect(complete({})).toMatchObject({ gpus: 1, gpuType: 'a100' });
    expect(complete({ gpus: 2 })).toMatchObject({ gpus: 2, gpuType: '' });
  });
  test('the site’s queue only of its own scheduler', () => {
    const site = siteProfileSchema.parse({ site: 'S', launcher: 'slurm', queues: [{ name: 'short' }] });
    const target = launchTarget({ name: 'c', user: 'ada', defaults: clusterDefaultsSchema.parse({}), site }, null, '');
    const queue = (launcher: LauncherName) =>
      completeResources({ requested: resourcesSchema.parse({}), recipe: {}, launcher, target, script: null }).queue;
    expect([queue('slurm'), queue('pbs'), queue('login')]).toEqual(['short', '', '']);
  });
});

describe('the tasks of a job array', () => {
  test.each<[LauncherName, string, boolean]>([
    ['slurm', '1-100', true],
    ['slurm', '1,4,7-9%5', true],
    ['slurm', '0-20:2', true],
    ['slurm', '1-5%0', false],
    ['gridengine', '1-100:2%5', true],
    ['gridengine', '1,4', false],
    ['pbs', '1-', false],
    ['lsf', '7', true],
    ['htcondor', '1-3', false],
    ['htcondor', '', true],
  ])('%s: %s', (launcher, array, isFine) => expect(readJobArray(array, launcher).ok).toBe(isFine));
});
