import { describe, expect, test } from 'vitest';
import { planLaunch } from '../../../electron/core/instances/plan.ts';
import { launchers as allLaunchers } from '../../../electron/core/launchers/index.ts';
import { parseRecipeFile } from '../../../electron/core/recipes/recipe-file.ts';
import { createRender } from '../../../electron/core/recipes/render.ts';
import { summarize } from '../../../electron/core/recipes/summarize.ts';
import type { Recipe } from '../../../electron/core/recipes/types.ts';
import type { ClusterFacts, ClusterState, Queue } from '../../../electron/shared/clusters.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { type LaunchInput, launchInputSchema } from '../../../electron/shared/instances.ts';
import type { LauncherName, RuntimeName } from '../../../electron/shared/kinds.ts';
import { siteProfileSchema } from '../../../electron/shared/sites.ts';
import { effectiveLauncher, initialValues, toInput } from '../../../renderer/features/launch/launch-values.ts';
import { validateLaunch } from '../../../renderer/features/launch/validate-launch.ts';
import { busyState } from '../../helpers/fixtures/busy-state.ts';

const base = busyState(Date.UTC(2026, 2, 3)).clusters.find((entry) => entry.cluster.id === 'slurm')!;

function recipeOf(text: string): Recipe {
  const { file, problems } = parseRecipeFile('r', 'r/app.yaml', `script: run.sh\ndescription: A test\n${text}`);
  if (!file) throw new Error(problems.map((problem) => problem.message).join(' '));
  const template = '#!/bin/sh\necho {{ args.n }}\n';
  const summary = summarize('r', file, 'test', template, ['n']);
  return { summary, file, directory: '/recipes/r', template, files: new Map() };
}

const queue = (name: string, limits: Partial<Queue> = {}): Queue => ({
  name,
  isDefault: false,
  state: 'up',
  maxSeconds: 3600,
  defaultSeconds: null,
  cpusPerNode: 4,
  memoryPerNode: 8192,
  gpusPerNode: 0,
  gpuTypes: [],
  nodes: 2,
  cpusTotal: 8,
  cpusFree: null,
  ...limits,
});
const queues = [
  queue('cpu', { isDefault: true }),
  queue('gpu', { gpusPerNode: 2, gpuTypes: ['a100'] }),
  queue('long', { maxSeconds: null, memoryPerNode: null }),
];
const factsWith = (names: LauncherName[], runtimes: RuntimeName[] = []): ClusterFacts => ({
  loginNode: 'login',
  home: '/home/ada',
  homeFree: null,
  homeTotal: null,
  launchers: names.map((name) => ({
    name,
    version: '1',
    queues: name === 'login' || name === 'htcondor' ? [] : queues,
    accounts: [],
    qos: name === 'slurm' ? ['normal'] : [],
  })),
  runtimes: runtimes.map((name) => ({ name, version: '1', program: name })),
  modules: [],
  loginVariables: {},
  readAt: 0,
});
const clusterWith = (
  facts: ClusterFacts | null,
  defaults: Partial<ClusterState['cluster']['defaults']> = {},
  site: ClusterState['cluster']['site'] = null,
): ClusterState => ({
  ...base,
  facts,
  cluster: { ...base.cluster, site, defaults: { ...base.cluster.defaults, ...noDefaults, ...defaults } },
});
const noDefaults = {
  launcher: 'auto',
  runtime: 'auto',
  queue: '',
  account: '',
  environment: '',
  modules: [] as string[],
} as const;

const deps = (recipe: Recipe) => ({
  library: { get: () => recipe },
  render: createRender('/nowhere'),
  launchers: allLaunchers,
});

/** The launcher, or the sentence of the refusal and what to do. */
function byEngine(recipe: Recipe, cluster: ClusterState, input: LaunchInput) {
  try {
    const home = cluster.facts?.home ?? '$HOME';
    const { launcher } = planLaunch(deps(recipe), {
      id: 'a',
      input,
      cluster: cluster.cluster,
      facts: cluster.facts,
      home,
    });
    return { launcher, error: null };
  } catch (error) {
    return { launcher: null, error: AppError.from(error) };
  }
}

function byForm(recipe: Recipe, cluster: ClusterState, given: object) {
  const { summary } = recipe;
  const from = launchInputSchema.parse({ clusterId: cluster.cluster.id, recipe: 'r', ...given });
  const values = initialValues(summary, cluster, from);
  const errors = validateLaunch(values, summary, cluster);
  return { launcher: effectiveLauncher(values, summary, cluster), errors, input: toInput(values, summary, cluster) };
}

function expectAgreement(recipe: Recipe, cluster: ClusterState, given: object): void {
  const form = byForm(recipe, cluster, given);
  const engine = byEngine(recipe, cluster, form.input);
  const said = [...form.errors].map(([field, { message }]) => `${field}: ${message}`);
  if (engine.error === null) {
    expect(said).toEqual([]);
    expect(form.launcher).toBe(engine.launcher);
    return;
  }
  const { message, hint } = engine.error;
  expect(said.length, `the engine says: ${message}`).toBeGreaterThan(0);
  const argument = /^Argument “(\w+)”/.exec(message)?.[1];
  if (argument !== undefined) expect([...form.errors.keys()]).toContain(`args.${argument}`);
  else expect(said.some((text) => text.includes(message) || (hint !== undefined && text.includes(hint)))).toBe(true);
}

