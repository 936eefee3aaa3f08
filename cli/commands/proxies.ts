import type { Command } from 'commander';
import type { ProxyOptions } from '../actions/proxy.ts';
import { runAction } from '../output.ts';

export function declareProxyCommands(program: Command): void {
  program
    .command('proxy [cluster]')
    .description(
      'one SSH connection on the standard input and output, as the ProxyCommand of ssh: tunel proxy hpc; tunel proxy --app ID',
    )
    .option('--app <app>', 'to the node of a running app, inside its job')
    .option('--node <name>', 'to this node of the cluster, instead of the login node')
    .option('--host <name>', 'by the name that ssh uses: tunel-hpc, tunel-ID')
    .option('--data-directory <path>', 'the data directory, instead of TUNEL_DATA_DIR')
    .action((cluster: string | undefined, options: ProxyOptions) =>
      runAction({}, async () => {
        if (options.dataDirectory !== undefined) process.env.TUNEL_DATA_DIR = options.dataDirectory;
        process.exitCode = await (await import('../actions/proxy.ts')).openProxy(cluster, options);
      }),
    );
}
