import type { LaunchFiles, LaunchFilesInput } from '../instances/ports.ts';
import type { FolderOnCluster, FolderSender } from './folder-sender.ts';
import type { FolderStore } from './folder-store.ts';
import { sentTree } from './run-folder-script.ts';

/** What a launch needs of folders: the files of the folder that its recipe runs. */
export function createLaunchFiles(
  store: Pick<FolderStore, 'findByRecipe'>,
  sender: Pick<FolderSender, 'sendTo' | 'archive'>,
): LaunchFiles {
  const folderOf = ({ recipe, clusterId, home, connection, signal }: LaunchFilesInput): FolderOnCluster | null => {
    const found = store.findByRecipe(recipe);
    return found && { id: found.folder.id, clusterId, home, connection, signal };
  };
  return {
    async prepare(input) {
      const folder = folderOf(input);
      if (!folder) return;
      const report = await sender.sendTo(folder, input.progress);
      input.progress({ fraction: 1, text: report.text });
    },
    async addToJobDirectory(input, directory) {
      const folder = folderOf(input);
      if (!folder) return;
      input.progress({ fraction: null, text: 'Packing the folder for a job that does not see it' });
      await sender.archive(folder, `${directory}/${sentTree}`);
    },
  };
}
