import { pipeline } from 'node:stream/promises';
import type { FileEntry } from '../../electron/shared/files.ts';
import { demoFor, type StateSession, withEngineState } from '../engine-session.ts';
import { findCluster } from '../find-in-state.ts';
import { formatBytes } from '../format.ts';
import type { JsonOption } from '../json-option.ts';
import { formatDateTime, printDone, printJson, printProgress, printTable } from '../output.ts';

export interface RemoveOptions extends JsonOption {
  recursive?: boolean;
}
export interface MoveOptions extends JsonOption {
  replace?: boolean;
}
export interface MakeDirectoryOptions extends JsonOption {
  parents?: boolean;
}

/** Does work on the files of a cluster; a sign-in asks on this terminal. */
export function onCluster(
  cluster: string,
  work: (session: StateSession, clusterId: string) => Promise<void>,
): Promise<void> {
  return withEngineState({ connects: true, ...demoFor(cluster) }, (session) =>
    work(session, findCluster(session.state(), cluster).id),
  );
}

export function listFiles(cluster: string, path: string, { json }: JsonOption): Promise<void> {
  return onCluster(cluster, async ({ request }, clusterId) => {
    const list = await request('files.list', { clusterId, path });
    if (json) return printJson(list);
    printTable(['SIZE', 'MODIFIED', 'NAME'], list.entries.map(describeEntry));
    if (list.truncated) printProgress('There are more, which are not listed.');
  });
}

function describeEntry({ name, kind, link, size, modified }: FileEntry): string[] {
  const mark = kind === 'folder' ? '/' : link ? '@' : '';
  return [size === null ? '' : formatBytes(size), modified === null ? '' : formatDateTime(modified), `${name}${mark}`];
}

export function showPlaces(cluster: string, { json }: JsonOption): Promise<void> {
  return onCluster(cluster, async ({ request }, clusterId) => {
    const places = await request('files.places', { clusterId });
    if (json) return printJson(places);
    printTable(
      ['NAME', 'PATH'],
      places.map(({ name, path }) => [name, path]),
    );
  });
}

export function describeFile(cluster: string, path: string, { json }: JsonOption): Promise<void> {
  return onCluster(cluster, async ({ request }, clusterId) => {
    const { path: whole, kind, link, size, modified, mode, ...rest } = await request('files.stat', { clusterId, path });
    if (json) return printJson({ path: whole, kind, link, size, modified, mode, ...rest });
    printTable(
      ['KIND', 'SIZE', 'MODIFIED', 'MODE', 'PATH'],
      [
        [
          link ? `${kind} by a link` : kind,
          ...[size === null ? '' : formatBytes(size), modified === null ? '' : formatDateTime(modified)],
          ...[mode === null ? '' : mode.toString(8).padStart(4, '0'), whole],
        ],
      ],
    );
  });
}

export function showUsage(cluster: string, path: string, { json }: JsonOption): Promise<void> {
  return onCluster(cluster, async ({ request }, clusterId) => {
    const usage = await request('files.usage', { clusterId, path });
    if (json) return printJson(usage);
    const folders = usage.folders.map(({ name, bytes }) => [formatBytes(bytes), `${name}/`]);
    printTable(['SIZE', 'NAME'], [...folders, [formatBytes(usage.bytes), path || '~']]);
    if (!usage.complete) printProgress('Some of it could not be read and is not counted.');
  });
}

export function printFile(cluster: string, path: string): Promise<void> {
  return onCluster(cluster, async ({ openStream }, clusterId) => {
    const { data, closed } = await openStream('files.download', { clusterId, path });
    // Why it ended is known best by its end.
    await pipeline(data, process.stdout, { end: false }).catch(() => closed);
    await closed;
  });
}

export function makeDirectory(cluster: string, path: string, options: MakeDirectoryOptions): Promise<void> {
  return onCluster(cluster, async ({ request }, clusterId) => {
    await request('files.makeDirectory', { clusterId, path, parents: options.parents === true });
    printDone(options, { path }, `${path} is made.`);
  });
}

export function moveFile(cluster: string, path: string, newPath: string, options: MoveOptions): Promise<void> {
  return onCluster(cluster, async ({ request }, clusterId) => {
    await request('files.move', { clusterId, path, newPath, replace: options.replace === true });
    printDone(options, { path: newPath }, `${path} is now ${newPath}.`);
  });
}

export function removeFiles(cluster: string, paths: readonly string[], options: RemoveOptions): Promise<void> {
  return onCluster(cluster, async ({ request }, clusterId) => {
    for (const path of paths) {
      await request('files.remove', { clusterId, path, recursive: options.recursive === true });
      if (!options.json) printProgress(`${path} is removed.`);
    }
    if (options.json) printJson({ removed: paths });
  });
}