const recipes = [
  'launcher: pbs\nlaunchers_supported: [slurm, login]\nserve: {}\n',
  'launcher: slurm\nlaunchers_supported: [login]\nserve: {}\n',
  'launcher: login\nserve: {}\n',
  'launcher: htcondor\nlaunchers_supported: [gridengine, lsf]\nresources: {}\n',
  'launcher: unheard-of\nserve: {}\n',
];
const clusters: [string, ClusterState][] = [
  ['never connected', clusterWith(null)],
  ['all schedulers', clusterWith(factsWith(['login', 'slurm', 'htcondor', 'gridengine', 'pbs', 'lsf']))],
  ['Slurm', clusterWith(factsWith(['login', 'slurm']))],
  ['PBS', clusterWith(factsWith(['login', 'pbs']))],
  ['a login node', clusterWith(factsWith(['login']))],
  ['nothing found', clusterWith(factsWith([]))],
  ['PBS by default', clusterWith(factsWith(['login', 'slurm', 'pbs']), { launcher: 'pbs' })],
  ['a default that is not there', clusterWith(factsWith(['login', 'slurm']), { launcher: 'lsf', queue: 'gone' })],
  [
    'a site',
    clusterWith(
      factsWith(['login', 'slurm', 'pbs']),
      {},
      siteProfileSchema.parse({
        site: 'S',
        launcher: 'slurm',
        queues: [{ name: 'gpu', maxTime: 30 }, { name: 'cpu' }],
      }),
    ),
  ],
];
const launchers: (LauncherName | '')[] = ['', 'login', 'slurm', 'htcondor', 'gridengine', 'pbs', 'lsf'];
const requests: object[] = [
  {},
  { resources: { queue: 'gone' } },
  { resources: { time: 45 } },
  { resources: { time: 90, cpus: 8, memory: 9000, nodes: 3 } },
  { resources: { queue: 'long', memory: 900_000, time: 90 } },
  { resources: { gpus: 1 } },
  { resources: { queue: 'gpu', gpus: 1, gpuType: 'h100' } },
  { resources: { qos: 'gold' } },
  { resources: { options: ['--wrap=x'] } },
  { resources: { array: '1,4' } },
  { resources: { array: 'x' } },
];

describe('form and engine choose and refuse the same', () => {
  test('the recipe whose first launcher was never run for real', () => {
    const cluster = clusterWith(factsWith(['login', 'slurm', 'pbs']));
    const recipe = recipeOf(recipes[0]!);
    const form = byForm(recipe, cluster, {});
    expect([form.launcher, byEngine(recipe, cluster, form.input).launcher]).toEqual(['slurm', 'slurm']);
  });
  describe.each(recipes)('%s', (text) => {
    const recipe = recipeOf(text);
    test.each(clusters)('%s', (_, cluster) => {
      for (const launcher of launchers) {
        for (const request of requests) expectAgreement(recipe, cluster, { launcher, ...request });
      }
    });
  });
  describe('arguments', () => {
    const recipe = recipeOf(`launcher: slurm
serve: {}
args:
  - { name: kind, description: x, type: choice, choices: [a, b], default: a }
  - { name: n, description: x, type: number, min: 1, max: 5 }
  - { name: sure, description: x, type: boolean, required: true }
  - { name: quiet, description: x, type: boolean, default: 'yes' }
  - { name: folder, description: x, required: true, when: { kind: b } }
  - { name: key, description: x, type: secret, pattern: '[a-z]+' }
resources:
  cpus: { default: 2, max: 4 }
  limits: [{ when: { kind: b }, cpus: { max: 1 } }]
`);
    const cluster = clusterWith(factsWith(['login', 'slurm']));
    test.each<object>([
      {},
      { args: { kind: 'b' } },
      { args: { kind: 'b', folder: ' ' } },
      { args: { kind: 'b', folder: 'x' }, resources: { cpus: 1 } },
      { args: { kind: 'c' } },
      { args: { kind: '' } },
      { args: { n: 0 } },
      { args: { n: 6 } },
      { args: { n: 'many' } },
      { args: { n: 3 }, resources: { cpus: 4 } },
      { args: { sure: true, quiet: false } },
      { args: { sure: 'perhaps' } },
      { args: { other: 'x', folder: 'a\0b' } },
      { resources: { cpus: 5 } },
      { resources: { queue: 'gpu', cpus: 5 } },
    ])('%j', (given) => expectAgreement(recipe, cluster, given));
  });
  describe('containers', () => {
    const texts = [
      'launcher: slurm\nlaunchers_supported: [login]\nserve: {}\ncontainer: { image: python }\n',
      'launcher: slurm\nlaunchers_supported: [login]\nserve: {}\n',
      // Legacy recipes whose script calls the container program.
      'launcher: singularity\nlaunchers_supported: [docker]\nneeds: { socket: true }\n',
      'launcher: slurm\nlaunchers_supported: [singularity]\nneeds: { socket: true, modules: [gcc] }\n',
    ];
    const places = [
      clusterWith(factsWith(['login', 'slurm'])),
      clusterWith(factsWith(['login', 'slurm'], ['podman'])),
      clusterWith(factsWith(['login', 'slurm'], ['apptainer']), { runtime: 'podman' }),
      clusterWith(factsWith(['login', 'slurm']), { modules: ['tools'] }),
      clusterWith(null),
    ];
    const runtimes: (RuntimeName | '')[] = ['', 'native', 'apptainer', 'podman', 'docker'];
    const images = ['', 'python:3', '/opt/a.sif', '~/a.tar', 'library://x/y', 'Not An Image'];
    test.each(texts)('%s', (text) => {
      const recipe = recipeOf(text);
      for (const cluster of places) {
        for (const launcher of ['', 'slurm', 'login']) {
          for (const runtime of runtimes) {
            for (const image of images) expectAgreement(recipe, cluster, { launcher, runtime, image });
          }
        }
      }
    });
  });
});
