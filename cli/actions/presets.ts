import type { Preset } from '../../electron/shared/presets.ts';
import { recipeNames, resolveRecipeName } from '../../electron/shared/recipe-name-policy.ts';
import type { EngineState } from '../../electron/shared/state.ts';
import { withEngineState } from '../engine-session.ts';
import { findPreset } from '../find-preset.ts';
import type { JsonOption } from '../json-option.ts';
import { printDone, printJson, printTable } from '../output.ts';

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

export function removePreset(recipe: string, name: string, options: JsonOption): Promise<void> {
  return withEngineState({}, async ({ state, request }) => {
    const { id, input } = presetOf(state(), recipe, name);
    await request('presets.remove', { id });
    printDone(options, { id }, `The preset ${name} of ${input.recipe} is removed.`);
  });
}

export function renamePreset(recipe: string, name: string, newName: string, options: JsonOption): Promise<void> {
  return withEngineState({}, async ({ state, request }) => {
    const { id, input } = presetOf(state(), recipe, name);
    await request('presets.rename', { id, name: newName });
    printDone(options, { id, name: newName }, `The preset ${name} of ${input.recipe} is now ${newName}.`);
  });
}

/** A preset outlives its recipe. @throws AppError `not-found` */
function presetOf({ presets, recipes }: EngineState, recipe: string, name: string): Preset {
  const names = [...new Set([...recipeNames(recipes), ...presets.map(({ input }) => input.recipe)])];
  return findPreset(presets, resolveRecipeName(recipe, names).name, name);
}
