import type { CoreClient } from '../electron/client/core-client.ts';
import { dataDirectory } from '../electron/client/data-directory.ts';
import { findLiveEngine } from '../electron/client/engine-address.ts';
import { createReconnectingClient } from '../electron/client/reconnecting-client.ts';
import { createSocketClient } from '../electron/client/socket-client.ts';
import { installedFile } from './paths.ts';
import { version } from './version.ts';

export interface EngineConnection {
  readonly client: CoreClient;
  /** Ends this client, and the engine where it is hosted in this process. */
  close(): Promise<void>;
}

/** Set by `--no-engine`, or in the environment of CI and containers. */
const hostVariable = 'TUNEL_NO_ENGINE';

const isEngineHostedHere = (): boolean => !['', '0', undefined].includes(process.env[hostVariable]);

/** From now on every command of this process hosts the engine itself. */
export function hostEngineHere(): void {
  process.env[hostVariable] = '1';
}

/**
 * Finds the engine of the data directory, or starts one in the background where none runs.
 * @param token of another program, which is then the client instead of the owner
 */
export async function connectToEngine(token?: string): Promise<EngineConnection> {
  const data = dataDirectory();
  const findEngine = () => {
    const address = findLiveEngine(data);
    return address && token !== undefined ? { ...address, token } : address;
  };
  if (isEngineHostedHere()) {
    const { hostEngine } = await import('./local/in-process-engine.ts');
    const hosted = await hostEngine();
    const address = token === undefined ? null : findEngine();
    return address ? { client: createSocketClient(address, version), close: hosted.close } : hosted;
  }
  const client = createReconnectingClient({
    findEngine,
    version,
    async startEngine() {
      const { startBackground } = await import('../electron/client/start-background.ts');
      await startBackground(installedFile('engine-background.js'), data);
    },
  });
  return { client, close: async () => {} };
}
