import { recipeFileSchema } from '../../shared/recipes.ts';
import { summarize } from './summarize.ts';
import type { Recipe } from './types.ts';

/**
 * The recipe that runs a script of the user's own as a batch job. It is in no list: its one argument is the script. No
 * folder can have its name, since those with a dot are not looked into.
 */
export const scriptRecipeName = '.script';

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
