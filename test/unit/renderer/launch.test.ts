import { describe, expect, it } from 'vitest';
import type { ArgValue } from '../../../electron/shared/form-policy.ts';
import { launchInputSchema, resourcesSchema } from '../../../electron/shared/instances.ts';
import type { RecipeArg } from '../../../electron/shared/recipes.ts';
import {
  effectiveLauncher,
  initialValues,
  type LaunchValues,
  queuesOf,
  toInput,
  toPreview,
  withSite,
} from '../../../renderer/features/launch/launch-values.ts';
import { chosen, crumbs, join, parentOf, step, typeAhead } from '../../../renderer/features/launch/picker-model.ts';
import { limitsFor, validateLaunch } from '../../../renderer/features/launch/validate-launch.ts';
import { obstacleTo, relaunch } from '../../../renderer/relaunch-policy.ts';
import { busyState } from '../../helpers/fixtures/busy-state.ts';
import { fixtureInstance, fixtureJob } from '../../helpers/fixtures/parts.ts';

const state = busyState(Date.UTC(2026, 2, 3));
const slurm = state.clusters[0]!;
const demo = state.clusters.at(-1)!;
const pool = state.clusters.find((entry) => entry.cluster.id === 'pool')!;
const sweep = state.recipes.list.find((recipe) => recipe.name === 'sweep')!;
const jupyter = state.recipes.list[0]!;
const begin = (changes: Partial<LaunchValues> = {}) => ({ ...initialValues(jupyter, slurm, null), ...changes });

describe('where the form begins', () => {
  it('takes the recipe’s defaults', () => {
    expect(begin()).toMatchObject({
      clusterId: 'slurm',
      cpus: 2,
      memory: 4,
      time: 240,
      args: { interface: 'lab', kernels: 10, verbose: false },
    });
  });
  it('takes the last values, but never a secret', () => {
    const last = launchInputSchema.parse({
      clusterId: 'slurm',
      recipe: 'jupyter',
      args: { interface: 'notebook', password: 'leaked' },
      resources: { memory: 16_384, queue: 'highmem' },
    });
    const values = initialValues(jupyter, slurm, last);
    expect(values).toMatchObject({ memory: 16, queue: 'highmem', cpus: null });
    expect(values.args).toMatchObject({ interface: 'notebook', password: '' });
  });
  it('is not fooled by names of the prototype', () => {
    const odd = { ...jupyter, args: [{ name: 'constructor', description: '' }] };
    expect(initialValues(odd, slurm, { args: {} }).args.constructor).toBe('');
  });
});

describe('the launcher that automatic stands for', () => {
  it('is the cluster’s default, else the recipe’s own where it is there', () => {
    expect(effectiveLauncher({ launcher: '' }, jupyter, slurm)).toBe('slurm');
    const login = {
      ...slurm,
      cluster: { ...slurm.cluster, defaults: { ...slurm.cluster.defaults, launcher: 'login' as const } },
    };
    expect(effectiveLauncher({ launcher: '' }, jupyter, login)).toBe('login');
    const bare = { ...slurm, facts: { ...slurm.facts!, launchers: [] } };
    expect(effectiveLauncher({ launcher: '' }, jupyter, bare)).toBe('login');
    expect(effectiveLauncher({ launcher: '' }, { ...jupyter, launchers: ['htcondor'] }, slurm)).toBeNull();
  });
});

