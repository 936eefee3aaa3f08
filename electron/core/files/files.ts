import type { Cluster } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import type { FileList, FilePlace } from '../../shared/files.ts';
import { applySite } from '../../shared/site-policy.ts';
import { inUserShell } from '../clusters/user-shell.ts';
import { withConnection } from '../ssh/pool/with-connection.ts';
import { fileError } from '../ssh/sftp/file-errors.ts';
import type { Connections } from '../ssh/types.ts';
import { listScript, placesScript, readList, readPlaces } from './list-script.ts';

const LIMIT_MS = 30_000;

interface FilesDeps {
  connections: Pick<Connections, 'acquire'>;
  /** @throws AppError `not-found` */
  cluster: (id: string) => Cluster;
}

/** Files and folders of a cluster. */
export interface Files {
  /**
   * `path`: absolute, or from the home directory. `nearest`: where it is no folder, the nearest one above it.
   * @throws AppError `not-found`, `not-permitted`, `timeout`, or what a connection ends with
   */
  list(input: { clusterId: string; path: string; nearest: boolean }, signal?: AbortSignal): Promise<FileList>;
  /** Home first, then what the site and the user call work, scratch and project there. */
  places(input: { clusterId: string }, signal?: AbortSignal): Promise<FilePlace[]>;
  /** At most `maxBytes` of a file. @throws AppError `not-found`, `not-permitted`, or what a connection ends with */
  read(input: { clusterId: string; path: string; maxBytes: number }, signal?: AbortSignal): Promise<Uint8Array>;
}

/** Lists by the shell and not by sftp: it follows every link in one round trip, and works wherever a recipe can run. */
export function createFiles({ connections, cluster: getCluster }: FilesDeps): Files {
  return {
    async list({ clusterId, path, nearest }, signal) {
      if (path.includes('\0')) throw new AppError('bad-input', 'A path has no NUL character.');
      return withConnection(connections, getCluster(clusterId).id, signal, async (connection) => {
        const script = listScript(path, nearest);
        const { stdout, stderr, exitCode } = await connection.run(script, { signal, timeoutMs: LIMIT_MS });
        if (exitCode !== 0) throw fileError(stderr, connection.node, path || '~', 'read');
        return readList(stdout);
      });
    },
    async places({ clusterId }, signal) {
      const { environment, workDirectory } = applySite({ cluster: getCluster(clusterId), facts: null }).defaults;
      return withConnection(connections, clusterId, signal, async (connection) => {
        const script = inUserShell(placesScript(workDirectory), { environment, modules: [] });
        const { stdout } = await connection.run(script, { signal, timeoutMs: LIMIT_MS });
        return readPlaces(stdout);
      });
    },
    read: ({ clusterId, path, maxBytes }, signal) =>
      withConnection(connections, clusterId, signal, (connection) => connection.readFile(path, { maxBytes, signal })),
  };
}
