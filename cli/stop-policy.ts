import { AppError } from '../electron/shared/errors.ts';
import type { Instance } from '../electron/shared/instances.ts';
import { message } from '../electron/shared/messages.ts';
import { UsageError } from './usage-error.ts';

type Job = Pick<Instance, 'id' | 'title' | 'recipe' | 'job'>;

/**
 * Which of a cluster's running jobs were named: each name is the beginning of an id, a title, a recipe (also as Tunel
 * names its jobs, `slurm-jupyter`), or the scheduler's number.
 * @throws AppError `not-found` for a name that fits none, `bad-input` where nothing was named
 */
export function chooseJobs<J extends Job>(
  running: readonly J[],
  names: readonly string[],
  all: boolean,
  cluster: string,
): J[] {
  const see = { hint: 'See them with: tunel ps' };
  if (all && names.length > 0) throw new UsageError('Either names or --all, not both.');
  if (all && running.length === 0)
    throw new AppError('not-found', message`Nothing of yours runs on ${{ cluster }}.`, see);
  if (all) return [...running];
  if (names.length === 0) {
    throw new UsageError('Which one is to be ended?', {
      hint: 'Name it by its id (tunel ps), or add --all.',
    });
  }
  const chosen = names.flatMap((name) => {
    const found = running.filter((job) => fits(job, name));
    if (found.length === 0)
      throw new AppError('not-found', message`Nothing of “${{ name }}” runs on ${{ cluster }}.`, see);
    return found;
  });
  return [...new Set(chosen)];
}

function fits({ id, title, recipe, job }: Job, name: string): boolean {
  const last = recipe.split('/').at(-1) ?? recipe;
  const names = [title, recipe, recipe.replaceAll('/', '-'), `slurm-${last}`, `htcondor-${last}`, `condor-${last}`];
  return names.includes(name) || job?.id === name || (name.length >= 4 && id.startsWith(name));
}
