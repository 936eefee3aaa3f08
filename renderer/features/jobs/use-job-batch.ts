import type { Job } from '../../../electron/shared/jobs.ts';
import type { RecipeBatch } from '../../../electron/shared/recipes.ts';
import { useStore } from '../../store.ts';

/** What its recipe says of its files; null: nothing, or the recipe is gone. */
export function useJobBatch(job: Pick<Job, 'values'> | undefined): RecipeBatch | null {
  const recipe = job?.values?.recipe;
  return useStore((state) => state.recipes.list.find(({ name }) => name === recipe)?.batch ?? null);
}
