import type { HandlersOf } from '../../shared/contract/index.ts';
import type * as contract from '../../shared/contract/recipes.ts';
import type { LaunchInput } from '../../shared/instances.ts';
import type { RecipeSummary } from '../../shared/recipes.ts';
import type { Verdict } from '../launchers/common/launcher.ts';
import type { Sources } from './sources/sources.ts';

interface RecipeRequestDeps {
  sources: Sources;
  list: () => RecipeSummary[];
  /** Reads all recipe folders again. */
  reload: () => void;
  preview: (input: LaunchInput) => { script: string; submit: string; launcher: string };
  verify: (input: LaunchInput, signal: AbortSignal) => Promise<{ launcher: string; verdict: Verdict | null }>;
}

export function recipeRequests(deps: RecipeRequestDeps): HandlersOf<keyof typeof contract.requests> {
  const { sources, list, reload, preview, verify } = deps;
  return {
    'recipes.list': list,
    'recipes.reload': reload,
    'recipes.preview': preview,
    async 'recipes.verify'(input, signal) {
      const { launcher, verdict } = await verify(input, signal);
      return { launcher, answer: verdict?.text ?? null };
    },
    'sources.review': (wanted, signal) => sources.review(wanted, signal),
    'sources.accept': ({ key }) => sources.accept(key),
    'sources.discard': ({ key }) => sources.discard(key),
    'sources.remove': ({ id }) => sources.remove(id),
  };
}