describe('what is sent', () => {
  it('leaves out what is empty, and turns GB into MiB', () => {
    const input = toInput(begin({ memory: 1.5, title: ' mine ' }), jupyter, slurm);
    expect(launchInputSchema.parse(input)).toEqual(input);
    expect(input.resources).toMatchObject({ memory: 1536, cpus: 2, time: 240 });
    expect(input.args).toEqual({ interface: 'lab', kernels: 10 });
    expect(input.title).toBe('mine');
  });
  it('asks a login node for no resources', () => {
    const asked = begin({
      launcher: 'login',
      queue: 'gpu',
      nodes: 2,
      qos: 'long',
      options: ['-x'],
      gpus: 1,
      gpuType: 'a100',
    });
    expect(toInput(asked, jupyter, slurm).resources).toEqual(resourcesSchema.parse({}));
  });
  it('leaves out what the launcher cannot be asked for', () => {
    const asked = {
      ...initialValues(sweep, pool, null),
      queue: 'pool',
      nodes: 2,
      qos: 'long',
      gpus: 1,
      gpuType: 'a100',
      options: ['rank = Memory'],
      array: '1-10',
    };
    expect(toInput({ ...asked, launcher: 'htcondor' }, sweep, pool).resources).toMatchObject({
      queue: '',
      nodes: null,
      qos: '',
      gpus: 1,
      gpuType: '',
      options: ['rank = Memory'],
      array: '1-10',
    });
    expect(toInput({ ...asked, launcher: 'slurm' }, sweep, slurm).resources).toMatchObject({
      queue: 'pool',
      nodes: 2,
      qos: 'long',
      gpuType: 'a100',
    });
    expect(toInput(begin({ array: '1-10' }), jupyter, slurm).resources.array).toBe('');
  });
  it('sends another image unless no container is wanted', () => {
    expect(toInput(begin({ image: ' /opt/x.sif ' }), jupyter, slurm)).toMatchObject({
      runtime: '',
      image: '/opt/x.sif',
    });
    expect(toInput(begin({ image: '/opt/x.sif', runtime: 'native' }), jupyter, slurm).image).toBe('');
  });
  it('shows a secret as dots in the preview', () => {
    const values = begin();
    values.args.password = 'hunter2';
    expect(toInput(values, jupyter, slurm).args.password).toBe('hunter2');
    expect(JSON.stringify(toPreview(values, jupyter, slurm))).not.toContain('hunter2');
  });
});

describe('mistakes', () => {
  const errors = (changes: Partial<LaunchValues>) => validateLaunch(begin(changes), jupyter, slurm);
  it('finds none in the defaults', () => expect(errors({})).toEqual(new Map()));
  it('says the limit and the way out', () => {
    expect(limitsFor(begin({ queue: 'normal' }), jupyter, slurm)).toEqual({
      time: 1440,
      cpus: 32,
      memory: 250,
      gpus: 0,
      nodes: 4,
    });
    expect(errors({ queue: 'normal', memory: 300 }).get('memory')).toEqual({
      message: 'No node in normal has 300 GB of memory. Ask for 250 GB or less, or use queue highmem.',
      lead: 'No node in normal has 300 GB of memory. Ask for 250 GB or less, or ',
      queue: 'highmem',
    });
    expect(errors({ queue: 'normal', gpus: 1 }).get('gpus')).toMatchObject({
      message: 'No node in normal has a GPU. Ask for none, or use queue gpu.',
      queue: 'gpu',
    });
    expect(errors({ time: 3000 }).get('time')?.message).toBe(
      'At most 24 h in normal can be asked for. Ask for 24 h or less.',
    );
    expect(errors({ cpus: 0 }).get('cpus')?.message).toMatch(/above zero/);
  });
  it('knows queues, launchers and clusters that are not there', () => {
    expect(errors({ queue: 'nope' }).get('queue')?.message).toBe(
      'slurm has no queue nope. Choose normal, gpu, highmem.',
    );
    expect(validateLaunch(begin(), { ...jupyter, launchers: ['htcondor'] }, slurm).get('launcher')?.message).toMatch(
      /runs with HTCondor/,
    );
    expect(validateLaunch(begin({ clusterId: '' }), jupyter, undefined).get('clusterId')).toBeDefined();
  });
  it('knows nodes, kinds of GPU, tasks and containers', () => {
    expect(errors({ nodes: 5 }).get('nodes')?.message).toBe('normal has 4 nodes. Ask for 4 nodes or less.');
    expect(errors({ queue: 'gpu', gpus: 1, gpuType: 'h200' }).get('gpuType')?.message).toBe(
      'No node in gpu has a GPU of type h200. Choose a100 or l40s.',
    );
    expect(errors({ queue: 'gpu', gpus: 1, gpuType: 'a100' }).size).toBe(0);
    const plain = { ...slurm, cluster: { ...slurm.cluster, site: null } };
    expect(validateLaunch(begin({ runtime: 'docker' }), jupyter, plain).get('runtime')?.message).toMatch(
      /^Docker was not found on slurm\. Found there: Apptainer/,
    );
    // The site's modules may provide it.
    expect(errors({ runtime: 'docker' }).get('runtime')).toBeUndefined();
    const tasks = (array: string, place = slurm) =>
      validateLaunch({ ...initialValues(sweep, place, null), args: { command: 'x' }, array }, sweep, place).get(
        'array',
      );
    for (const good of ['1-100', '1-100%5', '1,4,7-9', '0-20:2', '']) expect(tasks(good)).toBeUndefined();
    for (const bad of ['x', '1-', '1-5%', '%5', '1;2']) expect(tasks(bad)?.message).toMatch(/ranges/);
    expect(tasks('1-100', pool)?.message).toBe('Give a range that begins with 0, such as 0-99.');
    expect(tasks('0-99', pool)).toBeUndefined();
    const contained = { ...initialValues(sweep, slurm, null), args: { command: 'x' }, runtime: 'podman' as const };
    expect(validateLaunch(contained, sweep, slurm).get('image')?.message).toMatch(/names no image/);
  });
  it('holds a launcher without queues to the limits of its places, and offers it no other', () => {
    const asked = { ...initialValues(sweep, pool, null), args: { command: 'x' }, memory: 100, gpus: 4 };
    const found = validateLaunch(asked, sweep, pool);
    expect(found.get('memory')?.message).toBe('No node has 100 GB of memory. Ask for 62.5 GB or less.');
    expect(found.get('gpus')?.message).toBe('No node has 4 GPUs. Ask for 2 GPUs or less.');
    expect(found.get('queue')).toBeUndefined();
  });
  it('lays the site over what was detected', () => {
    const here = withSite(slurm, '')!;
    expect(queuesOf(here, 'slurm').map((entry) => [entry.name, entry.maxSeconds])).toEqual([
      ['normal', 86_400],
      ['gpu', 43_200],
      ['highmem', 86_400],
    ]);
    expect(here.cluster.defaults).toMatchObject({
      launcher: 'slurm',
      runtime: 'apptainer',
      modules: ['site-env/2026'],
    });
    expect(withSite(pool, '')).toBe(pool);
  });
  it('does not limit what a login node is not asked for', () => {
    expect(
      validateLaunch({ ...initialValues(jupyter, demo, null), memory: 9999, launcher: 'login' }, jupyter, demo).size,
    ).toBe(0);
  });
  it('checks arguments as the recipe says', () => {
    const arg: RecipeArg = { name: 'x', description: '' };
    const checkArg = (declared: RecipeArg, value: ArgValue) => {
      const recipe = { ...jupyter, args: [declared] };
      const values = { ...initialValues(recipe, slurm, null), args: { x: value } };
      return validateLaunch(values, recipe, slurm).get('args.x')?.message ?? null;
    };
    expect(checkArg({ ...arg, required: true, title: 'Folder' }, ' ')).toBe('Folder is needed.');
    expect(checkArg({ ...arg, type: 'number', min: 1, max: 5 }, 6)).toBe('Give 5 or less.');
    expect(checkArg({ ...arg, type: 'number' }, 'abc')).toBe('Give a number.');
    expect(checkArg({ ...arg, type: 'choice', choices: ['a', { value: 'b' }] }, 'b')).toBeNull();
    expect(checkArg({ ...arg, type: 'choice', choices: ['a'] }, 'c')).toBe('Choose one of the list.');
    expect(checkArg({ ...arg, pattern: '[a-z]+' }, 'abc1')).toBe('It must match [a-z]+.');
    expect(checkArg({ ...arg, pattern: '[a-z]+', help: 'Small letters only.' }, 'A')).toBe('Small letters only.');
    expect(checkArg({ ...arg, pattern: '(' }, 'A')).toBeNull();
  });
});

