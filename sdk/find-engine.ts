import { fileURLToPath } from 'node:url';
import { dataDirectory } from '../electron/client/data-directory.ts';
import { type EngineEndpoint, findLiveEngine, readEngineAddress } from '../electron/client/engine-address.ts';
import { AppError } from '../electron/shared/errors.ts';
import { TokenInvalidError } from './errors.ts';

/** Which engine a program means; what is left out comes from the environment, else is that of the data directory. */
export interface EngineOptions {
  /** `TUNEL_DATA_DIR`, else the one of the app. */
  dataDirectory?: string;
  /** `TUNEL_SOCKET`. No engine is started for it. */
  socket?: string;
  /** `TUNEL_TOKEN`, else that of the owner, which only the owner's own programs can read. */
  token?: string;
  /** Whether to start an engine in the background where none runs; default true. */
  start?: boolean;
}

/** @internal */
export interface EngineSearch {
  findEngine: () => EngineEndpoint | null;
  startEngine: () => Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * How to find the engine that is meant. @throws TunelError `token-invalid` for a socket whose token nobody gave
 * @internal
 */
export function searchEngine(options: EngineOptions, environment: Environment = process.env): EngineSearch {
  const data = options.dataDirectory ?? dataDirectory(environment);
  const socket = options.socket ?? environment.TUNEL_SOCKET;
  const token = options.token ?? environment.TUNEL_TOKEN;
  if (socket) return searchSocket(socket, token, data);
  return {
    findEngine() {
      const address = findLiveEngine(data);
      return address && { socket: address.socket, token: token || address.token };
    },
    startEngine: options.start === false ? refuseToStart : () => startEngine(data),
  };
}

function searchSocket(socket: string, token: string | undefined, data: string): EngineSearch {
  const find = (): EngineEndpoint | null => {
    if (token) return { socket, token };
    const address = readEngineAddress(data);
    return address?.socket === socket ? address : null;
  };
  if (find() === null) {
    throw new TokenInvalidError('token-invalid', `There is no token for the socket ${socket}.`, {
      hint: 'Set TUNEL_TOKEN to a token of: tunel token create',
    });
  }
  return { findEngine: find, startEngine: refuseToStart };
}

async function refuseToStart(): Promise<void> {
  throw new AppError('engine-down', 'No engine runs, and this program does not start one.', {
    hint: 'Start the app, or run: tunel engine start',
  });
}

async function startEngine(data: string): Promise<void> {
  const { startBackground } = await import('../electron/client/start-background.ts');
  await startBackground(fileURLToPath(new URL('../engine-background.js', import.meta.url)), data);
}
