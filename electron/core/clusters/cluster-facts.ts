import { EventEmitter } from 'node:events';
import type { ClusterFacts } from '../../shared/clusters.ts';
import type { LauncherName } from '../../shared/kinds.ts';
import type { SchedulerFacts } from '../../shared/sites.ts';
import type { Clock } from '../deps.ts';
import type { Launcher } from '../launchers/common/launcher.ts';
import { withConnection } from '../ssh/pool/with-connection.ts';
import type { Connections } from '../ssh/types.ts';
import type { Storage } from '../storage/types.ts';
import { unlessAborted } from '../unless-aborted.ts';
import { type DetectableConnection, readFacts, withModules } from './read-facts.ts';

/** After a connection is made: its first commands are the user's. */
const REFRESH_AFTER_MS = 2000;

interface ClusterFactsDeps {
  connections: Pick<Connections, 'acquire'>;
  storage: Pick<Storage, 'facts' | 'saveFacts'>;
  launchers: Readonly<Record<LauncherName, Launcher>>;
  clock: Clock;
  /** What the profile of the cluster's site says of its scheduler. */
  site?: (clusterId: string) => SchedulerFacts | undefined;
}

/** What was detected on each cluster: the only code that reads and saves it. */
export interface ClusterFactsService {
  /** null: nothing was detected there yet. */
  known(clusterId: string): ClusterFacts | null;
  /** The known facts, else those that the cluster gives now. The signal ends the wait of this caller only. */
  read(clusterId: string, connection: DetectableConnection, signal?: AbortSignal): Promise<ClusterFacts>;
  /** As `read`; connects where nothing is known. */
  connectAndRead(clusterId: string, signal?: AbortSignal): Promise<ClusterFacts>;
  /** Detects everything anew, the modules last; where something is known, what the user asks for meanwhile comes first. */
  refresh(clusterId: string, connection: DetectableConnection, signal?: AbortSignal): Promise<ClusterFacts>;
  /** @returns what ends it */
  onChange(listener: (clusterId: string) => void): () => void;
}

interface Reading {
  connection: DetectableConnection;
  facts: Promise<ClusterFacts>;
}

export function createClusterFacts({
  connections,
  storage,
  launchers,
  clock,
  site,
}: ClusterFactsDeps): ClusterFactsService {
  const emitter = new EventEmitter<{ changed: [clusterId: string] }>();
  const readings = new Map<string, Reading>();

  const save = (clusterId: string, facts: ClusterFacts): ClusterFacts => {
    storage.saveFacts(clusterId, facts);
    emitter.emit('changed', clusterId);
    return facts;
  };

  /** Callers with one connection share one reading; it has no signal, because it ends with that connection. */
  const readOnce = (clusterId: string, connection: DetectableConnection): Promise<ClusterFacts> => {
    const running = readings.get(clusterId);
    if (running?.connection === connection) return running.facts;
    const known = storage.facts(clusterId);
    const facts = readFacts(connection, { launchers, clock, site: site?.(clusterId) }, known).then((read) => {
      if (read.loginVariables) connection.setLoginVariables(read.loginVariables);
      return save(clusterId, read);
    });
    const reading: Reading = { connection, facts };
    readings.set(clusterId, reading);
    const forget = () => {
      if (readings.get(clusterId) === reading) readings.delete(clusterId);
    };
    facts.then(forget, forget);
    return facts;
  };

  const read: ClusterFactsService['read'] = async (clusterId, connection, signal) =>
    storage.facts(clusterId) ?? unlessAborted(readOnce(clusterId, connection), signal);

  return {
    known: storage.facts,
    read,
    connectAndRead: async (clusterId, signal) =>
      storage.facts(clusterId) ??
      withConnection(connections, clusterId, signal, (connection) => read(clusterId, connection, signal)),
    async refresh(clusterId, connection, signal) {
      const known = storage.facts(clusterId);
      if (known) {
        if (known.loginVariables) connection.setLoginVariables(known.loginVariables);
        await clock.sleep(REFRESH_AFTER_MS, signal);
      }
      const facts = await unlessAborted(readOnce(clusterId, connection), signal);
      return save(clusterId, await withModules(facts, connection, signal));
    },
    onChange(listener) {
      emitter.on('changed', listener);
      return () => emitter.off('changed', listener);
    },
  };
}
