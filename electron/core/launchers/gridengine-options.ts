import { AppError } from '../../shared/errors.ts';
import type { Resources } from '../../shared/instances.ts';

/** qsub's options and how many words follow each; what is not here may have one. */
const arity = new Map<string, number>([
  ...'-hard -soft -notify -V -h'.split(' ').map((option) => [option, 0] as const),
  ...'-a -A -ac -ar -binding -c -ckpt -dc -dl -hold_jid -hold_jid_ad -js -l -m -M -masterq -P -p -q -R -sc -v'
    .split(' ')
    .map((option) => [option, 1] as const),
  ['-pe', 2],
]);
/** Those that Tunel sets, or that would keep it from finding the job, its log or its end. */
const ours = new Set(
  '-N -o -e -i -j -wd -cwd -S -C -b -shell -r -t -tc -terse -sync -now -clear -verify -help -inherit -w -@ -u -jsv'.split(
    ' ',
  ),
);
const arraySpec = /^\d+(-\d+(:\d+)?)?(%\d+)?$/;

const refuse = (option: string, why: string): never => {
  throw new AppError('bad-input', `The scheduler option ${JSON.stringify(option)} cannot be used: ${why}.`, {
    hint: 'Write each option with its value, e.g. `-l hostname=node5`, and leave out where the job runs, its name and its output.',
  });
};

/**
 * The user's own options as words of qsub. A word that belongs to no option would be taken for the script, so it is refused.
 * @throws AppError `bad-input`
 */
export function optionWords(options: Resources['options']): string[] {
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

/** `1-100:2%5` as words of qsub; empty: no array. @throws AppError `bad-input` */
export function arrayWords(array: string): string[] {
  if (array === '') return [];
  if (!arraySpec.test(array)) {
    throw new AppError('bad-input', `"${array}" are no tasks of an array that Grid Engine knows.`, {
      hint: 'Write them as 1-100, 1-100:2 or 1-100%5 (five at a time).',
    });
  }
  const [tasks = '', atOnce] = array.split('%');
  return atOnce === undefined ? ['-t', tasks] : ['-t', tasks, '-tc', atOnce];
}
