import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import {
  type Cluster,
  type ClusterInput,
  type ClusterState,
  type ClusterTest,
  clusterSchema,
} from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import { applySite } from '../../shared/site-policy.ts';
import type { SiteProfile } from '../../shared/sites.ts';
import type { Clock, Secrets } from '../deps.ts';
import type { Launcher } from '../launchers/common/launcher.ts';
import type { Connections } from '../ssh/types.ts';
import type { Storage } from '../storage/types.ts';
import { secretAccounts } from './secret-accounts.ts';

interface ClustersDeps {
  storage: Pick<Storage, 'clusters' | 'saveCluster' | 'removeCluster' | 'facts'>;
  secrets: Secrets;
  clock: Clock;
  connections: Connections;
  launchers: readonly Launcher[];
  /** Instances that still run there keep a cluster from being removed. */
  runningOn: (clusterId: string) => string[];
}

/** The saved clusters: what a user does with them. */
export function createClusters(deps: ClustersDeps) {
  const { storage, secrets, clock, connections } = deps;
  const remembered = new Map<string, number>();
  const emitter = new EventEmitter<{ changed: [] }>();

  const get = (id: string): Cluster => {
    const cluster = storage.clusters().find((candidate) => candidate.id === id);
    if (!cluster) throw new AppError('not-found', 'This cluster is no longer saved.', { hint: 'Add it again.' });
    return cluster;
  };

  const save = (id: string | undefined, input: ClusterInput): { id: string } => {
    const old = id === undefined ? null : get(id);
    if (old?.demo) {
      throw new AppError('bad-input', 'The demo cluster is managed by Tunel.', { hint: 'Add a cluster of your own.' });
    }
    const cluster = clusterSchema.parse({
      ...input,
      id: old?.id ?? randomUUID(),
      createdAt: old?.createdAt ?? clock.now(),
      demo: false,
      site: old?.site ?? null,
    });
    storage.saveCluster(cluster);
    emitter.emit('changed');
    return { id: cluster.id };
  };

  return {
    get,
    /** After a change of what `states` gives. @returns what ends it */
    onChange(listener: () => void): () => void {
      emitter.on('changed', listener);
      return () => emitter.off('changed', listener);
    },
    save,
    states(): ClusterState[] {
      return storage.clusters().map((cluster) => ({
        cluster,
        connection: connections.status(cluster.id),
        facts: applySite({ cluster, facts: storage.facts(cluster.id) }).facts,
        rememberedSecrets: remembered.get(cluster.id) ?? 0,
      }));
    },
    copy(id: string): { id: string } {
      const { id: _id, createdAt: _createdAt, demo: _demo, site, ...input } = get(id);
      const taken = new Set(storage.clusters().map(({ name }) => name));
      let name = `${input.name} copy`;
      for (let number = 2; taken.has(name); number += 1) name = `${input.name} copy ${number}`;
      const copy = save(undefined, { ...input, name });
      if (site) this.setSite(copy.id, site);
      return copy;
    },
    /** Takes over a site's profile, or lets go of it with null; what was detected and the user's own settings stay. */
    setSite(id: string, site: SiteProfile | null): void {
      const cluster = get(id);
      if (cluster.demo) {
        throw new AppError('bad-input', 'The demo cluster is managed by Tunel.', {
          hint: 'Add a cluster of your own.',
        });
      }
      storage.saveCluster({ ...cluster, site });
      emitter.emit('changed');
    },
    async remove(id: string): Promise<void> {
      const cluster = get(id);
      const running = deps.runningOn(id);
      if (running.length > 0) {
        throw new AppError('conflict', `${running.length} apps still run on ${cluster.name}: ${running.join(', ')}.`, {
          hint: 'Stop them first.',
        });
      }
      await connections.disconnect(id);
      await this.forgetSecrets(id);
      storage.removeCluster(id);
      remembered.delete(id);
      emitter.emit('changed');
    },
    async test(input: ClusterInput, signal: AbortSignal): Promise<ClusterTest> {
      const cluster = clusterSchema.parse({
        ...input,
        id: `test:${randomUUID()}`,
        createdAt: clock.now(),
        demo: false,
      });
      const { connection, close, ...found } = await connections.test(cluster, signal);
      try {
        const detected = await Promise.all(deps.launchers.map((launcher) => launcher.detect(connection, signal)));
        return { ...found, launchers: detected.filter((info) => info !== null) };
      } finally {
        close();
      }
    },
    async forgetSecrets(id: string): Promise<void> {
      for (const account of secretAccounts(get(id))) await secrets.remove(account);
      await this.countSecrets();
    },
    /** Asks the keychain how many secrets it holds for each cluster, for the screen. */
    async countSecrets(): Promise<void> {
      const accounts = new Set([...(await secrets.list('password:')), ...(await secrets.list('passphrase:'))]);
      for (const cluster of storage.clusters()) {
        remembered.set(cluster.id, secretAccounts(cluster).filter((account) => accounts.has(account)).length);
      }
      emitter.emit('changed');
    },
  };
}
