import { recipeNames, resolveRecipeName } from '../../electron/shared/recipe-name-policy.ts';
import { withEngineState } from '../engine-session.ts';
import { findPreset } from '../find-preset.ts';
import type { JsonOption } from '../json-option.ts';
import { printJson, printProgress, printTable } from '../output.ts';

export function listPresets({ json }: JsonOption): Promise<void> {
  return withEngineState({}, async ({ state }) => {
    const { presets, clusters } = state();
    if (json) return printJson(presets);
    const clusterOf = (id: string) => clusters.find(({ cluster }) => cluster.id === id)?.cluster.name ?? '';
    printTable(
      ['RECIPE', 'NAME', 'CLUSTER', 'VALUES'],
      presets.map(({ name, input }) => [
        input.recipe,
        name,
        clusterOf(input.clusterId),
        Object.entries(input.args)
          .map(([arg, value]) => `--${arg}=${value}`)
          .join(' '),
      ]),
    );
  });
}

export function removePreset(recipe: string, name: string): Promise<void> {
  return withEngineState({}, async ({ state, request }) => {
    const { presets, recipes } = state();
    // A preset outlives its recipe.
    const names = [...new Set([...recipeNames(recipes), ...presets.map(({ input }) => input.recipe)])];
    const found = findPreset(presets, resolveRecipeName(recipe, names).name, name);
    await request('presets.remove', { id: found.id });
    printProgress(`The preset ${name} of ${found.input.recipe} is removed.`);
  });
}
