import type { Command } from 'commander';
import type { AddClusterOptions, EditClusterOptions } from '../actions/save-clusters.ts';
import type { JsonOption } from '../json-option.ts';
import { runAction } from '../output.ts';

const actions = () => import('../actions/clusters.ts');
const saved = () => import('../actions/save-clusters.ts');

export function declareClusterCommands(program: Command): void {
  const clusters = program.command('clusters').description('Saved clusters.');
  declareLists(clusters);
  declareSaving(clusters);
  declareConnections(clusters);
  declareAccess(clusters);
}

function declareLists(clusters: Command): void {
  clusters
    .command('list', { isDefault: true })
    .description('list them')
    .option('--json', 'as JSON')
    .action((options: JsonOption) =>
      runAction(options, async () => (await import('../actions/list-clusters.ts')).listClusters(options)),
    );

  clusters
    .command('show <cluster>')
    .description('what is saved of one, and the state of its connection')
    .option('--json', 'as JSON')
    .action((name: string, options: JsonOption) =>
      runAction(options, async () => (await saved()).showCluster(name, options)),
    );

  clusters
    .command('ssh-hosts')
    .description('the hosts of your SSH configuration, which can be imported')
    .option('--json', 'as JSON')
    .action((options: JsonOption) => runAction(options, async () => (await saved()).listImportableHosts(options)));
}

/** What a cluster is saved with, as options of a command. */
function declareClusterOptions(command: Command): Command {
  return command
    .option('-J, --jump <addresses>', 'jump hosts in order, separated by commas')
    .option('-i, --key <file...>', 'private key files')
    .option('--known-hosts <file>', 'a known_hosts file besides yours')
    .option('--transport <name>', 'what connects: ssh2 (built in; the default) or openssh (of this computer)')
    .option('--launcher <name>', 'what apps start with: auto (the default), login, slurm, htcondor, ...')
    .option('--runtime <name>', 'what wraps them: auto (the default), native, apptainer, ...')
    .option('--queue <queue>', 'the queue of its jobs')
    .option('--account <account>', 'who pays for them')
    .option('--work-directory <dir>', 'where apps and jobs work, instead of the home directory')
    .option('--module <module...>', 'modules that every script loads')
    .option('--connect-at-start', 'connect when the desktop app starts')
    .option('--no-connect-at-start', 'connect when it is needed')
    .option('--json', 'as JSON');
}

function declareSaving(clusters: Command): void {
  declareClusterOptions(
    clusters.command('add <name> <address>').description('save one: tunel clusters add hpc ada@login.example'),
  ).action((name: string, address: string, options: AddClusterOptions) =>
    runAction(options, async () => (await saved()).addCluster(name, address, options)),
  );

  declareClusterOptions(
    clusters
      .command('edit <cluster>')
      .description('change what is given, e.g. --queue gpu; all else stays')
      .option('--name <text>', 'another name')
      .option('--address <address>', 'another address: user@host or user@host:port'),
  ).action((name: string, options: EditClusterOptions) =>
    runAction(options, async () => (await saved()).editCluster(name, options)),
  );

  clusters
    .command('import <alias>')
    .description('save a host of your SSH config')
    .option('--json', 'as JSON')
    .action((alias: string, options: JsonOption) =>
      runAction(options, async () => (await saved()).importCluster(alias, options)),
    );

  clusters
    .command('copy <cluster>')
    .description('save a copy under a new name')
    .option('--json', 'as JSON')
    .action((name: string, options: JsonOption) =>
      runAction(options, async () => (await saved()).copyCluster(name, options)),
    );

  clusters
    .command('remove <cluster>')
    .description('remove it and its passwords from this computer; nothing changes on the cluster')
    .option('--json', 'as JSON')
    .action((name: string, options: JsonOption) =>
      runAction(options, async () => (await saved()).removeCluster(name, options)),
    );
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
    .option('--json', 'as JSON')
    .action((name: string, options: JsonOption) =>
      runAction(options, async () => (await actions()).connectCluster(name, options)),
    );

  clusters
    .command('disconnect <cluster>')
    .description('close the connection; running apps go on')
    .option('--json', 'as JSON')
    .action((name: string, options: JsonOption) =>
      runAction(options, async () => (await actions()).disconnectCluster(name, options)),
    );
}

function declareAccess(clusters: Command): void {
  clusters
    .command('trust-key <cluster> <fingerprint>')
    .description('add a further host key for it, by its published SHA256 fingerprint, and connect')
    .option('--json', 'as JSON')
    .action((name: string, fingerprint: string, options: JsonOption) =>
      runAction(options, async () => (await actions()).trustHostKey(name, fingerprint, options)),
    );

  clusters
    .command('forget-passwords <cluster>')
    .description('remove the passwords and passphrases that are kept for it')
    .option('--json', 'as JSON')
    .action((name: string, options: JsonOption) =>
      runAction(options, async () => (await actions()).forgetPasswords(name, options)),
    );

  clusters
    .command('allow-api <cluster>')
    .description('let programs with a token use its connection')
    .option('--off', 'not any more')
    .option('--json', 'as JSON')
    .action((name: string, options: JsonOption & { off?: boolean }) =>
      runAction(options, async () => (await actions()).allowApi(name, options)),
    );
}
