import type { Command } from 'commander';
import type { SshConfigOptions } from '../actions/ssh-config.ts';
import { runAction } from '../output.ts';

const actions = () => import('../actions/ssh-config.ts');

export function declareSshConfigCommands(program: Command): void {
  const group = program.command('ssh-config').description('the hosts tunel-NAME for ssh and editors');
  group
    .command('show')
    .description('the file that Tunel would write and the line for ~/.ssh/config; changes nothing')
    .option('--json', 'as JSON')
    .action((options: SshConfigOptions) => runAction(options, async () => (await actions()).showSshConfig(options)));
  group
    .command('hosts')
    .description('the names that ssh can reach, one a line')
    .option('--json', 'as JSON')
    .action((options: SshConfigOptions) => runAction(options, async () => (await actions()).listSshHosts(options)));
  group
    .command('add')
    .description('shows the line for ~/.ssh/config, then adds it')
    .option('-y, --yes', 'without asking')
    .option('--json', 'as JSON')
    .action((options: SshConfigOptions) => runAction(options, async () => (await actions()).addSshConfig(options)));
  group
    .command('remove')
    .description('removes that line, and nothing else of ~/.ssh/config')
    .option('--json', 'as JSON')
    .action((options: SshConfigOptions) => runAction(options, async () => (await actions()).removeSshConfig(options)));
}
