import type { Instance } from '../../../shared/instances.ts';
import { parseLoginId } from '../../launchers/login/index.ts';
import type { WatchItem } from './watch-script.ts';

type Subject = Pick<Instance, 'id' | 'directory' | 'launcher'> & {
  jobId: string | null;
  isLogWanted: boolean;
  logOffset: number;
  isJobUnwritten: boolean;
};

/** `node`: where the watch runs. Processes on another login node cannot be seen from there. */
export function watchItem(instance: Subject, node: string): WatchItem {
  const { id, directory, isJobUnwritten, isLogWanted, jobId, launcher, logOffset } = instance;
  const process = launcher === 'login' && jobId !== null ? parseLoginId(jobId) : null;
  return {
    id,
    directory,
    process: process?.node === node ? { pid: process.pid, start: process.start } : null,
    logFrom: isLogWanted ? logOffset : null,
    job: isJobUnwritten ? jobId : null,
  };
}
