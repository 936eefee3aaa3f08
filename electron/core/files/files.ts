import { randomBytes } from 'node:crypto';
import type { Cluster } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import {
  type FileInfo,
  type FileList,
  type FilePlace,
  type FileSpace,
  type FolderUsage,
  maskOf,
  type TrashedFile,
} from '../../shared/files.ts';
import { message } from '../../shared/messages.ts';
import { applySite } from '../../shared/site-policy.ts';
import { inUserShell } from '../clusters/user-shell.ts';
import { withConnection } from '../ssh/pool/with-connection.ts';
import { type FileAction, fileError } from '../ssh/sftp/file-errors.ts';
import type { Connections } from '../ssh/types.ts';
import {
  copyScript,
  HOME_KEPT,
  makeDirectoryScript,
  moveScript,
  removeScript,
  setModeScript,
} from './change-scripts.ts';
import { listScript, readList } from './list-script.ts';
import { OwnerNames } from './owner-names.ts';
import { sftpPath } from './paths.ts';
import { placesScript, readPlaces } from './places-script.ts';
import { readEntries } from './read-entries.ts';
import { readSpace, spaceScript } from './space-script.ts';
import { readStat, readUsage, statScript, usageScript } from './stat-scripts.ts';
import {
  IN_TRASH,
  readPath,
  readTrashed,
  restoreScript,
  trashedScript,
  trashId,
  trashScript,
} from './trash-scripts.ts';

const LIMIT_MS = 30_000;
/** For what goes through all of a folder, or copies it to another disk. */
const LONG_LIMIT_MS = 30 * 60_000;

interface FilesDeps {
  connections: Pick<Connections, 'acquire'>;
  /** @throws AppError `not-found` */
  cluster: (id: string) => Cluster;
  now?: () => number;
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
  list(input: OnePath & { nearest: boolean; limit?: number }, signal?: AbortSignal): Promise<FileList>;
  /** All entries as they come, in no order; resolves with their number. @throws AppError as `list` */
  entries(input: OnePath, onEntries: OnEntries, signal?: AbortSignal): Promise<{ entries: number }>;
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
  /** @throws AppError as `move` */
  copy(input: OnePath & { newPath: string; replace: boolean }, signal?: AbortSignal): Promise<void>;
  /** @throws AppError `not-permitted` where it is another user's, and as `stat` */
  setMode(input: OnePath & { mode: number; mask?: number }, signal?: AbortSignal): Promise<void>;
  /** @throws AppError as `stat` */
  space(input: OnePath, signal?: AbortSignal): Promise<FileSpace>;
  /** Gives the folder of the trash that holds it. @throws AppError `bad-input` for the home directory and for the trash, and as `stat` */
  trash(input: OnePath, signal?: AbortSignal): Promise<{ trash: string }>;
  /** Gives the path where it is again. @throws AppError `conflict` where something has that path, and as `stat` */
  restore(input: { clusterId: string; trash: string }, signal?: AbortSignal): Promise<{ path: string }>;
  /** What is in the trash that `path` would go to, and in that of the home directory. @throws AppError as `stat` */
  trashed(input: OnePath, signal?: AbortSignal): Promise<TrashedFile[]>;
}

type OnEntries = (entries: FileList['entries']) => Promise<void>;

/** What a script about one path prints, as bytes since paths need not be text; a failure becomes the error of that path. */
type RunAbout = (
  about: OnePath,
  script: string,
  doing: FileAction,
  signal?: AbortSignal,
  timeoutMs?: number,
) => Promise<Buffer>;

const runAbout =
  ({ connections, cluster: getCluster }: FilesDeps): RunAbout =>
  ({ clusterId, path }, script, doing, signal, timeoutMs = LIMIT_MS) =>
    withConnection(connections, getCluster(clusterId).id, signal, async (connection) => {
      const result = await connection.run(script, { signal, timeoutMs, encoding: 'latin1' });
      if (result.exitCode === HOME_KEPT && (doing === 'removed' || doing === 'trashed')) throw homeKept(path);
      if (result.exitCode === IN_TRASH && (doing === 'trashed' || doing === 'restored')) throw ofTrash(path, doing);
      if (result.exitCode !== 0) throw fileError(result.stderr, connection.node, path || '~', doing);
      return Buffer.from(result.stdout, 'latin1');
    });

