import type { Command } from 'commander';
import type { TerminalOptions } from '../actions/exec.ts';
import { runAction } from '../output.ts';
import { passArgumentsOn } from '../own-options.ts';
import { OUR_FAILURE } from '../stream-stdio.ts';

const actions = () => import('../actions/exec.ts');

export function declareTerminalCommands(program: Command): void {
  program
    .command('shell [cluster]')
    .alias('sh')
    .description('a terminal on the login node: tunel shell hpc; or where an app runs: tunel shell --app ID')
    .option('--app <app>', "inside a running app's job")
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
