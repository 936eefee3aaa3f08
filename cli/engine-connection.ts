import type { CoreClient } from '../electron/client/core-client.ts';
import { dataDirectory } from '../electron/client/data-directory.ts';
import { findLiveEngine } from '../electron/client/engine-address.ts';
import { createReconnectingClient } from '../electron/client/reconnecting-client.ts';
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

/** Finds the engine of the data directory, or starts one in the background where none runs. */
export async function connectToEngine(): Promise<EngineConnection> {
  if (isEngineHostedHere()) {
    const { hostEngine } = await import('./local/in-process-engine.ts');
    return hostEngine();
  }
  const data = dataDirectory();
  const client = createReconnectingClient({
    findEngine: () => findLiveEngine(data),
    version,
    async startEngine() {
      const { startBackground } = await import('../electron/client/start-background.ts');
      await startBackground(installedFile('engine-background.js'), data);
    },
  });
  return { client, close: async () => {} };
}
