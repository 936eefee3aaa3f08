import type { Command } from 'commander';
import type { ApiGetOptions } from '../actions/api-get.ts';
import type { TunnelOptions } from '../actions/tunnel.ts';
import type { JsonOption } from '../json-option.ts';
import { runAction } from '../output.ts';

export function declareTunnelCommands(program: Command): void {
  program
    .command('tunnel <cluster>')
    .description(
      'a connection from here to a port or socket there, until Ctrl-C: tunel tunnel hpc --port 8888; for an app of Tunel prefer: tunel open',
    )
    .option('--port <n>', 'a port there')
    .option('--socket <path>', 'a Unix socket there, instead of a port')
    .option('--node <name>', 'on this node, instead of the login node')
    .option('--local-socket <path>', 'the end here: a socket only you can open; left out: one in a private folder')
    .option('--local-port <n>', 'the end here: a port of this computer, which its other users can reach, too')
    .option('--background', 'the engine keeps it open until `tunnels close`; this command ends')
    .option('--json', 'as JSON, one line when it is open')
    .action((cluster: string, options: TunnelOptions) =>
      runAction(options, async () => (await import('../actions/tunnel.ts')).openTunnel(cluster, options)),
    );

  declareOpenTunnels(program);

  program
    .command('api-get [cluster] [path]')
    .usage('[options] (<cluster> --socket S | <cluster> --port N | --app <id>) <path>')
    .description(
      'prints what a program there answers to a GET: tunel api-get --app ID /api/status; exit code 1 where its status is 400 or more',
    )
    .option('--app <app>', 'a running app; its credentials are added')
    .option('--socket <path>', 'a Unix socket there')
    .option('--port <n>', 'a port there')
    .option('--node <name>', 'on this node, instead of the login node')
    .option('--json', 'status, type and body as JSON')
    .action((first: string | undefined, second: string | undefined, options: ApiGetOptions) =>
      runAction(options, async () => (await import('../actions/api-get.ts')).apiGet(first, second, options)),
    );
}

function declareOpenTunnels(program: Command): void {
  const actions = () => import('../actions/tunnels.ts');
  const tunnels = program.command('tunnels').description('Tunnels that the engine keeps open.');
  tunnels
    .command('ls', { isDefault: true })
    .description('list them, oldest first')
    .option('--cluster <cluster>', 'to this cluster')
    .option('--json', 'as JSON')
    .action((options: JsonOption & { cluster?: string }) =>
      runAction(options, async () => (await actions()).listTunnels(options)),
    );
  tunnels
    .command('close <tunnel>')
    .description('close one and all connections through it')
    .option('--json', 'as JSON')
    .action((id: string, options: JsonOption) =>
      runAction(options, async () => (await actions()).closeTunnel(id, options)),
    );
}
