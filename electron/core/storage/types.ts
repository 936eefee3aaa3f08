import type { Cluster, ClusterFacts, ConnectionEvent } from '../../shared/clusters.ts';
import type { Instance, LaunchInput } from '../../shared/instances.ts';
import type { Preset } from '../../shared/presets.ts';
import type { Notice, Settings } from '../../shared/state.ts';
import type { RememberedRoute } from '../routes/remembered-route.ts';

/** What this machine knows of an instance. The truth about it is on the cluster; this finds it again. */
export interface StoredInstance {
  instance: Instance;
  /** The user took it off the list: it is not adopted again from the cluster. */
  removed: boolean;
}

/** Settings and clusters in readable files; instances, history and what was learnt in SQLite. */
export interface Storage {
  settings(): Settings;
  saveSettings(change: Partial<Settings>): Settings;
  clusters(): Cluster[];
  saveCluster(cluster: Cluster): void;
  removeCluster(id: string): void;

  instances(): StoredInstance[];
  saveInstance(stored: StoredInstance): void;
  facts(clusterId: string): ClusterFacts | null;
  saveFacts(clusterId: string, facts: ClusterFacts): void;
  /** `app`: the kind of app it is for, e.g. `slurm/socket`. */
  rememberedRoute(clusterId: string, app: string): RememberedRoute | null;
  rememberRoute(clusterId: string, app: string, route: RememberedRoute): void;
  lastValues(): Record<string, LaunchInput>;
  saveLastValues(key: string, input: LaunchInput): void;
  presets(): Preset[];
  savePresets(presets: Preset[]): void;
  addConnectionEvent(event: ConnectionEvent): void;
  connectionEvents(limit: number): ConnectionEvent[];

  /** Files that were set aside because they could not be read, for the user. */
  notices(): Notice[];
  close(): void;
}
