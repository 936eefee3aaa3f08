import type { Command } from 'commander';
import type { SourceOptions } from '../actions/sources.ts';
import { runAction } from '../output.ts';

const actions = () => import('../actions/sources.ts');

export function declareSourceCommands(program: Command): void {
  const source = program.command('source').description('Recipes of other people, each repository at a commit you saw.');

  source
    .command('list', { isDefault: true })
    .description('the repositories whose recipes are used')
    .option('--json', 'as JSON')
    .action((options: SourceOptions) => runAction(options, async () => (await actions()).listSources(options)));

  source
    .command('add <address>')
    .description('shows what the recipes of a git repository may do, then uses them at that commit')
    .option('--ref <name>', 'a branch or tag, which updates follow', '')
    .option('--yes', 'without asking')
    .option('--json', 'as JSON')
    .action((url: string, options: SourceOptions) =>
      runAction(options, async () => (await actions()).addSource(url, options)),
    );

  source
    .command('update <source>')
    .description('shows what changed since the commit in use, then uses the newest')
    .option('--yes', 'without asking')
    .option('--json', 'as JSON')
    .action((id: string, options: SourceOptions) =>
      runAction(options, async () => (await actions()).updateSource(id, options)),
    );

  source
    .command('remove <source>')
    .description('uses its recipes no more; apps that run go on')
    .option('--json', 'as JSON')
    .action((id: string, options: SourceOptions) =>
      runAction(options, async () => (await actions()).removeSource(id, options)),
    );
}
