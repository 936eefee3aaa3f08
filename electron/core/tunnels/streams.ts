import { PassThrough } from 'node:stream';
import { plainStream, type StreamHandlersOf } from '../byte-streams.ts';
import type { SharedTunnels } from './shared-tunnels.ts';

export function tunnelStreams(shared: SharedTunnels): StreamHandlersOf<'tunnels.hold' | 'tunnels.connect'> {
  return {
    async 'tunnels.hold'({ clusterId, target }, signal) {
      const { tunnel, release } = await shared.acquire(clusterId, target, signal);
      return plainStream({ route: tunnel.info }, new PassThrough(), release);
    },
    async 'tunnels.connect'({ clusterId, target }, signal) {
      const { tunnel, release } = await shared.acquire(clusterId, target, signal);
      try {
        return plainStream({ route: tunnel.info }, await tunnel.open(signal), release);
      } catch (error) {
        release();
        throw error;
      }
    },
  };
}
