import type { AuditEntry } from '../../shared/audit.ts';
import type { Cluster, ClusterFacts, ConnectionEvent } from '../../shared/clusters.ts';
import type { RecipeUse } from '../../shared/contract/history.ts';
import type { Instance, LaunchInput } from '../../shared/instances.ts';
import type { JobTemplate } from '../../shared/job-templates.ts';
import type { Preset } from '../../shared/presets.ts';
import type { Settings } from '../../shared/state.ts';
import type { Token } from '../../shared/tokens.ts';
import type { Transition } from '../../shared/transitions.ts';
import type { JobRecord } from './job-record.ts';
import type { NoticeList } from './notice-list.ts';
import type { RememberedRoute } from './remembered-route.ts';
import type { TransferRecord } from './transfer-record.ts';

export interface WantedTransitions {
  after?: number;
  limit: number;
  /** Ids of clusters; null and left out: of all. */
  clusters?: readonly string[] | null;
}

/** What this machine knows of an instance. The truth about it is on the cluster; this finds it again. */
export interface StoredInstance {
  instance: Instance;
  /** The user took it off the list: it is not adopted again from the cluster. */
  removed: boolean;
}

/** A token and the hash of its text. */
export interface StoredToken {
  token: Token;
  /** SHA-256, hex. */
  hash: string;
}

/** A launch that was asked for with a key. */
export interface LaunchKey {
  /** SHA-256 of what was asked for, hex. */
  inputHash: string;
  /** It is made with this id, also by a repeated request after a crash. */
  instanceId: string;
}

/** What a token used on one day. */
export interface UsedToday {
  jobs: number;
  bytes: number;
}

/** Which rows of the history: conditions of SQL that all hold, with their parameters in order. */
export interface HistoryCondition {
  where: readonly string[];
  parameters: readonly (string | number)[];
}

/** A batch job as it is kept here; one of both is there. */
export interface StoredJob {
  /** null: it was launched otherwise. */
  record: JobRecord | null;
  /** null: it was not submitted. */
  instance: Instance | null;
}

/** The batch jobs of the user. */
export interface JobStorage {
  saveJob(record: JobRecord): void;
  findJob(id: string): JobRecord | null;
  findJobByKey(key: string): JobRecord | null;
  /** Those that were never submitted and are not archived, newest first. */
  unsubmittedJobs(limit: number): JobRecord[];
  /** Newest first, without their logs. */
  pageOfJobs(condition: HistoryCondition, limit: number): StoredJob[];
  removeJob(id: string): void;
}

/** Transfers of files. */
export interface TransferStorage {
  saveTransfer(record: TransferRecord): void;
  findTransfer(id: string): TransferRecord | null;
  findTransferByKey(key: string): TransferRecord | null;
  /** Those that are not over, oldest first. */
  liveTransfers(): TransferRecord[];
  /** Those that are over, the last first. */
  endedTransfers(limit: number): TransferRecord[];
  /** Ids of those that are over, without so many that ended last. */
  oldTransfers(kept: number): string[];
  removeTransfer(id: string): void;
}

/** Templates of jobs. */
export interface TemplateStorage {
  saveTemplate(template: JobTemplate): void;
  /** By name. */
  templates(): JobTemplate[];
  removeTemplate(id: string): void;
}

/** A file that somebody else changed. */
export type EditedFile = 'settings' | 'clusters' | 'presets';

/** What other programs sign in with, and what all clients called. */
export interface ApiStorage {
  saveToken(stored: StoredToken): void;
  findToken(id: string): StoredToken | null;
  tokens(): Token[];
  addTokenUsage(tokenId: string, day: string, used: UsedToday): void;
  tokenUsage(tokenId: string, day: string): UsedToday;
  findLaunchKey(key: string): LaunchKey | null;
  saveLaunchKey(key: string, launch: LaunchKey, at: number): void;
  removeLaunchKey(key: string): void;
  addAuditEntry(entry: Omit<AuditEntry, 'id'>): void;
  removeAuditEntriesBefore(time: number): void;
  /** Newest first. */
  pageOfAudit(condition: HistoryCondition, limit: number): AuditEntry[];
  countAudit(condition: HistoryCondition): number;
}

/** Settings and clusters in readable files; instances, history and what was remembered in SQLite. */
export interface Storage extends ApiStorage, JobStorage, TemplateStorage, TransferStorage {
  settings(): Settings;
  saveSettings(change: Partial<Settings>): Settings;
  clusters(): Cluster[];
  saveCluster(cluster: Cluster): void;
  removeCluster(id: string): void;

  /** Those that have not ended and were not removed. */
  liveInstances(): Instance[];
  /** Those that ended last, newest first, without their logs. */
  recentEnded(limit: number): Instance[];
  /** Any of them, also removed, with its log; null: unknown. */
  findInstance(id: string): StoredInstance | null;
  /** Newest first, without their logs. */
  pageOfInstances(condition: HistoryCondition, limit: number): Instance[];
  /** How often each recipe was launched, and when last. */
  recipeUse(): RecipeUse[];
  saveInstance(stored: StoredInstance): void;
  facts(clusterId: string): ClusterFacts | null;
  saveFacts(clusterId: string, facts: ClusterFacts): void;
  /** `app`: the kind of app it is for, e.g. `slurm/socket`. */
  rememberedRoute(clusterId: string, app: string): RememberedRoute | null;
  rememberRoute(clusterId: string, app: string, route: RememberedRoute): void;
  /** Paths on the cluster. */
  unfinishedUploads(clusterId: string): string[];
  saveUnfinishedUploads(clusterId: string, paths: readonly string[]): void;
  lastValues(): Record<string, LaunchInput>;
  saveLastValues(key: string, input: LaunchInput): void;
  /** @returns what ends it */
  onLastValuesSaved(listener: () => void): () => void;
  presets(): Preset[];
  /** Applies a change to the presets that are saved now. */
  updatePresets(change: (presets: Preset[]) => Preset[]): void;
  addTransition(transition: Transition): void;
  /** Oldest first: those after the one with this id, or the newest. */
  transitions(which: WantedTransitions): Transition[];
  addConnectionEvent(event: ConnectionEvent): void;
  connectionEvents(limit: number): ConnectionEvent[];

  /** What the user should know, e.g. of files that were renamed because they could not be read. */
  readonly notices: NoticeList;
  /** Reads the files again when somebody else changes them, until the storage is closed. */
  watchFiles(onEdit: (file: EditedFile) => void): void;
  close(): Promise<void>;
}
