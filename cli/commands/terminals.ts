import type { Command } from 'commander';
import type { TerminalOptions } from '../actions/exec.ts';
import type { JsonOption } from '../json-option.ts';
import { runAction } from '../output.ts';
import { passArgumentsOn } from '../own-options.ts';
import { OUR_FAILURE } from '../stream-stdio.ts';

const actions = () => import('../actions/exec.ts');

export function declareTerminalCommands(program: Command): void {
  declareKeptTerminals(program);
  program
    .command('shell [cluster]')
    .alias('sh')
    .description('a terminal on the login node: tunel shell hpc; or where an app runs: tunel shell --app ID')
    .option('--app <app>', "inside a running app's job")
    .option('--keep', 'it keeps running when the connection or this command ends: tunel terminals attach hpc ID')
    .action((cluster: string | undefined, options: TerminalOptions) =>
      runAction(
        {},
        async () => {
          process.exitCode = await (await actions()).openShell(cluster, options);
        },
        OUR_FAILURE,
      ),
    );

  passArgumentsOn(
    program
      .command('exec [arguments...]')
      .usage('[options] <cluster> [--] <command...>')
      .description(
        'runs a command on the login node, with its input, output and exit code: tunel exec hpc -- ls -l; one word is a line for the shell there',
      )
      .option('--app <app>', "inside a running app's job, instead of a cluster")
      .option('-t, --tty', 'on a terminal, for programs that need one'),
    1,
  ).action((args: string[], options: TerminalOptions) =>
    runAction(
      {},
      async () => {
        process.exitCode = await (await actions()).exec(args, options);
      },
      OUR_FAILURE,
    ),
  );
}

function declareKeptTerminals(program: Command): void {
  const kept = () => import('../actions/terminals.ts');
  const terminals = program
    .command('terminals')
    .description('Terminals that keep running while nobody is connected: those of the window, and of shell --keep.');
  terminals
    .command('ls <cluster>', { isDefault: true })
    .description('list those of a cluster, oldest first')
    .option('--json', 'as JSON')
    .action((cluster: string, options: JsonOption) =>
      runAction(options, async () => (await kept()).listTerminals(cluster, options)),
    );
  terminals
    .command('attach <cluster> <terminal>')
    .description('shows one on this terminal, with its last output; close this terminal to leave it running')
    .action((cluster: string, id: string) =>
      runAction(
        {},
        async () => {
          process.exitCode = await (await kept()).attachTerminal(cluster, id);
        },
        OUR_FAILURE,
      ),
    );
  terminals
    .command('close <cluster> <terminal>')
    .description('ends one and what runs in it')
    .option('--json', 'as JSON')
    .action((cluster: string, id: string, options: JsonOption) =>
      runAction(options, async () => (await kept()).closeTerminal(cluster, id, options)),
    );
}
