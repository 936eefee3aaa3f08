import { AppError } from './errors.ts';
import type { LaunchInput } from './instances.ts';
import { type LauncherName, launcherNames, type RuntimeName } from './kinds.ts';
import { launcherOf } from './legacy-launcher-names.ts';
import { message } from './messages.ts';
import { ownValue } from './own-value.ts';

export interface ResolvedRecipe {
  name: string;
  /** Of the legacy spelling (`slurm/socket/jupyter` for our `jupyter`); null: the recipe was named by its own name. */
  legacy: { launcher: LauncherName | '' } | null;
}

/** Names of all recipes there are, also of those with errors. */
export function recipeNames(recipes: {
  list: readonly { name: string }[];
  problems: readonly { recipe: string }[];
}): string[] {
  const broken = recipes.problems.map(({ recipe }) => recipe).filter((name) => name !== '');
  return [...new Set([...recipes.list.map(({ name }) => name), ...broken])];
}

/**
 * Which recipe a name means, for every command and request: the exact name, else the one name that contains it, else the
 * legacy spelling, of which the last part is a name of ours. `names` includes recipes with errors: a name never starts
 * another recipe because its own cannot be read.
 * @throws AppError `conflict` naming all that fit, `not-found` naming what there is
 */
export function resolveRecipeName(asked: string, names: readonly string[]): ResolvedRecipe {
  if (names.includes(asked)) return { name: asked, legacy: null };
  const partly = asked === '' ? [] : names.filter((name) => name.includes(asked));
  if (partly.length === 1 && partly[0]) return { name: partly[0], legacy: null };
  if (partly.length > 1) {
    partly.sort();
    throw new AppError('conflict', message`“${{ name: asked }}” fits ${{ count: partly.length }} recipes.`, {
      hint: message`Name one of: ${{ recipes: partly.join(', ') }}.`,
    });
  }
  const parts = asked.split('/');
  const last = parts.at(-1) ?? '';
  if (parts.length > 1 && names.includes(last)) {
    return { name: last, legacy: { launcher: parseLauncherName(parts[0] ?? '').launcher } };
  }
  throw new AppError('not-found', message`There is no recipe “${{ name: asked }}”.`, {
    hint: message`There are: ${{ recipes: [...names].sort().join(', ') || 'none' }}.`,
  });
}

/**
 * A launch as it was asked for, with the recipe's own name. The legacy spelling also says the launcher, unless another one
 * is given, and its arguments are understood. @throws AppError as `resolveRecipeName`
 */
export function resolveLaunchInput<I extends Pick<LaunchInput, 'recipe' | 'launcher' | 'args'>>(
  input: I,
  resolve: (asked: string) => ResolvedRecipe,
): I {
  const { name, legacy } = resolve(input.recipe);
  if (legacy === null) return name === input.recipe ? input : { ...input, recipe: name };
  const args = name === 'jupyter' ? jupyterArgs(input.args) : input.args;
  return { ...input, recipe: name, launcher: input.launcher || legacy.launcher, args };
}

const runtimes: Record<string, RuntimeName> = { singularity: 'apptainer', docker: 'docker', podman: 'podman' };

/** A launcher by our name or its legacy one: of `singularity`, `docker` and `podman` the runtime remembers which it was. */
export function parseLauncherName(name: string): { launcher: LauncherName | ''; runtime: RuntimeName | '' } {
  const launcher = launcherNames.find((known) => known === launcherOf(name)) ?? '';
  return { launcher, runtime: ownValue(runtimes, name) ?? '' };
}

/** The legacy jupyter asks for Lab with `--jupyterlab=true`. */
function jupyterArgs({ jupyterlab, ...args }: LaunchInput['args']): LaunchInput['args'] {
  if (jupyterlab === undefined || 'interface' in args) return args;
  const lab = jupyterlab === true || /^(true|yes|1|lab)$/i.test(String(jupyterlab));
  return { ...args, interface: lab ? 'lab' : 'notebook' };
}
