import type { Command } from 'commander';
import type { AddClusterOptions } from '../actions/clusters.ts';
import type { JsonOption } from '../json-option.ts';
import { runAction } from '../output.ts';

const actions = () => import('../actions/clusters.ts');

export function declareClusterCommands(program: Command): void {
  const clusters = program.command('clusters').description('Saved clusters.');
  declareSavedClusters(clusters);
  declareConnections(clusters);
}

function declareSavedClusters(clusters: Command): void {
  clusters
    .command('list', { isDefault: true })
    .description('list them')
    .option('--json', 'as JSON')
    .action((options: JsonOption) =>
      runAction(options, async () => (await import('../actions/list-clusters.ts')).listClusters(options)),
    );

  clusters
    .command('add <name> <address>')
    .description('save one: tunel clusters add hpc ada@login.example')
    .option('-J, --jump <addresses>', 'jump hosts in order, separated by commas')
    .option('-i, --key <file...>', 'private key files')
    .option('--known-hosts <file>', 'a known_hosts file besides yours')
    .option('--transport <name>', 'what connects: ssh2 (built in) or openssh (of this computer)', 'ssh2')
    .option('--launcher <name>', 'auto, login or slurm', 'auto')
    .option('--json', 'as JSON')
    .action((name: string, address: string, options: AddClusterOptions) =>
      runAction(options, async () => (await actions()).addCluster(name, address, options)),
    );

  clusters
    .command('import <alias>')
    .description('save a host of your SSH config')
    .option('--json', 'as JSON')
    .action((alias: string, options: JsonOption) =>
      runAction(options, async () => (await actions()).importCluster(alias, options)),
    );

  clusters
    .command('allow-api <cluster>')
    .description('let programs with a token use its connection')
    .option('--off', 'not any more')
    .action((name: string, options: { off?: boolean }) =>
      runAction({}, async () => (await actions()).allowApi(name, options)),
    );

  clusters
    .command('remove <cluster>')
    .description('forget it and its passwords; nothing changes on the cluster')
    .action((name: string) => runAction({}, async () => (await actions()).removeCluster(name)));
}

function declareConnections(clusters: Command): void {
  clusters
    .command('test <cluster>')
    .description('sign in and say what is there')
    .option('--json', 'as JSON')
    .action((name: string, options: JsonOption) =>
      runAction(options, async () => (await actions()).testCluster(name, options)),
    );

  clusters
    .command('facts <cluster>')
    .description('what is known of it, and what its connection costs the login node')
    .option('--json', 'as JSON')
    .action((name: string, options: JsonOption) =>
      runAction(options, async () => (await actions()).showFacts(name, options)),
    );

  clusters
    .command('connect <cluster>')
    .description('sign in now, for commands that have no terminal to ask on')
    .action((name: string) => runAction({}, async () => (await actions()).connectCluster(name)));

  clusters
    .command('disconnect <cluster>')
    .description('close the connection; running apps go on')
    .action((name: string) => runAction({}, async () => (await actions()).disconnectCluster(name)));

  clusters
    .command('trust-key <cluster> <fingerprint>')
    .description('add a further host key for it, by its published SHA256 fingerprint, and connect')
    .action((name: string, fingerprint: string) =>
      runAction({}, async () => (await actions()).trustHostKey(name, fingerprint)),
    );
}
