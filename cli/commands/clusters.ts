import type { Command } from 'commander';
import { type ClusterInput, clusterInputSchema, type Hop } from '../../electron/shared/clusters.ts';
import { AppError } from '../../electron/shared/errors.ts';
import { withCore } from '../open-core.ts';
import { guarded, printJson, printTable, say } from '../output.ts';
import { findCluster } from '../places.ts';

interface Json {
  json?: boolean;
}

/** `[user@]host[:port]`, as ssh's -J takes it. */
export function parseHop(text: string): Hop {
  const found = /^(?:([^@]+)@)?(\[[^\]]+\]|[^:@]+)(?::(\d+))?$/.exec(text);
  if (!found?.[2])
    throw new AppError('bad-input', `“${text}” is no address.`, { hint: 'Write user@host or user@host:port.' });
  return {
    user: found[1] ?? process.env.USER ?? '',
    host: found[2].replace(/^\[|\]$/g, ''),
    port: Number(found[3] ?? 22),
  };
}

export function clusterCommands(program: Command): void {
  const clusters = program.command('clusters').description('Saved clusters.');
  const idle = { resume: false, demo: false };

  clusters
    .command('list', { isDefault: true })
    .description('list them')
    .option('--json', 'as JSON')
    .action((options: Json) =>
      guarded(options.json === true, () =>
        withCore(idle, async ({ state }) => {
          const saved = state().clusters.map(({ cluster }) => cluster);
          if (options.json) return printJson(saved);
          printTable(
            ['NAME', 'ADDRESS', 'THROUGH', 'LAUNCHER'],
            saved.map((cluster) => [
              cluster.name,
              `${cluster.user}@${cluster.host}:${cluster.port}`,
              cluster.jumps.map(({ host }) => host).join(', '),
              cluster.defaults.launcher,
            ]),
          );
        }),
      ),
    );

  clusters
    .command('add <name> <address>')
    .description('save one: tunel clusters add hpc ada@login.example')
    .option('-J, --jump <addresses>', 'jump hosts in order, separated by commas')
    .option('-i, --key <file...>', 'private key files')
    .option('--known-hosts <file>', 'a known_hosts file besides yours')
    .option('--launcher <name>', 'auto, login or slurm', 'auto')
    .option('--json', 'as JSON')
    .action(
      (
        name: string,
        address: string,
        options: Json & { jump?: string; key?: string[]; knownHosts?: string; launcher: string },
      ) =>
        guarded(options.json === true, () =>
          withCore(idle, async ({ request }) => {
            const input = clusterInputSchema.safeParse({
              name,
              ...parseHop(address),
              jumps: options.jump?.split(',').map(parseHop) ?? [],
              keyFiles: options.key ?? [],
              knownHostsFile: options.knownHosts ?? '',
              defaults: { launcher: options.launcher },
            });
            if (!input.success) {
              throw new AppError(
                'bad-input',
                input.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join(' '),
                { hint: 'See: tunel clusters add --help' },
              );
            }
            await save(input.data, options, request);
          }),
        ),
    );

  clusters
    .command('import <alias>')
    .description('save a host of your SSH config')
    .option('--json', 'as JSON')
    .action((alias: string, options: Json) =>
      guarded(options.json === true, () =>
        withCore(idle, async ({ request }) => {
          const { input, unsupported } = await request('clusters.resolveSshConfig', { alias });
          for (const words of unsupported) say(words);
          await save(input, options, request);
        }),
      ),
    );

  clusters
    .command('test <name>')
    .description('sign in and say what is there')
    .option('--json', 'as JSON')
    .action((name: string, options: Json) =>
      guarded(options.json === true, () =>
        withCore({ resume: false, demo: name === 'demo' }, async ({ state, request }) => {
          const input = clusterInputSchema.parse(findCluster(state(), name));
          const found = await request('clusters.test', { input });
          if (options.json) return printJson(found);
          say(`${name} works: ${found.loginNode}, ${Math.round(found.roundTrip)} ms.`);
          for (const { name: launcher, version, queues } of found.launchers) {
            say(
              `  ${launcher} ${version}${queues.length > 0 ? `, queues ${queues.map((queue) => queue.name).join(', ')}` : ''}`,
            );
          }
          say(
            `  forwarding: sockets ${found.socketForwarding ? 'yes' : 'no'}, ports ${found.portForwarding ? 'yes' : 'no'}`,
          );
        }),
      ),
    );

  clusters
    .command('remove <name>')
    .description('forget it and its passwords; nothing changes on the cluster')
    .action((name: string) =>
      guarded(false, () =>
        withCore(idle, async ({ state, request }) => {
          await request('clusters.remove', { id: findCluster(state(), name).id });
          say(`Removed ${name}.`);
        }),
      ),
    );
}

async function save(
  input: ClusterInput,
  options: Json,
  request: (name: 'clusters.save', input: { input: ClusterInput }) => Promise<{ id: string }>,
): Promise<void> {
  const { id } = await request('clusters.save', { input });
  if (options.json) printJson({ id, ...input });
  else say(`Saved ${input.name}. Try it: tunel clusters test ${input.name}`);
}
