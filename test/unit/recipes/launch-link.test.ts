import { describe, expect, test } from 'vitest';
import { launchInputSchema } from '../../../electron/shared/instances.ts';
import { fillFromLink, launchLink, linkAmong, parseLaunchLink } from '../../../electron/shared/launch-link.ts';
import type { RecipeSummary } from '../../../electron/shared/recipes.ts';
import { initialValues, toInput } from '../../../renderer/features/launch/launch-values.ts';
import { busyState } from '../../helpers/fixtures/busy-state.ts';

const state = busyState(0);
const jupyter: RecipeSummary = state.recipes.list.find(({ name }) => name === 'jupyter')!;
const known = { recipes: state.recipes.list, clusters: state.clusters };
const open = (query: string) => fillFromLink(parseLaunchLink(`tunel://launch?${query}`), known);

describe('a launch link', () => {
  test('fills a form', () => {
    const { recipe, from, filled } = open(
      'recipe=jupyter&cluster=slurm&arg.interface=notebook&arg.kernels=5&arg.verbose=yes&cpus=4&memory=&queue=gpu&module=gcc%2F14.2&module=R%2F4.5&title=Mine+all',
    );
    expect(recipe.name).toBe('jupyter');
    expect(from).toMatchObject({
      clusterId: 'slurm',
      args: { interface: 'notebook', kernels: 5, verbose: true },
      modules: ['gcc/14.2', 'R/4.5'],
      title: 'Mine all',
    });
    expect(from.resources).toMatchObject({ cpus: 4, memory: null, time: 240, queue: 'gpu' });
    expect(filled).toEqual([
      'Cluster',
      'Cpus',
      'Memory',
      'Queue',
      'Title',
      'Modules',
      'Interface',
      'Kernels at most',
      'Verbose log',
    ]);
  });
  test('takes a cluster by its id before one by that name, and no cluster at all', () => {
    expect(open('recipe=jupyter&cluster=pool').from.clusterId).toBe('pool');
    expect(open('recipe=jupyter').from.clusterId).toBeUndefined();
    expect(open('recipe=jupyter').from.resources).toBeUndefined();
  });
  test.each([
    ['tunel://launch?recipe=jupyter&colour=red', 'it has “colour”, which no launch form has'],
    ['tunel://launch?recipe=jupyter&recipe=hello', 'it has “recipe” twice'],
    ['tunel://launch?recipe=jupyter&arg.interface=lab&arg.interface=lab', 'it has “arg.interface” twice'],
    ['tunel://launch?recipe=jupyter&options=--wrap', 'scheduler options, which are never taken'],
    ['tunel://launch?recipe=jupyter&title=a%00b', 'characters that no field takes'],
    ['tunel://launch?recipe=jupyter&arg.x=a%0Ab', 'characters that no field takes'],
    ['tunel://launch?recipe=jupyter&title=%E2%80%AEevil', 'characters that no field takes'],
    ['tunel://launch?recipe=jupyter&title=%ff', 'characters that no field takes'],
    ['tunel://run?recipe=jupyter', 'a link only fills a launch form'],
    ['tunel://launch/now?recipe=jupyter', 'a link only fills a launch form'],
    ['tunel:launch?recipe=jupyter', 'it does not begin with tunel://'],
    ['tunel://user:pw@launch?recipe=jupyter', 'a link only fills a launch form'],
    ['tunel://launch?recipe=jupyter#run', 'has a # in it'],
    ['https://launch?recipe=jupyter', 'it does not begin with tunel://'],
    [`tunel://launch?recipe=jupyter&title=${'x'.repeat(9000)}`, 'it is longer than 8192'],
    [`tunel://launch?recipe=jupyter${'&module=a'.repeat(200)}`, 'more than 150 values'],
    ['tunel://launch', 'it names no recipe'],
    ['tunel://launch?recipe=jupyter&arg.password=hunter2', 'Password is a secret'],
    ['tunel://launch?recipe=jupyter&arg.nothing=1', 'has no field “nothing”'],
    ['tunel://launch?recipe=jupyter&arg.constructor=1', 'has no field “constructor”'],
    ['tunel://launch?recipe=jupyter&arg.verbose=perhaps', 'neither true nor false'],
    ['tunel://launch?recipe=jupyter&cpus=-1', '“cpus” is no whole number'],
    ['tunel://launch?recipe=jupyter&cpus=1e3', '“cpus” is no whole number'],
    ['tunel://launch?recipe=jupyter&launcher=cloud', 'there is no launcher “cloud”'],
    [`tunel://launch?recipe=jupyter&title=${'x'.repeat(101)}`, '“title” is longer than 100'],
    ['tunel://launch?recipe=gone', 'asks for the recipe “gone”, which is not here'],
    ['tunel://launch?recipe=jupyter&cluster=gone', 'asks for the cluster “gone”, which you do not have'],
    ['tunel://launch?recipe=jupyte', 'asks for the recipe “jupyte”'],
  ])('is refused: %.60s', (url, words) => {
    expect(() => fillFromLink(parseLaunchLink(url), known)).toThrow(words);
  });
  test('what a stranger wrote is quoted short and without control characters', () => {
    expect(() => open(`recipe=${'x'.repeat(500)}`)).toThrow(/^.{0,140}$/);
    expect(() => open('%1B%5B2Jx=1&recipe=jupyter')).toThrow('“?[2Jx”');
  });
  test('a hundred thousand characters are refused for their number, before anything in them is read', () => {
    expect(() => parseLaunchLink(`tunel://launch?${'a&'.repeat(50_000)}`)).toThrow('it is longer than');
    expect(() => parseLaunchLink(`http://${'a&'.repeat(50_000)}`)).toThrow('it is longer than');
  });
});

describe('a copied link', () => {
  const slurm = state.clusters[0]!;
  test('fills the same form again, without secrets and scheduler options', () => {
    const values = {
      ...initialValues(jupyter, slurm, null),
      time: null,
      memory: 1.5,
      queue: 'gpu',
      modules: ['a/1', 'b,2'],
      options: ['--reservation=mine'],
      workDirectory: '~/my work & more',
      title: 'Ünïcode + 100%',
      args: { interface: 'notebook', kernels: 3, verbose: true, workdir: '/a b', password: 'hunter2' },
    };
    const input = toInput(values, jupyter, slurm);
    const link = launchLink(input, jupyter, 'slurm');
    expect(link).not.toMatch(/hunter2|reservation/);
    const { from } = fillFromLink(parseLaunchLink(link), known);
    const again = toInput(initialValues(jupyter, slurm, from), jupyter, slurm);
    const { password: _, ...args } = input.args;
    expect(again).toEqual({ ...input, args, resources: { ...input.resources, options: [] } });
  });
  test('is not made of what no link can hold', () => {
    const input = launchInputSchema.parse({ clusterId: 'slurm', recipe: 'jupyter', args: { workdir: 'a\nb' } });
    expect(() => launchLink(input, jupyter, 'slurm')).toThrow('A link cannot hold the value of “arg.workdir”');
  });
});

test('the link among a program’s words', () => {
  expect(linkAmong(['--no-sandbox', '.', 'tunel://launch?a', 'TUNEL://launch?b'])).toBe('TUNEL://launch?b');
  expect(linkAmong(['--x=tunel://launch', 'https://x'])).toBeNull();
});
