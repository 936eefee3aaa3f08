import type { Cluster } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import type { FileList, FilePlace } from '../../shared/files.ts';
import { applySite } from '../../shared/site-policy.ts';
import { inLoginShell } from '../clusters/login-shell.ts';
import { fileError } from '../ssh/sftp/file-errors.ts';
import type { Connection, Connections } from '../ssh/types.ts';
import { listScript, placesScript, readList, readPlaces } from './list-script.ts';

const LIMIT_MS = 30_000;

/**
 * Folders of a cluster, for choosing a path there. By the shell and not by sftp: it follows every link in one round trip,
 * and it is there wherever a recipe can run.
 */
export function createFiles(deps: {
  connections: Pick<Connections, 'acquire'>;
  /** @throws AppError `not-found` */
  cluster: (id: string) => Cluster;
}) {
  const on = async <T>(clusterId: string, signal: AbortSignal | undefined, work: (on: Connection) => Promise<T>) => {
    const lease = await deps.connections.acquire(deps.cluster(clusterId).id, signal);
    try {
      return await work(lease.connection);
    } finally {
      lease.release();
    }
  };

  return {
    /**
     * `path`: absolute, or from the home directory. `nearest`: where it is no folder, the nearest one above it.
     * @throws AppError `not-found`, `not-permitted`, `timeout`, or what a connection ends with
     */
    list(input: { clusterId: string; path: string; nearest: boolean }, signal?: AbortSignal): Promise<FileList> {
      if (input.path.includes('\0')) throw new AppError('bad-input', 'A path has no NUL character.');
      return on(input.clusterId, signal, async (connection) => {
        const script = listScript(input.path, input.nearest);
        const { stdout, stderr, exitCode } = await connection.run(script, { signal, timeoutMs: LIMIT_MS });
        if (exitCode !== 0) throw fileError(stderr, connection.node, input.path || '~', 'read');
        return readList(stdout);
      });
    },
    /** Home first, then what the site and the user call work, scratch and project there. */
    places({ clusterId }: { clusterId: string }, signal?: AbortSignal): Promise<FilePlace[]> {
      const cluster = deps.cluster(clusterId);
      const { environment, workDirectory } = applySite({ cluster, facts: null }).defaults;
      return on(clusterId, signal, async (connection) => {
        const script = inLoginShell(placesScript(workDirectory), { environment, modules: [] });
        const { stdout } = await connection.run(script, { signal, timeoutMs: LIMIT_MS });
        return readPlaces(stdout);
      });
    },
  };
}
