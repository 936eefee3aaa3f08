import type { Command } from 'commander';

/** What may be given with every command. */
export interface GeneralOptions {
  engine?: boolean;
  pager?: boolean;
  quiet?: boolean;
}

/** Every command that does something, not the groups that hold them. */
export const commandsIn = (command: Command): Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(commandsIn);

/** The words that call a command, e.g. `clusters list`. */
export const nameOf = (command: Command): string =>
  command.parent?.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();

export const printsJson = ({ options }: Command): boolean => options.some(({ long }) => long === '--json');

/** Declares `--quiet` for all commands, and `--schema` for those with `--json`. */
export function declareGeneralOptions(program: Command): void {
  for (const command of commandsIn(program)) {
    command.option('-q, --quiet', 'only results, questions and errors');
    if (printsJson(command)) command.option('--schema', 'print the JSON Schema of what --json prints, and do nothing');
  }
}
