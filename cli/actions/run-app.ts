import type { RequestOutput } from '../../electron/shared/contract/index.ts';
import { AppError } from '../../electron/shared/errors.ts';
import type { LaunchInput, Resources } from '../../electron/shared/instances.ts';
import { recipeNames, resolveLaunchInput, resolveRecipeName } from '../../electron/shared/recipe-name-policy.ts';
import type { EngineState } from '../../electron/shared/state.ts';
import { demoFor, withEngineState } from '../engine-session.ts';
import { explainPath } from '../explain-path.ts';
import { findCluster } from '../find-in-state.ts';
import { findPreset } from '../find-preset.ts';
import { followLaunch } from '../follow-launch.ts';
import type { JsonOption } from '../json-option.ts';
import { describeLaunch } from '../launch-text.ts';
import { launchValues, resourcesOf } from '../launch-values.ts';
import { printJson, printProgress, printResult } from '../output.ts';
import { parseRecipeArgs } from '../recipe-args.ts';
import type { ResourceOptions } from '../resource-options.ts';

export interface RunAppOptions extends ResourceOptions, JsonOption {
  launcher?: string;
  wait?: boolean;
  dryRun?: boolean;
  preset?: string;
  savePreset?: string;
  replace?: boolean;
}

export function runApp(
  clusterName: string,
  recipe: string,
  args: readonly string[],
  options: RunAppOptions,
): Promise<void> {
  const resources = resourcesOf(options);
  const needs = { connects: true, launches: true, ...demoFor(clusterName) };
  return withEngineState(needs, async (session) => {
    const given = { ...options, resources };
    const input = await explainPath(recipe, () => inputOf(session.state(), clusterName, recipe, args, given));
    if (options.dryRun) return printPreview(await session.request('recipes.preview', input), options);
    if (options.savePreset !== undefined) {
      const name = options.savePreset;
      await session.request('presets.save', { name, input, replace: options.replace === true });
    }
    const { id } = await session.request('instances.launch', input);
    const wanted = { wait: options.wait === true, quiet: options.json === true };
    const instance = await followLaunch(session, id, wanted);
    if (instance.error) throw AppError.revive(instance.error);
    if (options.json) printJson(instance);
    else printProgress(describeLaunch(instance));
  });
}

function printPreview(preview: RequestOutput<'recipes.preview'>, { json }: JsonOption): void {
  const { script, launcher, submit } = preview;
  if (json) printJson(preview);
  else {
    printResult(script.trimEnd());
    printProgress(`It would be submitted by ${launcher}: ${submit}`);
  }
}

function inputOf(
  state: EngineState,
  clusterName: string,
  recipe: string,
  args: readonly string[],
  options: RunAppOptions & { resources: Partial<Resources> },
): LaunchInput {
  const names = recipeNames(state.recipes);
  const asked = { recipe, launcher: '' as const, args: parseRecipeArgs(args) };
  const { launcher: spelled, ...named } = resolveLaunchInput(asked, (name) => resolveRecipeName(name, names));
  const preset = options.preset === undefined ? null : findPreset(state.presets, named.recipe, options.preset);
  const given = {
    ...named,
    clusterId: findCluster(state, clusterName).id,
    launcher: options.launcher,
    spelled,
    resources: options.resources,
    title: options.title,
  };
  return launchValues(given, preset?.input ?? null, 'tunel run-app');
}