describe('launching again', () => {
  const input = launchInputSchema.parse({
    clusterId: 'slurm',
    recipe: 'jupyter',
    resources: { memory: 4096, time: 60, queue: 'normal' },
  });
  const app = (state: 'out-of-memory' | 'timeout' | 'failed', changes = input) =>
    fixtureInstance({ id: 'a', title: 'A', state: 'failed', job: fixtureJob({ state }), input: changes });
  it('offers more of what it ended for want of', () => {
    expect(relaunch(app('out-of-memory'), slurm)).toMatchObject({
      label: 'Relaunch with 8 GB',
      input: { resources: { memory: 8192 } },
    });
    expect(relaunch(app('timeout'), slurm)).toMatchObject({
      label: 'Relaunch with 2 h',
      input: { resources: { time: 120 } },
    });
    expect(relaunch(app('failed'), slurm)?.label).toBe('Relaunch');
  });
  it('never asks for more than a node has', () => {
    const all = { ...input, resources: { ...input.resources, memory: 256_000 } };
    expect(relaunch(app('out-of-memory', all), slurm)?.label).toBe('Relaunch');
    const most = { ...input, resources: { ...input.resources, memory: 200_000 } };
    expect(relaunch(app('out-of-memory', most), slurm)?.input.resources.memory).toBe(256_000);
  });
  it('opens the form for a secret that must be given, or a recipe or cluster that is gone', () => {
    const secret = { name: 's', description: '', type: 'secret' as const, required: true };
    expect(obstacleTo(input, jupyter, slurm)).toBeNull();
    expect(obstacleTo(input, { ...jupyter, args: [secret] }, slurm)).toBe('secret');
    // One that is not asked for with these values is in nobody's way.
    const unasked = { ...secret, when: { kind: 'b' } };
    expect(obstacleTo(input, { ...jupyter, args: [unasked] }, slurm)).toBeNull();
    expect(obstacleTo(input, undefined, slurm)).toBe('recipe-gone');
    expect(obstacleTo(input, jupyter, undefined)).toBe('cluster-gone');
  });
});

