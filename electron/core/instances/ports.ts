import type { Progress } from '../../shared/instances.ts';
import type { Connection } from '../ssh/types.ts';

export interface LaunchFilesInput {
  /** The recipe's name. */
  recipe: string;
  clusterId: string;
  /** Home directory on the cluster. */
  home: string;
  connection: Connection;
  progress: (progress: Progress) => void;
  signal: AbortSignal;
}

/** Files of the user's own that a recipe runs, such as a local folder. */
export interface LaunchFiles {
  /** Makes the recipe's files available on the cluster; does nothing for a recipe that has none. */
  prepare(input: LaunchFilesInput): Promise<void>;
  /** Adds those files to the directory of a launch whose job does not see the home directory. */
  addToJobDirectory(input: LaunchFilesInput, directory: string): Promise<void>;
}
