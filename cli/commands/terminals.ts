import type { Command } from 'commander';
import { AppError } from '../../electron/shared/errors.ts';
import { quoteAll } from '../../electron/shared/shell-quote.ts';
import { passesWords } from '../argv.ts';
import { carry, converse, OUR_FAILURE, terminalHere } from '../carry.ts';
import { withCore } from '../open-core.ts';
import { guarded } from '../output.ts';
import { findTarget, needsDemo } from '../places.ts';

interface Options {
  app?: string;
  tty?: boolean;
}

/** One word is a line for the shell there; several are a command and its arguments, each as it is. */
export const commandLine = (words: readonly string[]): string =>
  words.length === 1 ? (words[0] ?? '') : `exec ${quoteAll(words)}`;

export function shellCommands(program: Command): void {
  program
    .command('shell [cluster]')
    .alias('sh')
    .description('a terminal on the login node: tunel shell hpc; or where an app runs: tunel shell --app ID')
    .option('--app <id>', "inside a running app's job")
    .action((cluster: string | undefined, { app }: Options) =>
      guarded(
        false,
        async () => {
          const asked = terminalHere();
          await withCore({ resume: false, demo: needsDemo(cluster, app) }, async ({ core, state, interrupted }) => {
            const target = findTarget(state(), cluster, app);
            process.exitCode = await converse(
              await core.terminals.openTerminal(target, { ...asked, signal: interrupted }),
            );
          });
        },
        OUR_FAILURE,
      ),
    );

  passesWords(
    program
      .command('exec [words...]')
      .usage('[options] <cluster> [--] <command...>')
      .description(
        'runs a command on the login node, with its input, output and exit code: tunel exec hpc -- ls -l; one word is a line for the shell there',
      )
      .option('--app <id>', "inside a running app's job, instead of a cluster")
      .option('-t, --tty', 'on a terminal, for programs that need one'),
    1,
  ).action((words: string[], { app, tty }: Options) =>
    guarded(
      false,
      async () => {
        const cluster = app === undefined ? words[0] : undefined;
        const command = app === undefined ? words.slice(1) : words;
        if (tty && app !== undefined) {
          throw new AppError('bad-input', 'A terminal for a single command is not to be had inside a job.', {
            hint: `Open a shell there: tunel shell --app ${app}`,
          });
        }
        const asked = tty ? terminalHere() : null;
        await withCore({ resume: false, demo: needsDemo(cluster, app) }, async ({ core, state, interrupted }) => {
          const target = findTarget(state(), cluster, app);
          if (command.length === 0) {
            throw new AppError('bad-input', 'Which command is to be run?', {
              hint: 'For a shell: tunel shell CLUSTER',
            });
          }
          const script = commandLine(command);
          if (asked) {
            const terminal = await core.terminals.openTerminal(target, { ...asked, script, signal: interrupted });
            process.exitCode = await converse(terminal);
            return;
          }
          const stream = await core.terminals.openCommand(target, script, {
            signal: interrupted,
            onSaid: (chunk) => process.stderr.write(chunk),
          });
          process.exitCode = await carry(stream, 'clusterId' in target);
        });
      },
      OUR_FAILURE,
    ),
  );
}
