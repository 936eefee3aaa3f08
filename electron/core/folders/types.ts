import type { Folder, FolderInput, FolderSource, FolderState, Inspection, SyncReport } from '../../shared/folders.ts';
import type { Progress } from '../../shared/instances.ts';
import type { Connection } from '../ssh/types.ts';

/** What a launch gives to have a folder's files on its cluster before anything else is sent. */
export interface BringFiles {
  /** The recipe's name. */
  recipe: string;
  clusterId: string;
  /** Home directory there. */
  home: string;
  connection: Connection;
  progress: (progress: Progress) => void;
  signal: AbortSignal;
}

/** Folders of the user's that run as apps: each is a recipe of its own. */
export interface Folders {
  /** `clusterId`: who clones a git address. @throws AppError `not-found`, `bad-input`, `limit-exceeded` */
  inspect(source: FolderSource, clusterId: string | undefined, signal?: AbortSignal): Promise<Inspection>;
  /** @throws AppError `bad-input` (no start line), `not-found` */
  save(id: string | undefined, input: FolderInput): Promise<{ id: string; recipe: string }>;
  /** The files on clusters stay until `clean`. */
  remove(id: string): Promise<void>;
  /** Sends what changed now, without a launch. */
  sync(id: string, clusterId: string): Promise<SyncReport>;
  /** Takes its files and environments off a cluster. @throws AppError `conflict` while an app of it runs there */
  clean(id: string, clusterId: string): Promise<void>;
  /** Sends the folder of a running app at each save and starts the app again; false ends that. */
  watch(instanceId: string, on: boolean): Promise<void>;
  /** A launch's first step; does nothing for a recipe that is no folder's. */
  bring(input: BringFiles): Promise<void>;
  /** After the upload of a launch whose job does not see the home directory: the files go along with the launch's own. */
  enclose(input: BringFiles, directory: string): Promise<void>;
  list(): FolderState[];
  get(id: string): Folder;
  /** Running apps changed: a watch ends with its app. */
  settle(): void;
  dispose(): Promise<void>;
}
