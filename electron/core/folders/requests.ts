import type * as contract from '../../shared/contract/folders.ts';
import type { HandlersOf } from '../../shared/contract/index.ts';
import type { Folders } from './types.ts';

/** `checkCluster` throws AppError `not-found` for a cluster that is not saved. */
export function folderRequests(
  folders: Folders,
  checkCluster: (id: string) => unknown,
): HandlersOf<keyof typeof contract.requests> {
  return {
    'folders.inspect': ({ source, clusterId }, signal) => folders.inspect(source, clusterId, signal),
    'folders.save': ({ id, input }) => folders.save(id, input),
    'folders.remove': ({ id }) => folders.remove(id),
    'folders.sync': ({ id, clusterId }) => {
      checkCluster(clusterId);
      return folders.sync(id, clusterId);
    },
    'folders.clean': ({ id, clusterId }) => {
      checkCluster(clusterId);
      return folders.clean(id, clusterId);
    },
    'folders.watch': ({ instanceId, on }) => folders.watch(instanceId, on),
  };
}
