import type { Command } from 'commander';

/** What the options of `declareResourceOptions` hold. */
export interface ResourceOptions {
  cpus?: string;
  memory?: string;
  time?: string;
  gpus?: string;
  queue?: string;
  account?: string;
  title?: string;
}

/** What a launch asks of its scheduler, as options of a command; `title`: its name can be given, too. */
export function declareResourceOptions(command: Command, { title = true } = {}): Command {
  command
    .option('--cpus <n>', 'cores')
    .option('--memory <MiB>', 'memory')
    .option('--time <minutes>', 'how long at most')
    .option('--gpus <n>', 'GPUs')
    .option('--queue <name>', "the scheduler's queue")
    .option('--account <name>', 'who pays for it');
  return title ? command.option('--title <text>', 'what you call it') : command;
}
