import type { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { commandsIn } from '../general-options.ts';
import { bold, escapeRoff, header, item, paragraph, section, subsection, usageLine, verbatim } from './roff.ts';

const environment: readonly (readonly [string, string])[] = [
  ['TUNEL_DATA_DIR', 'where settings, clusters and the history are kept, instead of the usual folder'],
  ['TUNEL_NO_ENGINE', '1: without an engine in the background, as `--no-engine`'],
  ['TUNEL_TOKEN', 'the token that `tunel mcp` uses'],
  ['NO_COLOR', 'not empty: no colours'],
  ['PAGER', 'what shows long lists on a terminal; `cat` or empty: nothing does'],
];

/** The page of each command that is called directly by `tunel`, and that of `tunel` itself, by the name of its file. */
export function manualPages(program: Command, version: string): Map<string, string> {
  const pages = new Map([['tunel.1', overview(program, version)]]);
  for (const command of program.commands) pages.set(pageFile(command), commandPage(command, version));
  return pages;
}

/** The file of the page that describes a command. */
export const pageFile = (command: Command): string => `${pageName(command)}.1`;
const pageName = (command: Command): string => `tunel-${command.name()}`;

function overview(program: Command, version: string): string {
  const help = program.createHelp();
  return page([
    header('tunel', version),
    section('NAME'),
    `tunel ${escapeRoff('-')} ${escapeRoff(program.description())}`,
    section('SYNOPSIS'),
    usageLine('tunel', help.commandUsage(program).replace(/^tunel /, '')),
    section('DESCRIPTION'),
    paragraph('Results go to the standard output; progress, notices and messages to the error output.'),
    paragraph('Each command has a page of its own, e.g. `man tunel-clusters`, and prints its options with `--help`.'),
    section('OPTIONS'),
    ...optionsOf(program),
    section('COMMANDS'),
    ...program.commands.map((command) => item(pageName(command), command.description())),
    section('EXIT STATUS'),
    ...exitCodes.map(({ code, meaning }) => item(String(code ?? '128 + N'), meaning)),
    section('ENVIRONMENT'),
    ...environment.map(([name, meaning]) => item(name, meaning)),
  ]);
}

function commandPage(command: Command, version: string): string {
  const isGroup = command.commands.length > 0;
  const below = isGroup ? commandsIn(command) : [];
  return page([
    header(pageName(command), version),
    section('NAME'),
    `${escapeRoff(pageName(command))} ${escapeRoff('-')} ${escapeRoff(oneLine(command.description()))}`,
    section('SYNOPSIS'),
    ...(isGroup ? below.map(synopsis) : [synopsis(command)]),
    section('DESCRIPTION'),
    paragraph(command.description()),
    ...(command.aliases().length > 0 ? [paragraph(`Also \`tunel ${command.aliases().join(', ')}\`.`)] : []),
    ...(isGroup ? [section('COMMANDS'), ...below.flatMap(subcommand)] : [section('OPTIONS'), ...optionsOf(command)]),
    ...notes(command),
    section('SEE ALSO'),
    `${bold('tunel')}(1)`,
  ]);
}

const subcommand = (command: Command): string[] => [
  subsection(wordsOf(command)),
  paragraph(command.description()),
  ...optionsOf(command),
  ...notes(command),
];

const wordsOf = (command: Command): string => {
  const above = command.parent;
  return above ? `${wordsOf(above)} ${command.name()}` : command.name();
};

const synopsis = (command: Command): string => usageLine(wordsOf(command), command.usage());

function optionsOf(command: Command): string[] {
  const help = command.createHelp();
  return help.visibleOptions(command).map((option) => item(help.optionTerm(option), help.optionDescription(option)));
}

/** What `--help` prints after the options. */
function notes(command: Command): string[] {
  let text = '';
  const before = command.configureOutput();
  command.configureOutput({ writeOut: (more) => (text += more) });
  command.outputHelp();
  command.configureOutput(before);
  text = text.replace(command.helpInformation(), '');
  const lines = text.trim() === '' ? [] : text.trim().split('\n');
  return lines.length === 0 ? [] : [verbatim(lines)];
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');
const page = (lines: readonly string[]): string => `${lines.join('\n')}\n`;
