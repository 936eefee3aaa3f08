import type { CoreClient } from '../electron/client/core-client.ts';

export interface EngineConnection {
  readonly client: CoreClient;
  /** Ends this client, and the engine where it is hosted in this process. */
  close(): Promise<void>;
}

/** Set by `--no-engine`, or in the environment of CI and containers. */
const hostVariable = 'TUNEL_NO_ENGINE';

export const isEngineHostedHere = (): boolean => !['', '0', undefined].includes(process.env[hostVariable]);

/** From now on every command of this process hosts the engine itself. */
export function hostEngineHere(): void {
  process.env[hostVariable] = '1';
}

export async function connectToEngine(): Promise<EngineConnection> {
  const { hostEngine } = await import('./local/in-process-engine.ts');
  return hostEngine();
}
