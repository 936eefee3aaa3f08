import type { Command, Option } from 'commander';

/** Commands whose last arguments are another program's, and how many operands of their own come before those. */
const own = new WeakMap<Command, number>();

/**
 * Says that a command's arguments after its own operands are not for `tunel`: they begin at the next operand, at an option it
 * does not know, or after `--`. With `--app` in place of a cluster it has one operand less.
 */
export function passArgumentsOn(command: Command, operands: number): Command {
  own.set(command, operands);
  return command;
}

/** The command line with `--` before what is not tunel's, so that it may be written without. */
export function separateOwnOptions(program: Command, argv: readonly string[]): string[] {
  const at = argv.findIndex((word) => !program.options.some(({ long, short }) => word === long || word === short));
  const general = argv.slice(0, Math.max(at, 0));
  const words = argv.slice(general.length);
  const { command, depth } = findCommand(program, words);
  const operands = own.get(command);
  if (operands === undefined) return [...argv];
  return [...general, ...words.slice(0, depth), ...split(words.slice(depth), command.options, operands)];
}

/** The command that the first words name, such as `jobs create`, and how many they are. */
function findCommand(program: Command, words: readonly string[]): { command: Command; depth: number } {
  let command = program;
  let depth = 0;
  for (;;) {
    const word = words[depth];
    const next = command.commands.find((each) => each.name() === word || each.aliases().includes(word ?? ''));
    if (word === undefined || !next) return { command, depth };
    command = next;
    depth += 1;
  }
}

function split(args: readonly string[], options: readonly Option[], most: number): string[] {
  const given: string[] = [];
  const operands: string[] = [];
  let rest: readonly string[] = [];
  let left = most;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    if (word === '--') {
      rest = args.slice(at + 1);
      break;
    }
    if (word === '-' || !word.startsWith('-')) {
      if (operands.length < left) {
        operands.push(word);
        continue;
      }
      rest = args.slice(at);
      break;
    }
    const flag = word.split('=')[0] ?? '';
    const option = options.find(({ long, short }) => long === flag || short === flag);
    const isHelp = flag === '--help' || flag === '-h';
    if (!option && !isHelp && operands.length === left) {
      rest = args.slice(at);
      break;
    }
    given.push(word);
    if (flag === '--app') left = Math.max(0, left - 1);
    const next = args[at + 1];
    if (option?.required && !word.includes('=') && next !== undefined) {
      given.push(next);
      at += 1;
    }
  }
  return [...given, '--', ...operands, ...rest];
}
