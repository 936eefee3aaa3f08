import { Argument, type Command } from 'commander';
import type { CompletedShell } from '../completion/shell-scripts.ts';
import { runAction } from '../output.ts';

/** What makes `tunel` at home in a shell. */
export function declareShellIntegration(program: Command): void {
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
}
