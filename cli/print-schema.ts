import type { Command } from 'commander';
import { nameOf, printsJson } from './general-options.ts';
import { printJson } from './output.ts';

/** The command of a command line that asks for its schema, whatever else is missing there; null: none is asked for. */
export function findSchemaCommand(program: Command, argv: readonly string[]): Command | null {
  const end = argv.indexOf('--');
  const own = end < 0 ? argv : argv.slice(0, end);
  if (!own.includes('--schema')) return null;
  let command = program;
  for (const word of own) {
    if (word.startsWith('-')) continue;
    const below = command.commands.find((each) => each.name() === word || each.aliases().includes(word));
    if (!below) break;
    command = below;
  }
  // A group alone means its first command, as commander has it.
  while (command.commands.length > 0) {
    const first = command.commands.find((each) => isDefaultOf(command, each));
    if (!first) return null;
    command = first;
  }
  return printsJson(command) ? command : null;
}

const isDefaultOf = (group: Command, command: Command): boolean =>
  '_defaultCommandName' in group && group._defaultCommandName === command.name();

export async function printSchema(command: Command): Promise<void> {
  const { jsonSchemaOf } = await import('./output-schemas.ts');
  printJson(jsonSchemaOf(nameOf(command)));
}
