import { recipeFileSchema } from '../../shared/recipes.ts';
import { scriptRecipeName } from '../../shared/script-recipe-name.ts';
import { summarize } from './summarize.ts';
import type { Recipe } from './types.ts';

/** In Tunel's form, so that the script's own `#SBATCH` lines count. */
const file = recipeFileSchema.parse({
  launcher: 'slurm',
  launchers_supported: ['htcondor', 'gridengine', 'pbs', 'lsf', 'login'],
  script: 'script.sh',
  description: 'Runs a script of your own as a batch job.',
  args: [{ name: 'script', description: 'The text of the script.', required: true }],
});
const template = '{{ args.script }}';

export const scriptRecipe: Recipe = {
  summary: summarize(scriptRecipeName, file, 'shipped', template),
  file,
  directory: '',
  template,
  files: new Map(),
};
