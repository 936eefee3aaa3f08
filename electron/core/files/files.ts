import type { Cluster } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import type { FileInfo, FileList, FilePlace, FolderUsage } from '../../shared/files.ts';
import { message } from '../../shared/messages.ts';
import { applySite } from '../../shared/site-policy.ts';
import { inUserShell } from '../clusters/user-shell.ts';
import { withConnection } from '../ssh/pool/with-connection.ts';
import { type FileAction, fileError } from '../ssh/sftp/file-errors.ts';
import type { Connections, RunResult } from '../ssh/types.ts';
import { HOME_KEPT, makeDirectoryScript, moveScript, removeScript } from './change-scripts.ts';
import { listScript, placesScript, readList, readPlaces } from './list-script.ts';
import { sftpPath } from './paths.ts';
import { readStat, readUsage, statScript, usageScript } from './stat-scripts.ts';

const LIMIT_MS = 30_000;
/** For what goes through all of a folder, or copies it to another disk. */
const LONG_LIMIT_MS = 30 * 60_000;

interface FilesDeps {
  connections: Pick<Connections, 'acquire'>;
  /** @throws AppError `not-found` */
  cluster: (id: string) => Cluster;
}

interface OnePath {
  clusterId: string;
  path: string;
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
  /** @throws AppError `not-found`, `not-permitted`, or what a connection ends with */
  stat(input: OnePath, signal?: AbortSignal): Promise<FileInfo>;
  /** @throws AppError as `stat` */
  usage(input: OnePath, signal?: AbortSignal): Promise<FolderUsage>;
  /** @throws AppError `conflict` where something has that name, and as `stat` */
  makeDirectory(input: OnePath & { parents: boolean }, signal?: AbortSignal): Promise<void>;
  /** @throws AppError `conflict` where something has the new path, and as `stat` */
  move(input: OnePath & { newPath: string; replace: boolean }, signal?: AbortSignal): Promise<void>;
  /** @throws AppError `conflict` for a folder that is not empty, `bad-input` for the home directory, and as `stat` */
  remove(input: OnePath & { recursive: boolean }, signal?: AbortSignal): Promise<void>;
}

/** Lists by the shell and not by sftp: it follows every link in one round trip, and works wherever a recipe can run. */
export function createFiles({ connections, cluster: getCluster }: FilesDeps): Files {
  /** Runs a script about one path; a failure becomes the error of that path. */
  const run = (
    { clusterId, path }: OnePath,
    script: string,
    doing: FileAction,
    signal?: AbortSignal,
    timeoutMs = LIMIT_MS,
  ): Promise<RunResult> =>
    withConnection(connections, getCluster(clusterId).id, signal, async (connection) => {
      const result = await connection.run(script, { signal, timeoutMs });
      if (result.exitCode === HOME_KEPT && doing === 'removed') throw homeKept(path);
      if (result.exitCode !== 0) throw fileError(result.stderr, connection.node, path || '~', doing);
      return result;
    });
  return {
    async list(input, signal) {
      return readList((await run(input, listScript(input.path, input.nearest), 'read', signal)).stdout);
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
      withConnection(connections, clusterId, signal, (connection) =>
        connection.readFile(sftpPath(path), { maxBytes, signal }),
      ),
    async stat(input, signal) {
      return readStat((await run(input, statScript(input.path), 'read', signal)).stdout);
    },
    async usage(input, signal) {
      return readUsage((await run(input, usageScript(input.path), 'read', signal, LONG_LIMIT_MS)).stdout);
    },
    async makeDirectory(input, signal) {
      await run(input, makeDirectoryScript(input.path, input.parents), 'made', signal);
    },
    async move(input, signal) {
      checkName(input.path);
      checkName(input.newPath);
      await run(input, moveScript(input.path, input.newPath, input.replace), 'moved', signal, LONG_LIMIT_MS);
    },
    async remove(input, signal) {
      checkName(input.path);
      // A slash at its end would make a link the folder that it leads to.
      const path = input.path.replace(/\/+$/, '') || '/';
      await run(input, removeScript(path, input.recursive), 'removed', signal, LONG_LIMIT_MS);
    },
  };
}

/** @throws AppError `bad-input` for a path that names where it is seen from, as `a/..` does */
function checkName(path: string): void {
  const name = path.replace(/\/+$/, '').split('/').at(-1);
  if (name === '.' || name === '..') {
    throw new AppError('bad-input', message`${{ path }} ends with no name of its own.`, {
      hint: 'Write the path without . and .. at its end.',
    });
  }
}

const homeKept = (path: string): AppError =>
  new AppError('bad-input', message`${{ path }} is your home directory, or holds it, and is not removed.`);
