import { Argument, type Command } from 'commander';
import type { DoctorOptions } from '../actions/doctor.ts';
import type { CompletedShell } from '../completion/shell-scripts.ts';
import type { ManualOptions } from '../manual/show-manual.ts';
import { runAction } from '../output.ts';

/** What helps to use `tunel` itself. */
export function declareHelpCommands(program: Command): void {
  program
    .command('completion')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']))
    .description('a script that completes commands, clusters, apps and recipes in bash, zsh or fish')
    .addHelpText(
      'after',
      `
bash: tunel completion bash > ~/.local/share/bash-completion/completions/tunel
zsh:  tunel completion zsh > ~/.zfunc/_tunel, with fpath+=~/.zfunc before compinit in ~/.zshrc
fish: tunel completion fish > ~/.config/fish/completions/tunel.fish`,
    )
    .action((shell: CompletedShell) =>
      runAction({}, async () => {
        const { completionScripts } = await import('../completion/shell-scripts.ts');
        process.stdout.write(completionScripts[shell]);
      }),
    );

  program
    .command('manual [command]')
    .description('the manual page of a command, or of tunel; printed for `man -l -` where there is no terminal')
    .option('--folder <dir>', 'write all pages into this folder instead')
    .option('--json', 'as JSON, with --folder')
    .addHelpText(
      'after',
      `
Install them for yourself: tunel manual --folder ~/.local/share/man/man1
Then: man tunel, man tunel-clusters, ...`,
    )
    .action((name: string | undefined, options: ManualOptions) =>
      runAction(options, async () => (await import('../manual/show-manual.ts')).showManual(program, name, options)),
    );

  program
    .command('doctor [cluster...]')
    .description(
      'what works here and on clusters, what does not, and what to do; connects to the clusters that are named',
    )
    .option('--all', 'sign in to every saved cluster')
    .option('--json', 'as JSON')
    .action((names: string[], options: DoctorOptions) =>
      runAction(options, async () => (await import('../actions/doctor.ts')).diagnose(names, options)),
    );
}
