import { describe, expect, it } from 'vitest';
import type { RecipeUse } from '../../../electron/shared/contract/history.ts';
import { groupRecipes } from '../../../renderer/features/recipes/group-recipes.ts';
import { alternativeFor, describeMisfit } from '../../../renderer/features/recipes/recipe-fit.ts';
import { preferredCluster } from '../../../renderer/preferred-cluster.ts';
import { describeUse } from '../../../renderer/text/use.ts';
import { busyState } from '../../helpers/fixtures/busy-state.ts';

const now = new Date(2026, 2, 3, 12, 0, 0).getTime();
const day = 86_400_000;
const state = busyState(now);
const recipe = (name: string) => state.recipes.list.find((entry) => entry.name === name)!;
const cluster = (id: string) => state.clusters.find((entry) => entry.cluster.id === id)!;

describe('the order of recipes', () => {
  const use = new Map<string, RecipeUse>(
    [
      { recipe: 'flask', times: 2, lastAt: now - day },
      { recipe: 'hello', times: 2, lastAt: now },
      { recipe: 'django', times: 9, lastAt: now - 40 * day },
    ].map((entry) => [entry.recipe, entry]),
  );
  const names = (list: readonly { name: string }[]) => list.map(({ name }) => name);

  it('is by use, then by the last use, then the library’s own; favourites come first', () => {
    const groups = groupRecipes(state.recipes.list, { favourites: ['jupyter'], use, cluster: undefined });
    expect(names(groups.favourites)).toEqual(['jupyter']);
    expect(names(groups.others)).toEqual(['django', 'hello', 'flask', 'sweep', 'spectra', 'beamline']);
    expect(groups.misfits).toEqual([]);
  });

  it('ends with those that the cluster cannot run, favourites too, each with the reason', () => {
    const groups = groupRecipes(state.recipes.list, { favourites: ['spectra'], use, cluster: cluster('slurm') });
    expect(groups.favourites).toEqual([]);
    expect(groups.misfits).toMatchObject([
      { recipe: { name: 'spectra' }, reason: 'Needs HTCondor; slurm has Slurm.' },
      { recipe: { name: 'beamline' }, reason: 'Needs PBS; slurm has Slurm.' },
    ]);
  });
});

describe('whether a cluster can run a recipe', () => {
  it('rules nothing out before it was connected', () => {
    expect(describeMisfit(recipe('spectra'), cluster('demo'))).toBeNull();
  });
  it('names what is needed and what there is', () => {
    const slurm = cluster('slurm');
    const bare = { ...slurm, facts: { ...slurm.facts!, launchers: slurm.facts!.launchers.slice(0, 1) } };
    expect(describeMisfit(recipe('sweep'), bare)).toBe(
      'Needs Slurm, HTCondor, Grid Engine, PBS or LSF; slurm has no scheduler.',
    );
    expect(describeMisfit(recipe('hello'), bare)).toBeNull();
  });
  it('offers another cluster that is known to run it', () => {
    expect(alternativeFor(recipe('spectra'), cluster('slurm'), state.clusters)?.cluster.id).toBe('pool');
    expect(alternativeFor(recipe('beamline'), cluster('slurm'), state.clusters)).toBeUndefined();
  });
});

it('says how often a recipe was used, and when last', () => {
  const used = (times: number, ago: number) => describeUse({ recipe: 'a', times, lastAt: now - ago }, now);
  expect(used(41, 0)).toBe('used 41 times, today');
  expect(used(1, day)).toBe('used once, yesterday');
  expect(used(2, 3 * day)).toBe('used twice, Saturday');
  expect(used(3, 40 * day)).toBe('used 3 times, 22 January');
  expect(describeUse(undefined, now)).toBe('');
});

describe('the cluster that pages begin with', () => {
  const clusters = [cluster('demo'), cluster('slurm'), cluster('pool')];
  const [app] = state.instances;
  it('is the one chosen last, else that of the newest app, else a connected one', () => {
    const instances = [
      { ...app!, clusterId: 'pool', createdAt: 2 },
      { ...app!, clusterId: 'gone', createdAt: 3 },
    ];
    expect(preferredCluster({ clusters, instances }, 'demo')).toBe('demo');
    expect(preferredCluster({ clusters, instances }, 'gone')).toBe('pool');
    expect(preferredCluster({ clusters, instances: [] }, null)).toBe('slurm');
    expect(preferredCluster({ clusters: [], instances: [] }, null)).toBe('');
  });
});
