import { message } from '../../electron/shared/messages.ts';
import { UsageError } from '../usage-error.ts';

export interface SyncEnds {
  direction: 'upload' | 'download';
  cluster: string;
  /** On the cluster; empty: the home directory. */
  remote: string;
  /** On this computer. */
  local: string;
}

/** `CLUSTER:PATH` as scp has it: what has a slash before its colon, or is a drive of Windows, is a path here. */
function clusterPath(text: string): { cluster: string; remote: string } | null {
  const [, cluster, remote = ''] = /^([^/\\]+?):(.*)$/s.exec(text) ?? [];
  if (cluster === undefined || (cluster.length === 1 && /^[/\\]/.test(remote))) return null;
  return { cluster, remote };
}

/** @throws UsageError unless one of the two is on a cluster */
export function readEnds(source: string, target: string): SyncEnds {
  const [from, to] = [clusterPath(source), clusterPath(target)];
  if (from && !to) return { direction: 'download', ...from, local: target };
  if (to && !from) return { direction: 'upload', ...to, local: source };
  throw new UsageError(
    from
      ? message`Both ${{ source }} and ${{ target }} are on a cluster; one has to be here.`
      : message`Neither ${{ source }} nor ${{ target }} is on a cluster.`,
    { hint: 'Write CLUSTER:PATH for the one there, and ./NAME for one here whose name has a colon.' },
  );
}