describe('a form that depends on its own values', () => {
  const recipe = {
    ...jupyter,
    args: [
      { name: 'kind', description: '', type: 'choice' as const, choices: ['a', 'b'], default: 'a' },
      { name: 'extra', description: '', when: { kind: 'b' }, required: true },
      { name: 'tag', description: '', default: 'latest' },
    ],
    resources: { cpus: { default: 2, max: 8 }, limits: [{ when: { kind: 'b' }, cpus: { max: 1 } }] },
  };
  const values = (args: Record<string, string>) => {
    const begun = initialValues(recipe, slurm, null);
    return { ...begun, args: { ...begun.args, ...args } };
  };
  it('keeps what was typed into a field that is not shown, and does not send it', () => {
    expect(toInput(values({ extra: 'typed' }), recipe, slurm).args).toEqual({ kind: 'a', tag: 'latest' });
    expect(toInput(values({ extra: 'typed', kind: 'b' }), recipe, slurm).args).toMatchObject({ extra: 'typed' });
  });
  it('marks only what is shown', () => {
    expect([...validateLaunch(values({}), recipe, slurm).keys()]).toEqual([]);
    expect([...validateLaunch(values({ kind: 'b' }), recipe, slurm).keys()]).toEqual(['cpus', 'args.extra']);
    expect(limitsFor(values({ kind: 'b' }), recipe, slurm).cpus).toBe(1);
  });
  it('sends an emptied field where that undoes a default', () => {
    expect(toInput(values({ tag: '' }), recipe, slurm).args).toEqual({ kind: 'a', tag: '' });
  });
  it('asks again where a relaunch no longer fits', () => {
    const input = (args: Record<string, string>) => launchInputSchema.parse({ clusterId: 'slurm', recipe: 'x', args });
    expect(obstacleTo(input({ kind: 'a' }), recipe, slurm)).toBeNull();
    expect(obstacleTo(input({ kind: 'c' }), recipe, slurm)).toBe('misfit');
    expect(obstacleTo(input({ kind: 'b' }), recipe, slurm)).toBe('misfit');
  });
});

describe('the picker of a path', () => {
  const entry = (name: string, kind: 'folder' | 'file' | 'other' = 'file') => ({
    name,
    kind,
    link: false,
    size: null,
    modified: null,
    mode: null,
    owner: null,
    target: null,
  });
  it('knows the way up', () => {
    expect(crumbs('/home/ada/x').map(({ path }) => path)).toEqual(['/', '/home', '/home/ada', '/home/ada/x']);
    expect([parentOf('/home'), parentOf('/'), join('/', 'a'), join('/a', 'b')]).toEqual(['/', '/', '/a', '/a/b']);
  });
  it('chooses what the field is for', () => {
    expect(chosen('/d', entry('f'), 'file')).toBe('/d/f');
    expect(chosen('/d', entry('f', 'folder'), 'file')).toBeNull();
    expect(chosen('/d', entry('f'), 'folder')).toBe('/d');
    expect(chosen('/d', entry('f'), undefined)).toBe('/d/f');
    expect(chosen('/d', entry('f', 'other'), undefined)).toBe('/d');
  });
  it('goes by arrows, pages and letters', () => {
    expect([step('ArrowDown', 2, 3, 10), step('ArrowUp', 0, 3, 10), step('PageDown', 0, 30, 10)]).toEqual([2, 0, 10]);
    expect([step('End', 0, 30, 10), step('x', 0, 3, 10), step('Home', 0, 0, 10)]).toEqual([29, null, null]);
    const list = ['alpha', 'beta', 'bravo', 'Bz'].map((name) => entry(name));
    expect([
      typeAhead(list, 0, 'b'),
      typeAhead(list, 1, 'b'),
      typeAhead(list, 1, 'br'),
      typeAhead(list, 3, 'bb'),
    ]).toEqual([1, 2, 2, 1]);
    expect(typeAhead(list, 2, 'q')).toBe(2);
  });
});
