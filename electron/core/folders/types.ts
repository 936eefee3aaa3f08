import type { Folder, FolderInput, FolderSource, FolderState, Inspection, SyncReport } from '../../shared/folders.ts';
import type { Instance } from '../../shared/instances.ts';
import type { AppAnswer } from '../instances/ask-app.ts';

/** What an app is called and where its page is. */
export type AppAppearance = Pick<Instance, 'title' | 'icon' | 'path'>;

/** What folders need of the running apps. */
export interface RunningApps {
  list(): readonly Instance[];
  /** @returns what ends it */
  onChange(listener: () => void): () => void;
  /** One GET of a running app. @throws AppError `connection-lost` while it is not reached */
  ask(id: string, path: string): Promise<AppAnswer>;
  /** Replaces what the recipe said of the app. */
  describeApp(id: string, appearance: AppAppearance): void;
}

/** Folders of the user's that run as apps: each is a recipe of its own. */
export interface Folders {
  /** `clusterId`: which cluster clones a git address. @throws AppError `not-found`, `bad-input`, `limit-exceeded` */
  inspect(source: FolderSource, clusterId: string | undefined, signal?: AbortSignal): Promise<Inspection>;
  /** @throws AppError `bad-input` (no start line), `not-found` */
  save(id: string | undefined, input: FolderInput): { id: string; recipe: string };
  /** The files on clusters stay until `clean`. */
  remove(id: string): Promise<void>;
  /** Sends what changed now, without a launch. */
  sync(id: string, clusterId: string): Promise<SyncReport>;
  /** Removes its files and environments from a cluster. @throws AppError `conflict` while an app of it runs there */
  clean(id: string, clusterId: string): Promise<void>;
  /** Sends the folder of a running app at each save and starts the app again; false ends that. */
  watch(instanceId: string, on: boolean): Promise<void>;
  list(): FolderState[];
  get(id: string): Folder;
  /** After each change of `list`. @returns what ends it */
  onChange(listener: () => void): () => void;
  dispose(): Promise<void>;
}
