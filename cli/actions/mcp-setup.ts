import { type TokenScope, tokenScopes } from '../../electron/shared/tokens.ts';
import { withEngine } from '../engine-session.ts';
import { findCluster } from '../find-in-state.ts';
import type { JsonOption } from '../json-option.ts';
import { agentTokenFile, writeTokenFile } from '../mcp/token-file.ts';
import { readChoice, readEnd } from '../option-values.ts';
import { printJson, printProgress } from '../output.ts';
import { installedFile } from '../paths.ts';
import { UsageError } from '../usage-error.ts';

export interface McpSetupOptions extends JsonOption {
  name: string;
  scope: string;
  cluster?: string;
  expires: string;
  confirmWrites: boolean;
}

/** Makes a token for an agent and prints what the agent's configuration takes. */
export function setUpMcp({ name, scope, cluster, expires, confirmWrites }: McpSetupOptions): Promise<void> {
  if (!/^[\w-]{1,60}$/.test(name)) {
    throw new UsageError('--name takes letters, digits, hyphens and underscores.');
  }
  const scopes = listOf(scope).map((word): TokenScope => readChoice('--scope', word, tokenScopes));
  const expiresAt = expires === 'never' ? null : readEnd('--expires', expires, Date.now());
  return withEngine(async ({ request }) => {
    const { clusters: saved } = (await request('app.state', undefined)).state;
    const named = cluster === undefined ? null : listOf(cluster).map((each) => findCluster({ clusters: saved }, each));
    const { text } = await request('tokens.create', {
      ...{ name, expiresAt, confirmsWrites: confirmWrites },
      // Without it an agent could not even be told what it may do.
      scopes: scopes.includes('read') ? scopes : ['read', ...scopes],
      clusters: named?.map(({ id }) => id) ?? null,
    });
    const file = agentTokenFile(name);
    writeTokenFile(file, text);
    printJson({ mcpServers: { tunel: describeServer(file) } });
    printProgress(
      `The token of ${name} is in ${file}, which only you can read. Revoke it with: tunel token revoke ${name}`,
    );
    if (confirmWrites) printProgress('Each write asks you in the window of Tunel; see also: tunel token waiting');
    for (const { name: clusterName, allowsApi } of named ?? []) {
      if (!allowsApi) printProgress(`${clusterName} does not allow it yet: tunel clusters allow-api ${clusterName}`);
    }
  });
}

/** How an agent starts the server: by whole paths, since it may have another PATH. */
function describeServer(tokenFile: string) {
  const { TUNEL_DATA_DIR } = process.env;
  const env = {
    ...(process.versions.electron !== undefined && { ELECTRON_RUN_AS_NODE: '1' }),
    ...(TUNEL_DATA_DIR !== undefined && { TUNEL_DATA_DIR }),
  };
  return {
    command: process.execPath,
    args: [installedFile('cli.js'), 'mcp', '--token-file', tokenFile],
    ...(Object.keys(env).length > 0 && { env }),
  };
}

const listOf = (text: string): string[] => text.split(',').map((word) => word.trim());
