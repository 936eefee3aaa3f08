import type { Cluster } from '../../shared/clusters.ts';
import type { Exposure, Instance, LaunchInput, Resources } from '../../shared/instances.ts';
import type { LauncherName } from '../../shared/kinds.ts';
import type { ClusterFactsService } from '../clusters/cluster-facts.ts';
import type { Clock, Logger } from '../deps.ts';
import type { Gateway } from '../gateway/types.ts';
import type { Row } from '../launchers/common/arrays.ts';
import type { Launcher, Verdict } from '../launchers/common/launcher.ts';
import type { RecipeLibrary, Render } from '../recipes/types.ts';
import type { FindRoute } from '../routes/types.ts';
import type { Connection, Connections } from '../ssh/types.ts';
import type { Storage } from '../storage/types.ts';
import type { AppAnswer } from './ask-app.ts';
import type { InstanceStoreDeps } from './instance-store.ts';
import type { LaunchFiles } from './ports.ts';

/** What is kept of a batch job that was made before it was submitted. */
export interface KeptJob {
  /** Absolute, on the cluster: its inputs, and where its results belong. */
  directory: string;
  /** Where its script runs, as the user gave it; empty: in that directory. */
  runDirectory: string;
  /** The script that the user wrote; null: the one that the recipe gives. */
  script: string | null;
}

export interface InstancesDeps {
  connections: Connections;
  storage: InstanceStoreDeps['storage'] & Pick<Storage, 'rememberedRoute' | 'rememberRoute' | 'saveLastValues'>;
  launchers: Readonly<Record<LauncherName, Launcher>>;
  library: Pick<RecipeLibrary, 'get' | 'resolve'>;
  render: Render;
  findRoute: FindRoute;
  gateway: Pick<Gateway, 'add' | 'remove' | 'wake'>;
  launchFiles: LaunchFiles;
  /** null: no job of this id was made here. */
  findJob: (id: string) => KeptJob | null;
  clusters: (id: string) => Cluster | undefined;
  facts: Pick<ClusterFactsService, 'known' | 'read'>;
  clock: Clock;
  logger: Logger;
}

export interface LogPart {
  text: string;
  /** Bytes: where the text begins in the log, where the next read begins, and how long the log is. */
  offset: number;
  next: number;
  size: number;
}

export interface LogEvent {
  id: string;
  /** Bytes of the log, as in `LogPart`. */
  offset: number;
  next: number;
  text: string;
}

export interface LaunchOptions {
  /** Its id, where it was chosen before. */
  id?: string;
  /** Called with what is asked of the scheduler before anything is written; what it throws refuses the launch. */
  admit?(resources: Resources): void;
}

/** The running apps of every cluster. An app lives on its cluster; what is here only watches and reaches it. */
export interface Instances {
  /**
   * Takes up again what was live when this machine last ran: connects to those clusters and re-attaches.
   * Call once, when clusters can be connected. A process that does not call it never goes on with another's launch.
   */
  start(): void;
  /**
   * Checks the input, writes the instance down and returns; the launch goes on and shows in `list`.
   * @throws AppError `not-found`, `bad-input`, `template-invalid`, `command-missing`, `queue-unknown`, `limit-exceeded`
   */
  launch(input: LaunchInput, options?: LaunchOptions): { id: string };
  /** As `launch`, of a job that was made before: its instance has the id of the job. */
  launchJob(id: string, input: LaunchInput, options?: Pick<LaunchOptions, 'admit'>): void;
  /** What a job of this id would be submitted with. @throws AppError as `launch`, `bad-input` for an app */
  planJob(id: string, input: LaunchInput, job: KeptJob): { script: string; launcher: LauncherName };
  /** Before ready: cancels and cleans up. After: asks the app to end, and ends it after a grace of 10 s. */
  stop(id: string): void;
  end(id: string): void;
  /** Releases its job from the user's hold. @throws AppError `conflict`: not on hold, or held by others; as `Launcher.release` */
  release(id: string): Promise<void>;
  /** Keeps its job from beginning while it waits. @throws AppError `conflict`: it does not wait; as `Launcher.hold` */
  hold(id: string): Promise<void>;
  /** Launches an interrupted one from its first step. @throws AppError `conflict` for one that is not interrupted */
  continueLaunch(id: string, options?: Pick<LaunchOptions, 'admit'>): void;
  /** Takes an interrupted one off the list, and what was sent of it off the cluster. @throws AppError `conflict` as above */
  forget(id: string): Promise<void>;
  /** @throws AppError `conflict` while it runs */
  remove(id: string): Promise<void>;
  /** What its scheduler says of each task of its array now; none: no array. @throws AppError `command-failed`, `not-found` */
  tasks(id: string, signal: AbortSignal): Promise<readonly Row[]>;
  /** At most 256 KiB; a negative offset counts from the end. Reading makes `log` events come for 15 s. */
  log(id: string, offset: number): Promise<LogPart>;
  /** `log` events come until the returned function is called. */
  followLog(id: string): () => void;
  /** One GET of a running app, at most 256 KiB. @throws AppError `connection-lost` while it is not reached */
  ask(id: string, path: string): Promise<AppAnswer>;
  /** What an app says of itself replaces what its recipe said. */
  describeApp(id: string, description: Pick<Instance, 'title' | 'icon' | 'path'>): void;
  sshCommand(id: string): string;
  /** The value of one of its notes. @throws AppError `not-found` */
  note(id: string, label: string): string;
  /** Looks anew who else can reach it, and keeps the answer on the instance. @throws AppError `conflict` without an endpoint */
  exposure(id: string): Promise<Exposure>;
  preview(input: LaunchInput): { script: string; submit: string; launcher: string };
  /** Asks the cluster's scheduler whether it would take it; null: it cannot be asked. @throws AppError of `Launcher.submit` */
  verify(input: LaunchInput, signal?: AbortSignal): Promise<{ launcher: LauncherName; verdict: Verdict | null }>;
  list(): Instance[];
  /** @throws AppError `not-found` */
  get(id: string): Instance;
  /** Also one that is not listed any more; null: unknown or removed. */
  find(id: string): Instance | null;
  onChange(listener: (instances: Instance[]) => void): () => void;
  onLog(listener: (event: LogEvent) => void): () => void;
  /** Reads the directories there, adopts other computers' apps, goes on with ours. Called on each connection by itself. */
  attachAll(clusterId: string, connection: Connection): Promise<void>;
  /** Lets go of everything here; the apps go on. */
  dispose(): Promise<void>;
}
