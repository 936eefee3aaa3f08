import type { Command } from 'commander';
import { candidatesFor } from './candidates.ts';
import { readLiveValues } from './live-values.ts';

/** Stands for the files that the shell itself lists. */
const filesLine = ':files';

/** Prints a line for each word that the last one can become: the word, a tab, and what it is. */
export async function completeCommandLine(program: Command, words: readonly string[]): Promise<void> {
  const { choices, files } = candidatesFor(program, words, await readLiveValues());
  const lines = choices.map(({ value, description }) => `${value}\t${firstLine(description)}`);
  for (const line of [...lines, ...(files ? [filesLine] : [])]) process.stdout.write(`${line}\n`);
}

const firstLine = (text: string): string => text.replaceAll(/\s+/g, ' ').slice(0, 200);
