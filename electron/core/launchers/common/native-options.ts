import { AppError } from '../../../shared/errors.ts';
import type { Resources } from '../../../shared/instances.ts';
import { type JobArray, readJobArray } from '../../../shared/job-array-policy.ts';
import type { LauncherName } from '../../../shared/kinds.ts';
import { launchError } from '../../../shared/launch-problems.ts';
import { message } from '../../../shared/messages.ts';

/** How a scheduler's submit command reads its options: `-x value`, never `-xvalue`. */
interface OptionGrammar {
  /** How many values follow each; what is not here may have one. */
  arity: ReadonlyMap<string, number>;
  /** Those that Tunel sets, or that would keep it from finding the job, its log or its end. */
  ours: ReadonlySet<string>;
  /** For the hint. */
  example: string;
}

/** `grammar({ 0: '-a -b', 1: '-c' }, '-N', '-c 1')` */
export function grammar(options: Record<number, string>, ours: string, example: string): OptionGrammar {
  const arity = new Map(
    Object.entries(options).flatMap(([count, names]) =>
      names.split(' ').map((option) => [option, Number(count)] as const),
    ),
  );
  return { arity, ours: new Set(ours.split(' ')), example };
}

/**
 * The user's own options as words. A word that belongs to no option would be taken for the script, so it is refused.
 * @throws AppError `bad-input`
 */
export function splitOptions(options: Resources['options'], { arity, ours, example }: OptionGrammar): string[] {
  const refuse = (option: string, why: string): never => {
    throw new AppError(
      'bad-input',
      message`The scheduler option ${{ option: JSON.stringify(option) }} cannot be used: ${{ why }}.`,
      {
        hint: message`Write each option with its value, e.g. \`${{ example }}\`, and leave out where the job runs, its name and its output.`,
      },
    );
  };
  const words = options.flatMap((option) => (option.startsWith('-') ? option.trim().split(/\s+/) : [option]));
  let left = 0;
  let needed = 0;
  let last = '';
  for (const word of words) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    if (/[\u0000-\u001f\u007f]/.test(word)) refuse(word, 'it holds a control character');
    if (word.startsWith('-') && needed === 0) {
      if (ours.has(word)) refuse(word, 'Tunel sets this itself');
      if (word === '-' || word === '--') refuse(word, 'it is no option');
      last = word;
      left = arity.get(word) ?? 1;
      needed = arity.get(word) ?? 0;
    } else {
      if (left === 0) refuse(word, 'it belongs to no option');
      left -= 1;
      needed = Math.max(0, needed - 1);
    }
  }
  if (needed > 0) refuse(last, 'its value is missing');
  return words;
}

/** The tasks of an array; null: no array. @throws AppError `bad-input` */
export function readArray(array: string, launcher: LauncherName): JobArray | null {
  const read = readJobArray(array, launcher);
  if (!read.ok) throw launchError(read.problem);
  return read.array;
}
