import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { SiteReading } from '../../electron/shared/sites.ts';
import { agree } from '../agree.ts';
import { type OpenCore, withCore } from '../open-core.ts';
import { guarded, printJson, printTable, say } from '../output.ts';
import { findCluster } from '../places.ts';

interface Options {
  cluster?: string;
  yes?: boolean;
  json?: boolean;
}

const idle = { resume: false, demo: false };

export function siteCommands(program: Command): void {
  const site = program.command('site').description("Profiles of clusters: a site's queues, accounts, rules.");

  site
    .command('list', { isDefault: true })
    .description('the profiles that come with Tunel')
    .option('--json', 'as JSON')
    .action((options: Options) =>
      guarded(options.json === true, () =>
        withCore(idle, async ({ request }) => {
          const shipped = await request('sites.list', undefined);
          if (options.json) return printJson(shipped);
          printTable(
            ['NAME', 'LAUNCHER', 'SITE'],
            shipped.map(({ name, profile }) => [name, profile.launcher ?? '', profile.site]),
          );
        }),
      ),
    );

  site
    .command('show <source>')
    .description('what a profile holds and would do: a file, an https address, or a name of the list')
    .option('--cluster <name>', 'as held against this cluster')
    .option('--json', 'as JSON')
    .action((source: string, options: Options) =>
      guarded(options.json === true, () =>
        withCore(idle, async (open) => {
          const reading = await read(open, source, options.cluster);
          if (options.json) printJson(reading);
          else show(reading);
        }),
      ),
    );

  site
    .command('import <source>')
    .description('shows a profile and takes it over for a cluster')
    .requiredOption('--cluster <name>', 'a saved cluster')
    .option('--yes', 'without asking')
    .option('--json', 'as JSON')
    .action((source: string, options: Options) =>
      guarded(options.json === true, () =>
        withCore(idle, async (open) => {
          const cluster = findCluster(open.state(), options.cluster ?? '');
          const reading = await read(open, source, cluster.id);
          if (!options.json) show(reading);
          if (!options.yes)
            await agree(
              `Take it over for ${cluster.name} (yes/no)? `,
              'Look at it with `tunel site show`, then add --yes.',
            );
          await open.request('clusters.setSite', { id: cluster.id, profile: reading.profile });
          if (options.json) printJson(reading);
          else
            say(`${cluster.name} follows ${reading.profile.site}. Undo: tunel site remove --cluster ${cluster.name}`);
        }),
      ),
    );

  site
    .command('remove')
    .description('lets a cluster go by detection again')
    .requiredOption('--cluster <name>', 'a saved cluster')
    .action((options: Options) =>
      guarded(false, () =>
        withCore(idle, async ({ state, request }) => {
          const cluster = findCluster(state(), options.cluster ?? '');
          await request('clusters.setSite', { id: cluster.id, profile: null });
          say(`${cluster.name} follows no profile.`);
        }),
      ),
    );
}

/** A word that is not a shipped name is a path here, below where the command was called. */
async function read({ state, request }: OpenCore, source: string, cluster?: string): Promise<SiteReading> {
  const shipped = (await request('sites.list', undefined)).some(({ name }) => name === source);
  const isWhole = shipped || /^[a-z][a-z0-9+.-]*:\/\//i.test(source);
  const clusterId = cluster === undefined ? undefined : findCluster(state(), cluster).id;
  return request('sites.read', { source: isWhole ? source : resolve(source), clusterId });
}

function show({ profile, source, review }: SiteReading): void {
  const lines = [`${profile.site}, read from ${source}`, ...(profile.docs ? [`More: ${profile.docs}`] : []), ...review];
  process.stdout.write(`${lines.join('\n')}\n`);
}
