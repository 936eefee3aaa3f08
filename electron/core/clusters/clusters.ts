import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { checkApiAllowed } from '../../shared/api-policy.ts';
import {
  type Cluster,
  type ClusterInput,
  type ClusterState,
  type ClusterTest,
  clusterSchema,
} from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import { applySite } from '../../shared/site-policy.ts';
import type { SiteProfile } from '../../shared/sites.ts';
import type { Clock, Secrets } from '../deps.ts';
import type { Launcher } from '../launchers/common/launcher.ts';
import { LoginVariablesReading } from '../ssh/shells/login-variables-reading.ts';
import { ScriptBatch } from '../ssh/shells/script-batch.ts';
import type { Connections } from '../ssh/types.ts';
import type { Storage } from '../storage/types.ts';
import { copyName } from './copy-name-policy.ts';
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

export type Clusters = SavedClusters;

export const createClusters = (deps: ClustersDeps): Clusters => new SavedClusters(deps);

/** The saved clusters: what a user does with them. */
class SavedClusters {
  readonly #deps: ClustersDeps;
  readonly #rememberedSecrets = new Map<string, number>();
  readonly #emitter = new EventEmitter<{ changed: [] }>();

  /** A property, because it is handed to other features by itself. @throws AppError `not-found` */
  readonly get = (id: string): Cluster => {
    const cluster = this.#deps.storage.clusters().find((candidate) => candidate.id === id);
    if (!cluster) throw new AppError('not-found', 'This cluster is no longer saved.', { hint: 'Add it again.' });
    return cluster;
  };

  constructor(deps: ClustersDeps) {
    this.#deps = deps;
  }

  /** After a change of what `states` gives. @returns what ends it */
  onChange(listener: () => void): () => void {
    this.#emitter.on('changed', listener);
    return () => this.#emitter.off('changed', listener);
  }

  states(): ClusterState[] {
    const { storage, connections } = this.#deps;
    return storage.clusters().map((cluster) => ({
      cluster,
      connection: connections.status(cluster.id),
      facts: applySite({ cluster, facts: storage.facts(cluster.id) }).facts,
      rememberedSecrets: this.#rememberedSecrets.get(cluster.id) ?? 0,
    }));
  }

  save(id: string | undefined, input: ClusterInput): { id: string } {
    const old = id === undefined ? null : this.get(id);
    if (old) checkIsOwn(old);
    const cluster = clusterSchema.parse({
      ...input,
      id: old?.id ?? randomUUID(),
      createdAt: old?.createdAt ?? this.#deps.clock.now(),
      demo: false,
      site: old?.site ?? null,
      ...(old?.allowsApi !== undefined && { allowsApi: old.allowsApi }),
    });
    this.#deps.storage.saveCluster(cluster);
    this.#emitter.emit('changed');
    return { id: cluster.id };
  }

  copy(id: string): { id: string } {
    const { id: _id, createdAt: _createdAt, demo: _demo, site, ...input } = this.get(id);
    const taken = new Set(this.#deps.storage.clusters().map(({ name }) => name));
    const copy = this.save(undefined, { ...input, name: copyName(input.name, taken) });
    if (site) this.setSite(copy.id, site);
    return copy;
  }

  /** Whether programs with a token may use it. @throws AppError `not-found` */
  allowApi(id: string, allow: boolean): void {
    const cluster = this.get(id);
    if (allow) checkApiAllowed(cluster);
    this.#deps.storage.saveCluster({ ...cluster, allowsApi: allow });
    this.#emitter.emit('changed');
  }

  /** Applies a site's profile, or removes it with null; what was detected and the user's own settings stay. */
  setSite(id: string, site: SiteProfile | null): void {
    const cluster = this.get(id);
    checkIsOwn(cluster);
    this.#deps.storage.saveCluster({ ...cluster, site });
    this.#emitter.emit('changed');
  }

  async remove(id: string): Promise<void> {
    const cluster = this.get(id);
    const running = this.#deps.runningOn(id);
    if (running.length > 0) {
      throw new AppError(
        'conflict',
        message`${{ count: running.length }} apps still run on ${{ name: cluster.name }}: ${{ apps: running.join(', ') }}.`,
        {
          hint: 'Stop them first.',
        },
      );
    }
    await this.#deps.connections.disconnect(id);
    await this.forgetSecrets(id);
    this.#deps.storage.removeCluster(id);
    this.#rememberedSecrets.delete(id);
    this.#emitter.emit('changed');
  }

  async test(input: ClusterInput, signal: AbortSignal): Promise<ClusterTest> {
    const { connections, launchers, clock } = this.#deps;
    const cluster = clusterSchema.parse({
      ...input,
      id: `test:${randomUUID()}`,
      createdAt: clock.now(),
      demo: false,
    });
    const { connection, close, ...found } = await connections.test(cluster, signal);
    try {
      const batch = new ScriptBatch(connection);
      const detecting = Promise.all(launchers.map((launcher) => launcher.detect(batch, signal)));
      await batch.send(new LoginVariablesReading(connection, signal), { signal, timeoutMs: 60_000 });
      const detected = await detecting;
      return { ...found, launchers: detected.filter((info) => info !== null) };
    } finally {
      close();
    }
  }

  async forgetSecrets(id: string): Promise<void> {
    for (const account of secretAccounts(this.get(id))) await this.#deps.secrets.remove(account);
    await this.countSecrets();
  }

  /** Asks the keychain how many secrets it holds for each cluster, for the screen. */
  async countSecrets(): Promise<void> {
    const { secrets, storage } = this.#deps;
    const accounts = new Set([...(await secrets.list('password:')), ...(await secrets.list('passphrase:'))]);
    for (const cluster of storage.clusters()) {
      this.#rememberedSecrets.set(
        cluster.id,
        secretAccounts(cluster).filter((account) => accounts.has(account)).length,
      );
    }
    this.#emitter.emit('changed');
  }
}

function checkIsOwn(cluster: Cluster): void {
  if (!cluster.demo) return;
  throw new AppError('bad-input', 'The demo cluster is managed by Tunel.', { hint: 'Add a cluster of your own.' });
}
