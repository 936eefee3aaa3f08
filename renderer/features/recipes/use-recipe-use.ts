import { useEffect, useState } from 'react';
import type { RecipeUse } from '../../../electron/shared/contract/history.ts';
import { invoke } from '../../bridge.ts';
import { useStore } from '../../store.ts';

const none: ReadonlyMap<string, RecipeUse> = new Map();

/** How often each recipe was launched from this computer; read again when an app is launched or removed. */
export function useRecipeUse(): ReadonlyMap<string, RecipeUse> {
  const [use, setUse] = useState(none);
  const launched = useStore((state) => state.instances.length);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a launch changes the answer
  useEffect(() => {
    const shown = new AbortController();
    // Without an answer the recipes keep the order of the library.
    invoke('history.recipeUse', undefined, shown.signal).then(
      ({ recipes }) => setUse(new Map(recipes.map((entry) => [entry.recipe, entry]))),
      () => undefined,
    );
    return () => shown.abort();
  }, [launched]);
  return use;
}
