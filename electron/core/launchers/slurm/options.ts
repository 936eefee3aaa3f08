import { AppError } from '../../../shared/errors.ts';
import type { Resources } from '../../../shared/instances.ts';

/** sbatch's options that Tunel sets or that would keep it from finding the job, its log or its end. */
const ours = [
  'array',
  'chdir',
  'clusters',
  'error',
  'get-user-env',
  'help',
  'job-name',
  'open-mode',
  'output',
  'parsable',
  'requeue',
  'test-only',
  'usage',
  'version',
  'wait',
  'wrap',
];
/** Their letters, also behind letters that take no value, as in `-Hox`. */
const oursShort = /^-[HIOQXksv]*[DJMVWaehou]/;
const arraySpec = /^\d+(-\d+(:\d+)?)?(,\d+(-\d+(:\d+)?)?)*(%\d+)?$/;

/** Names the option that may not be given, as the user wrote it; null: all fine. sbatch takes unique beginnings too. */
function refusal(option: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(option)) return 'it holds a control character';
  if (!option.startsWith('-') || option === '-' || option === '--') return 'it does not begin with a dash';
  if (option.startsWith('--')) {
    const name = option.slice(2).split('=')[0] ?? '';
    return ours.some((own) => own.startsWith(name)) ? 'Tunel sets this itself' : null;
  }
  return oursShort.test(option) ? 'Tunel sets this itself' : null;
}

/** @throws AppError `bad-input` for native options that would break a launch, and for an array that is none */
export function checkSlurmOptions({ options, array }: Pick<Resources, 'options' | 'array'>): void {
  for (const option of options) {
    const why = refusal(option);
    if (why === null) continue;
    const isArray = /^(--ar|-a)/.test(option);
    throw new AppError('bad-input', `The scheduler option ${JSON.stringify(option)} cannot be used: ${why}.`, {
      hint: isArray
        ? 'Give the tasks of an array in its own field.'
        : 'Write each option with its value as one word, e.g. --constraint=avx2, and leave out where the job runs, its name and its output.',
    });
  }
  if (array !== '' && !arraySpec.test(array)) {
    throw new AppError('bad-input', `"${array}" are no tasks of an array.`, {
      hint: 'Write them as 1-100, 1-100:2, 1,3,7 or 1-100%5 (five at a time).',
    });
  }
}
