import { oneLine } from '../../../electron/shared/one-line.ts';

const MAX_PROGRAM_TITLE = 120;

/** A name that no other tab has: "hpc", then "hpc 2". */
export function uniqueTitle(title: string, taken: readonly string[]): string {
  let unique = title;
  for (let number = 2; taken.includes(unique); number += 1) unique = `${title} ${number}`;
  return unique;
}

/** What a program asks to be shown as its title, as text that changes nothing around it. */
export const programTitle = (text: string): string => oneLine(text).trim().slice(0, MAX_PROGRAM_TITLE);
