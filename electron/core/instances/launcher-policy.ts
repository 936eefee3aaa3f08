import type { ClusterFacts } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import { type LauncherName, launcherNames, unprovenLaunchers } from '../../shared/kinds.ts';

export interface LauncherChoice {
  /** What the user chose in the form; empty: nothing. */
  asked: LauncherName | '';
  clusterDefault: LauncherName | 'auto';
  /** Names the recipe runs with, its own first; may hold names this app does not know. */
  recipe: readonly string[];
  facts: Pick<ClusterFacts, 'launchers'> | null;
  recipeName: string;
  clusterName: string;
}

const isKnown = (name: string): name is LauncherName => (launcherNames as readonly string[]).includes(name);

/**
 * The user's choice, else the cluster's default, else the recipe's own where it was found, else the first that both
 * know, one that was not yet run for real only when nothing but the login node is left. Without facts (never connected)
 * nothing is ruled out.
 */
export function chooseLauncher(choice: LauncherChoice): LauncherName {
  const found = choice.facts?.launchers.map((launcher) => launcher.name);
  const here = (name: LauncherName): boolean => found === undefined || found.includes(name);
  const runnable = choice.recipe.filter(isKnown);
  const named = choice.asked !== '' ? choice.asked : choice.clusterDefault;
  if (choice.asked !== '') {
    if (!runnable.includes(choice.asked)) {
      throw new AppError('bad-input', `The recipe ${choice.recipeName} does not run with ${choice.asked}.`, {
        hint: runnable.length > 0 ? `Choose ${runnable.join(' or ')}.` : undefined,
      });
    }
    if (!here(choice.asked)) throw missing(choice.asked, choice, found ?? []);
    return choice.asked;
  }
  if (named !== 'auto' && isKnown(named) && runnable.includes(named) && here(named)) return named;
  const fitting = runnable.filter(here);
  const first = fitting[0];
  if (first !== undefined) {
    const proven = fitting.find((name) => name !== 'login' && !unprovenLaunchers.includes(name));
    return unprovenLaunchers.includes(first) ? (proven ?? first) : first;
  }
  if (runnable.length === 0) {
    throw new AppError('bad-input', `The recipe ${choice.recipeName} runs only with ${choice.recipe.join(', ')}.`, {
      hint: `This version knows the launchers ${launcherNames.join(' and ')}.`,
    });
  }
  throw missing(runnable[0] ?? 'login', choice, found ?? []);
}

function missing(name: LauncherName, choice: LauncherChoice, found: readonly LauncherName[]): AppError {
  const here = found.length > 0 ? `Found there: ${found.join(', ')}.` : 'No launcher was found there.';
  return new AppError('command-missing', `The launcher ${name} was not found on ${choice.clusterName}.`, {
    hint: `${here} Choose another launcher or recipe, or connect again if it was installed since.`,
  });
}
