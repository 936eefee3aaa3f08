import type { Command } from 'commander';
import type { SiteOptions } from '../actions/sites.ts';
import { runAction } from '../output.ts';

const actions = () => import('../actions/sites.ts');

export function declareSiteCommands(program: Command): void {
  const site = program.command('site').description("Profiles of clusters: a site's queues, accounts, rules.");

  site
    .command('list', { isDefault: true })
    .description('the profiles that come with Tunel')
    .option('--json', 'as JSON')
    .action((options: SiteOptions) => runAction(options, async () => (await actions()).listSites(options)));

  site
    .command('show <profile>')
    .description('what a profile holds and would do: a file, an https address, or a name of the list')
    .option('--cluster <cluster>', 'as held against this cluster')
    .option('--json', 'as JSON')
    .action((source: string, options: SiteOptions) =>
      runAction(options, async () => (await actions()).showSite(source, options)),
    );

  site
    .command('import <profile>')
    .description('shows a profile and takes it over for a cluster')
    .requiredOption('--cluster <cluster>', 'a saved cluster')
    .option('--yes', 'without asking')
    .option('--json', 'as JSON')
    .action((source: string, options: SiteOptions) =>
      runAction(options, async () => (await actions()).importSite(source, options)),
    );

  site
    .command('remove')
    .description('lets a cluster go by detection again')
    .requiredOption('--cluster <cluster>', 'a saved cluster')
    .option('--json', 'as JSON')
    .action((options: SiteOptions) => runAction(options, async () => (await actions()).removeSite(options)));
}
