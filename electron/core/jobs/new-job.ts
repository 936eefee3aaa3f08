import type { ParsedInput } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { type LaunchInput, launchInputSchema } from '../../shared/instances.ts';
import type { Job } from '../../shared/jobs.ts';
import { message } from '../../shared/messages.ts';
import { scriptRecipeName } from '../../shared/script-recipe-name.ts';
import type { JobRecord } from '../storage/job-record.ts';

export type CreateInput = Omit<ParsedInput<'jobs.create'>, 'key'>;

/** What a job's instance is launched with: as much of it as says what the job is. */
type Submitted = Pick<JobRecord, 'clusterId' | 'name' | 'launcher' | 'runDirectory' | 'resources' | 'modules'> &
  Pick<Job, 'values'> & { script: string };

/** A job's recipe, or the one that runs the user's own script. */
export function launchInputOf(job: Omit<Submitted, 'launcher'> & { launcher: LaunchInput['launcher'] }): LaunchInput {
  const { clusterId, name, launcher, runDirectory, resources, modules, values, script } = job;
  const from = values ?? { recipe: scriptRecipeName, args: { script } };
  return launchInputSchema.parse({
    clusterId,
    ...from,
    launcher,
    resources,
    modules,
    workDirectory: runDirectory,
    title: name,
  });
}

/** What a script that is no job yet would be launched with. */
export const checkInputOf = ({ script, ...input }: ParsedInput<'jobs.check'>): LaunchInput =>
  launchInputSchema.parse({ ...input, recipe: scriptRecipeName, args: { script } });

/** Either a script or a recipe. @throws AppError `bad-input` */
export function checkSource({ script, recipe, args }: CreateInput): void {
  if (script === undefined && recipe === undefined) {
    throw new AppError('bad-input', 'A job needs a script or a recipe.', { hint: 'Give one of both.' });
  }
  if (script !== undefined && (recipe !== undefined || Object.keys(args).length > 0)) {
    throw new AppError('bad-input', 'A job has either a script or a recipe with its values.', {
      hint: 'Give one of both; the script of a recipe can be changed afterwards.',
    });
  }
  if (script !== undefined) checkScript(script);
}

/** @throws AppError `bad-input` for text that no shell runs */
export function checkScript(script: string): void {
  if (script.trim() === '') throw new AppError('bad-input', 'The script is empty.');
  if (script.includes('\0')) throw new AppError('bad-input', 'The script has a NUL character, so it is no text.');
  if (/\r$/m.test(script)) {
    throw new AppError('bad-input', 'The script has the line ends of Windows, with which no shell runs it.', {
      hint: 'Convert them, for example with dos2unix.',
    });
  }
}

/** @throws AppError `key-reused` where the key belongs to another input */
export function checkSameInput({ inputHash, name }: JobRecord, hash: string): void {
  if (inputHash === hash) return;
  throw new AppError('key-reused', message`The key was used for another job, ${{ name }}.`, {
    hint: 'Use a new key for each job; the same key repeats the same request.',
  });
}
