import type { EngineHost } from '../../electron/core/api/engine-requests.ts';

/** A process with one client that answers questions. */
export const testHost: EngineHost = {
  version: 'test',
  kind: 'command',
  startedAt: Date.now(),
  clients: () => 1,
  prompters: () => 1,
  streams: () => 0,
  loopback: () => null,
  onChange: () => () => undefined,
  stop: () => undefined,
};
