import { once, setMaxListeners } from 'node:events';
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import { listenPrivately } from '../../client/private-socket.ts';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import { acceptStreams } from './accept-streams.ts';
import type { ServerDeps } from './route-context.ts';
import { createRoutes } from './routes.ts';

/** An upload takes as long as it takes; what comes before it does not, and Node sets no limit for it where the whole has none. */
export const httpLimits = { requestTimeout: 0, headersTimeout: 60_000 } as const;
/** Connections to the port of 127.0.0.1, which every user of the computer can open without a token. */
const MOST_CONNECTIONS = 2000;

/** How long clients may take to read why the engine ends, ms. */
const FAREWELL_LIMIT = 1000;

/** Answers clients on a private socket until closed. @throws AppError `storage` where it cannot listen */
export async function serveApi(socketPath: string, deps: ServerDeps): Promise<ApiServer> {
  const { server, close } = createApi(deps);
  await listen(server, socketPath);
  return { close };
}

/**
 * Answers programs with a token on a port of 127.0.0.1, which every user of this computer can reach; 0: any free port.
 * @throws AppError `conflict` where it cannot listen
 */
export async function serveLoopback(asked: number, deps: ServerDeps): Promise<ApiServer & { readonly port: number }> {
  let port = asked;
  // A page of a browser that a foreign name led here sends that name.
  const isHost = (name: string | undefined) => name === `127.0.0.1:${port}` || name === `localhost:${port}`;
  const { server, close } = createApi({ ...deps, admission: { ...deps.admission, token: null, isHost } });
  server.maxConnections = MOST_CONNECTIONS;
  try {
    server.listen(asked, '127.0.0.1');
    await once(server, 'listening');
  } catch (cause) {
    throw new AppError('conflict', message`The engine cannot listen on port ${{ port: asked }} of 127.0.0.1.`, {
      hint: 'Choose another port, or any free one.',
      detail: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
  const address = server.address();
  if (typeof address === 'object' && address !== null) ({ port } = address);
  return { port, close };
}

export interface ApiServer {
  /** Ends all connections; `reason`: sent to the clients before. */
  close(reason: AppError | null): Promise<void>;
}

function createApi(deps: ServerDeps): ApiServer & { server: Server } {
  const stopping = new AbortController();
  // Every request and stream that is open waits for it.
  setMaxListeners(0, stopping.signal);
  const routeDeps = { ...deps, stopping: stopping.signal };
  const server = createServer(httpLimits, getRequestListener(createRoutes(routeDeps).fetch));
  server.on('error', (error) => deps.logger.warn('The engine cannot accept', { error: error.message }));
  const closeStreams = acceptStreams(server, routeDeps);
  return {
    server,
    async close(reason) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      if (reason) {
        stopping.abort(reason);
        await Promise.race([closed, sleep(FAREWELL_LIMIT, undefined, { ref: false })]);
      }
      server.closeAllConnections();
      closeStreams();
      await closed;
    },
  };
}

/** The caller has the engine's lock, so a socket that is left there is nobody's. */
async function listen(server: Server, path: string): Promise<void> {
  const isFile = process.platform !== 'win32';
  if (isFile) rmSync(path, { force: true });
  try {
    await new Promise<void>((resolve, reject) => {
      server.on('error', reject);
      server.once('listening', () => resolve());
      listenPrivately(server, path);
    });
    if (isFile) chmodSync(path, 0o600);
  } catch (cause) {
    throw new AppError('storage', message`The engine cannot listen on ${{ path }}.`, {
      hint: 'Check that the disk has space and the folder is yours.',
      detail: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
}
