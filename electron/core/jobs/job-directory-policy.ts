import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import { INPUTS_FILE } from '../instances/job-inputs.ts';
import { absolutePath } from '../instances/plan.ts';

/** The folder in the work directory that holds the directories of all jobs. */
export const JOBS_FOLDER = 'tunel-jobs';

/** Files of ours in a job's directory: they are written anew, so nobody else writes them. */
const ownFiles: readonly string[] = ['job.json', 'job.log', INPUTS_FILE];

/** A name as a part of a path: letters of ASCII, digits and hyphens. */
export function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
  return slug || 'job';
}

/** @param workDirectory as the user gave it; empty: the home directory */
export function jobDirectory(workDirectory: string, home: string, { id, name }: { id: string; name: string }): string {
  return `${absolutePath(workDirectory, home).replace(/\/+$/, '')}/${JOBS_FOLDER}/${slugOf(name)}-${id}`;
}

/** @throws AppError `conflict` for a file that only we write */
export function checkWritable(path: string): void {
  if (!ownFiles.includes(path)) return;
  throw new AppError('conflict', message`${{ path }} is written by Tunel.`, { hint: 'Use another name.' });
}

/** @throws AppError `bad-input` for a result that would take the name of what each job has of its own */
export function checkResult(path: string): void {
  const first = path.split('/', 1)[0] ?? '';
  if (!['script.sh', ...ownFiles].includes(first) && !first.startsWith('.new-')) return;
  throw new AppError('bad-input', message`${{ path }} is no result: each job has its own.`, {
    hint: 'Leave it out of the results.',
  });
}
