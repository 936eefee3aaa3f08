import { Command } from 'commander';
import { declareAppCommands } from './commands/apps.ts';
import { declareClusterCommands } from './commands/clusters.ts';
import { declareContainerCommands } from './commands/containers.ts';
import { declareEngineCommands } from './commands/engine.ts';
import { declareFileCommands } from './commands/files.ts';
import { declareFolderCommands } from './commands/folders.ts';
import { declareHelpCommands } from './commands/help.ts';
import { declareJobCommands } from './commands/jobs.ts';
import { declareMcpCommands } from './commands/mcp.ts';
import { declarePresetCommands } from './commands/presets.ts';
import { declareProxyCommands } from './commands/proxies.ts';
import { declareRecipeCommands } from './commands/recipes.ts';
import { declareSettingsCommands } from './commands/settings.ts';
import { declareSiteCommands } from './commands/sites.ts';
import { declareSourceCommands } from './commands/sources.ts';
import { declareSshConfigCommands } from './commands/ssh-config.ts';
import { declareTerminalCommands } from './commands/terminals.ts';
import { declareTokenCommands } from './commands/tokens.ts';
import { declareTransferCommands } from './commands/transfers.ts';
import { declareTunnelCommands } from './commands/tunnels.ts';
import { hostEngineHere } from './engine-connection.ts';
import { USAGE_FAILURE } from './exit-codes.ts';
import { declareGeneralOptions, type GeneralOptions } from './general-options.ts';
import { setOutput } from './output.ts';
import { version } from './version.ts';

/**
 * Every command of `tunel`, declared only: what a command does is loaded when it runs. docs/cli.md has a line for each.
 */
export function createProgram(): Command {
  const program = new Command('tunel')
    .description('Start apps on a cluster and reach them from here.')
    .version(version)
    .option('--no-engine', 'without an engine in the background, as in CI and containers; also TUNEL_NO_ENGINE=1')
    .option('--no-pager', 'print long lists at once, also on a terminal')
    .hook('preAction', (_program, command) => {
      const options = command.optsWithGlobals<GeneralOptions>();
      if (options.engine === false) hostEngineHere();
      setOutput(options);
    })
    .showSuggestionAfterError()
    // Commander exits with 1 for a wrong command line and with 0 after help.
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : USAGE_FAILURE))
    .configureHelp({ sortSubcommands: false });
  declareClusterCommands(program);
  declareRecipeCommands(program);
  declareAppCommands(program);
  declarePresetCommands(program);
  declareJobCommands(program);
  declareContainerCommands(program);
  declareTerminalCommands(program);
  declareTunnelCommands(program);
  declareProxyCommands(program);
  declareSshConfigCommands(program);
  declareFileCommands(program);
  declareTransferCommands(program);
  declareFolderCommands(program);
  declareSiteCommands(program);
  declareSourceCommands(program);
  declareTokenCommands(program);
  declareMcpCommands(program);
  declareSettingsCommands(program);
  declareEngineCommands(program);
  declareHelpCommands(program);
  declareGeneralOptions(program);
  return program;
}
