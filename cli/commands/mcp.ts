import type { Command } from 'commander';
import type { McpOptions } from '../actions/mcp.ts';
import type { McpSetupOptions } from '../actions/mcp-setup.ts';
import { runAction } from '../output.ts';

export function declareMcpCommands(program: Command): void {
  const mcp = program.command('mcp').description('Clusters for agents, by the Model Context Protocol.');

  mcp
    .command('serve', { isDefault: true })
    .description('a server on the standard input and output, which an agent starts; by default it can only look')
    .option('--token-file <file>', 'the token it uses, instead of TUNEL_TOKEN or a read-only one of its own')
    .action((options: McpOptions) => runAction({}, async () => (await import('../actions/mcp.ts')).serveMcp(options)));

  mcp
    .command('setup')
    .description("make a token for an agent, and print what the agent's configuration takes")
    .option('--name <name>', 'what the agent is called', 'agent')
    .option('--scope <scopes>', 'what it may do, separated by commas: read, files, launch, jobs, shell', 'read')
    .option('--cluster <clusters>', 'only these clusters, separated by commas; otherwise all that allow the API')
    .option('--expires <time>', 'when it ends, e.g. 12h, 30d or 2027-01-31; never: does not', '30d')
    .option('--no-confirm-writes', 'without asking you at each write')
    .action((options: McpSetupOptions) =>
      runAction({}, async () => (await import('../actions/mcp-setup.ts')).setUpMcp(options)),
    );
}