/** Lists by the shell and not by sftp: it follows every link in one round trip, and works wherever a recipe can run. */
export function createFiles(deps: FilesDeps): Files {
  const { connections, cluster: getCluster } = deps;
  const run = runAbout(deps);
  return {
    ...listing(deps),
    ...changes(run),
    ...trash(run, deps.now ?? Date.now),
    read: ({ clusterId, path, maxBytes }, signal) =>
      withConnection(connections, clusterId, signal, (connection) =>
        connection.readFile(sftpPath(path), { maxBytes, signal }),
      ),
    async places({ clusterId }, signal) {
      const { environment, workDirectory } = applySite({ cluster: getCluster(clusterId), facts: null }).defaults;
      return withConnection(connections, clusterId, signal, async (connection) => {
        const script = inUserShell(placesScript(workDirectory), { environment, modules: [] });
        const { stdout } = await connection.run(script, { signal, timeoutMs: LIMIT_MS });
        return readPlaces(stdout);
      });
    },
    async stat(input, signal) {
      return readStat(await run(input, statScript(input.path), 'read', signal));
    },
    async usage(input, signal) {
      return readUsage(await run(input, usageScript(input.path), 'read', signal, LONG_LIMIT_MS));
    },
    async space(input, signal) {
      return readSpace((await run(input, spaceScript(input.path), 'read', signal)).toString());
    },
  };
}

function listing({ connections, cluster: getCluster }: FilesDeps): Pick<Files, 'list' | 'entries'> {
  const owners = new OwnerNames();
  return {
    list: ({ clusterId, path, nearest, limit }, signal) =>
      withConnection(connections, getCluster(clusterId).id, signal, async (connection) => {
        const { stdout, stderr, exitCode } = await connection.run(listScript(path, nearest, limit), {
          signal,
          timeoutMs: LIMIT_MS,
          encoding: 'latin1',
        });
        if (exitCode !== 0) throw fileError(stderr, connection.node, path || '~', 'read');
        const list = readList(Buffer.from(stdout, 'latin1'), limit);
        await owners.fill(clusterId, connection, list.entries, signal);
        return list;
      }),
    entries: ({ clusterId, path }, onEntries, signal) =>
      withConnection(connections, getCluster(clusterId).id, signal, (connection) =>
        readEntries(
          connection,
          path,
          async (entries) => {
            await owners.fill(clusterId, connection, entries, signal);
            await onEntries(entries);
          },
          signal,
        ),
      ),
  };
}

function changes(run: RunAbout): Pick<Files, 'makeDirectory' | 'move' | 'copy' | 'remove' | 'setMode'> {
  return {
    async makeDirectory(input, signal) {
      await run(input, makeDirectoryScript(input.path, input.parents), 'made', signal);
    },
    async move(input, signal) {
      checkName(input.path);
      checkName(input.newPath);
      await run(input, moveScript(input.path, input.newPath, input.replace), 'moved', signal, LONG_LIMIT_MS);
    },
    async copy(input, signal) {
      checkName(input.newPath);
      const script = copyScript(input.path, input.newPath, input.replace, uniqueName());
      await run(input, script, 'copied', signal, LONG_LIMIT_MS);
    },
    async remove(input, signal) {
      checkName(input.path);
      await run(input, removeScript(withoutSlash(input.path), input.recursive), 'removed', signal, LONG_LIMIT_MS);
    },
    async setMode(input, signal) {
      await run(input, setModeScript(input.path, input.mode, maskOf(input)), 'changed', signal);
    },
  };
}

function trash(run: RunAbout, now: () => number): Pick<Files, 'trash' | 'restore' | 'trashed'> {
  return {
    async trash(input, signal) {
      checkName(input.path);
      const script = trashScript(withoutSlash(input.path), trashId(now(), uniqueName()));
      return { trash: readPath(await run(input, script, 'trashed', signal, LONG_LIMIT_MS)) };
    },
    async restore({ clusterId, trash: hold }, signal) {
      checkName(hold);
      const about = { clusterId, path: withoutSlash(hold) };
      return { path: readPath(await run(about, restoreScript(about.path), 'restored', signal, LONG_LIMIT_MS)) };
    },
    async trashed(input, signal) {
      return readTrashed(await run(input, trashedScript(input.path), 'read', signal));
    },
  };
}

const uniqueName = (): string => randomBytes(5).toString('hex');

/** A slash at its end would make a link the folder that it leads to. */
const withoutSlash = (path: string): string => path.replace(/\/+$/, '') || '/';

/** @throws AppError `bad-input` for a path that names where it is seen from, as `a/..` does */
function checkName(path: string): void {
  const name = path.replace(/\/+$/, '').split('/').at(-1);
  if (name === '.' || name === '..') {
    throw new AppError('bad-input', message`${{ path }} ends with no name of its own.`, {
      hint: 'Write the path without . and .. at its end.',
    });
  }
}

const ofTrash = (path: string, doing: FileAction): AppError =>
  doing === 'trashed'
    ? new AppError('bad-input', message`${{ path }} is in the trash already.`, { hint: 'Remove it instead.' })
    : new AppError('bad-input', message`${{ path }} is not in the trash.`);

const homeKept = (path: string): AppError =>
  new AppError('bad-input', message`${{ path }} is your home directory, or holds it, and is not removed.`);
