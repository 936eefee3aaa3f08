import type * as contract from '../../shared/contract/engine.ts';
import type { EngineStatus } from '../../shared/contract/engine.ts';
import type { HandlersOf } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import { seesCluster } from '../../shared/tokens.ts';

/** What the process around the core knows and does. */
export interface EngineHost {
  readonly version: string;
  readonly kind: EngineStatus['host'];
  readonly startedAt: number;
  /** Clients that listen to events now. */
  clients(): number;
  /** Those of them that show questions to a person. */
  prompters(): number;
  /** Open terminals, commands, tunnels and transfers. */
  streams(): number;
  /** The API on 127.0.0.1; null: off. */
  loopback(): EngineStatus['loopback'];
  /** Calls the listener when one of the counts changes, until the returned function is called. */
  onChange(listener: () => void): () => void;
  /** Ends the process in order, after this request was answered. */
  stop(): void;
}

interface EngineRequestDeps {
  host: EngineHost;
  /** Ids of clusters with a live connection. */
  connected: () => string[];
  /** Titles of running apps and jobs. */
  liveInstances: () => string[];
  startDemo: () => Promise<{ clusterId: string }>;
}

export function engineRequests(deps: EngineRequestDeps): HandlersOf<keyof typeof contract.requests> {
  const { host, connected, liveInstances, startDemo } = deps;
  const status = (): EngineStatus => ({
    version: host.version,
    host: host.kind,
    pid: process.pid,
    startedAt: host.startedAt,
    clients: host.clients(),
    connections: connected(),
    liveInstances: liveInstances().length,
    streams: host.streams(),
    loopback: host.loopback(),
  });
  return {
    'engine.status'(_input, _signal, caller) {
      const all = status();
      return { ...all, connections: all.connections.filter((id) => seesCluster(caller, id)) };
    },
    'engine.stop': ({ force }) => {
      const { connections, streams } = status();
      if (!force && (connections.length > 0 || streams > 0)) {
        throw new AppError(
          'conflict',
          message`The engine is in use: ${{ connections: connections.length }} connected clusters, ${{ streams }} open streams.`,
          { hint: 'Force it with: tunel engine stop --force. Running apps go on, sign-ins are needed again.' },
        );
      }
      host.stop();
    },
    'demo.start': startDemo,
  };
}
