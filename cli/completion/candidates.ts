import type { Command, Option } from 'commander';
import { type Choice, type LiveValues, valueKinds } from './live-values.ts';

/** What the last word of a command line can become. */
export interface Candidates {
  choices: Choice[];
  /** Files of this computer as well, which the shell itself lists. */
  files: boolean;
}

const fileKinds = new Set(['file', 'script', 'path', 'dir', 'outdir', 'profile', 'socket']);

/**
 * Reads a command line that may not be complete as commander would, by the declarations of `program`.
 * @param words those after the program's name, the last one as far as it is typed
 */
export function candidatesFor(program: Command, words: readonly string[], values: LiveValues): Candidates {
  const current = words.at(-1) ?? '';
  const { command, operands, pending, isLiteral } = readWords(program, words.slice(0, -1));
  if (pending) return withPrefix(current, '', ofOption(pending, values));
  if (isLiteral || !current.startsWith('-')) {
    const argument =
      command.registeredArguments[operands] ?? command.registeredArguments.findLast((each) => each.variadic);
    const own = argument ? ofValue(argument.name(), argument.argChoices, values) : nothing;
    const below = operands === 0 && !isLiteral ? commandsOf(command) : [];
    return withPrefix(current, '', { ...own, choices: [...below, ...own.choices] });
  }
  const [, flag = '', value] = /^(--[^=]+=)(.*)$/s.exec(current) ?? [];
  if (value === undefined) return withPrefix(current, '', { choices: optionsOf(command), files: false });
  const option = findOption(command, flag.slice(0, -1));
  return withPrefix(value, flag, option ? ofOption(option, values) : nothing);
}

interface Reading {
  command: Command;
  /** How many words were arguments of the command. */
  operands: number;
  /** An option that waits for its value. */
  pending: Option | null;
  /** After `--` nothing is an option. */
  isLiteral: boolean;
}

function readWords(program: Command, words: readonly string[]): Reading {
  const reading: Reading = { command: program, operands: 0, pending: null, isLiteral: false };
  for (const word of words) {
    if (reading.pending) reading.pending = null;
    else if (reading.isLiteral) reading.operands += 1;
    else if (word === '--') reading.isLiteral = true;
    else if (word.startsWith('-') && word !== '-') {
      const option = findOption(reading.command, word);
      if (option?.required) reading.pending = option;
    } else {
      const below = reading.operands === 0 ? findCommand(reading.command, word) : undefined;
      if (below) reading.command = below;
      else reading.operands += 1;
    }
  }
  return reading;
}

const findCommand = (command: Command, word: string): Command | undefined =>
  command.commands.find((each) => each.name() === word || each.aliases().includes(word));

const findOption = (command: Command, flag: string): Option | undefined =>
  command.options.find(({ long, short }) => flag === long || flag === short);

const nothing: Candidates = { choices: [], files: false };

/** By what the declaration calls its value, e.g. `cluster` of `--cluster <cluster>`. */
const ofOption = ({ flags, argChoices }: Option, values: LiveValues): Candidates =>
  ofValue(/[<[]([^>\].]+)/.exec(flags)?.[1] ?? '', argChoices, values);

function ofValue(placeholder: string, declared: readonly string[] | undefined, values: LiveValues): Candidates {
  const kind = valueKinds.find((each) => each === placeholder);
  const choices = declared?.map((value) => ({ value, description: '' })) ?? (kind ? values[kind] : []);
  return { choices, files: fileKinds.has(placeholder) };
}

const commandsOf = (command: Command): Choice[] =>
  command.commands.map((each) => ({ value: each.name(), description: each.description() }));

const optionsOf = (command: Command): Choice[] =>
  command.options.flatMap(({ long, description, hidden }) => (long && !hidden ? [{ value: long, description }] : []));

/** Those that begin with what is typed, with what stands before it in the same word. */
const withPrefix = (typed: string, before: string, { choices, files }: Candidates): Candidates => ({
  choices: choices
    .filter(({ value }) => value.startsWith(typed))
    .map(({ value, description }) => ({ value: `${before}${value}`, description })),
  files,
});
