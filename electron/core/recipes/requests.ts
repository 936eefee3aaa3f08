import type { HandlersOf } from '../../shared/contract/index.ts';
import type * as contract from '../../shared/contract/recipes.ts';
import type { LaunchInput } from '../../shared/instances.ts';
import type { RecipeSummary } from '../../shared/recipes.ts';
import type { Sources } from './sources/sources.ts';

interface RecipeRequestDeps {
  sources: Sources;
  list: () => RecipeSummary[];
  /** Reads all recipe folders again. */
  reload: () => void;
  preview: (input: LaunchInput) => { script: string; submit: string; launcher: string };
  verify: (input: LaunchInput) => Promise<{ launcher: string; answer: string | null }>;
}

export function recipeRequests(deps: RecipeRequestDeps): HandlersOf<keyof typeof contract.requests> {
  const { sources, list, reload, preview, verify } = deps;
  return {
    'recipes.list': list,
    'recipes.reload': reload,
    'recipes.preview': preview,
    'recipes.verify': verify,
    'sources.review': (wanted, signal) => sources.review(wanted, signal),
    'sources.accept': ({ key }) => sources.accept(key),
    'sources.discard': ({ key }) => sources.discard(key),
    'sources.remove': ({ id }) => sources.remove(id),
  };
}
