import type { LaunchProblem, OptionRefusal } from './launch-problems.ts';

/** sbatch's options that Tunel sets, or that would keep it from finding the job, its log or its end. */
const setByTunel = [
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
const setByTunelShort = /^-[HIOQXksv]*[DJMVWaehou]/;

/** Why an option may not be given; null: it may. sbatch accepts unique beginnings of an option too. */
function refusalOf(option: string): OptionRefusal | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(option)) return 'control-character';
  if (!option.startsWith('-') || option === '-' || option === '--') return 'no-dash';
  const name = option.startsWith('--') ? (option.slice(2).split('=')[0] ?? '') : null;
  const isSet = name === null ? setByTunelShort.test(option) : setByTunel.some((own) => own.startsWith(name));
  if (!isSet) return null;
  return /^(--ar|-a)/.test(option) ? 'array-has-a-field' : 'set-by-tunel';
}

/** Options of the user's that would break a launch. */
export function slurmOptionProblems(options: readonly string[]): LaunchProblem[] {
  return options.flatMap((option): LaunchProblem[] => {
    const reason = refusalOf(option);
    return reason === null ? [] : [{ code: 'option-refused', field: 'options', values: { option, reason } }];
  });
}
