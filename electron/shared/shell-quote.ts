import { AppError } from './errors.ts';

/**
 * One word for a POSIX shell, whatever is in it. The only place where text becomes shell source.
 * NUL cannot be in an argument: it throws `bad-input`, as silently losing it would change the word.
 */
export function quote(word: string): string {
  if (word.includes('\0')) throw new AppError('bad-input', 'Text for the cluster cannot hold a NUL character.');
  if (/^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+:,./=-]*$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A command line of separate words. */
export function quoteAll(words: readonly string[]): string {
  return words.map(quote).join(' ');
}
