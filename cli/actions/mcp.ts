import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { CoreClient } from '../../electron/client/core-client.ts';
import { type TokenScope, tokenScopes } from '../../electron/shared/tokens.ts';
import { onEndingSignal } from '../end-by-signal.ts';
import { connectToEngine } from '../engine-connection.ts';
import { withEngine } from '../engine-session.ts';
import { readOwnToken } from '../mcp/own-token.ts';
import { createMcpServer } from '../mcp/server.ts';
import { checkToken, readTokenFile } from '../mcp/token-file.ts';

export interface McpOptions {
  tokenFile?: string;
}

/** Serves an agent on the standard input and output until it closes them. */
export async function serveMcp({ tokenFile }: McpOptions): Promise<void> {
  const token = await findToken(tokenFile);
  const { client, close } = await connectToEngine(token);
  const life = new AbortController();
  try {
    const own = await client.request('tokens.own', undefined);
    const scopes: readonly TokenScope[] = own?.scopes ?? tokenScopes;
    stayConnected(client, life.signal);
    await serveUntilClosed(client, scopes);
  } finally {
    life.abort();
    await close();
  }
}

async function findToken(tokenFile: string | undefined): Promise<string> {
  if (tokenFile !== undefined) return readTokenFile(tokenFile);
  const { TUNEL_TOKEN: given } = process.env;
  if (given !== undefined && given !== '') return checkToken(given, 'TUNEL_TOKEN');
  return withEngine(({ client }) => readOwnToken(client, Date.now()));
}

/** An engine in the background ends without clients, and with it the sign-ins that the agent uses. */
function stayConnected(client: CoreClient, signal: AbortSignal): void {
  // Its end says nothing that the next call does not say.
  client.subscribe(() => undefined, { answersPrompts: false, signal }).catch(() => undefined);
}

async function serveUntilClosed(client: CoreClient, scopes: readonly TokenScope[]): Promise<void> {
  const server = createMcpServer(client, scopes);
  const closed = new Promise<void>((resolve) => {
    server.onclose = resolve;
  });
  const end = () => void server.close();
  process.stdin.once('end', end);
  const stopListening = onEndingSignal(end);
  await server.connect(new StdioServerTransport());
  await closed;
  stopListening();
  process.stdin.pause();
}
