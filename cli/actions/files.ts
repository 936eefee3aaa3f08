import { createInterface } from 'node:readline';
import { z } from 'zod';
import { displayName } from '../../electron/shared/file-names.ts';
import { type FileEntry, type FileList, fileEntrySchema } from '../../electron/shared/files.ts';
import { demoFor, type StateSession, withEngineState } from '../engine-session.ts';
import { findCluster } from '../find-in-state.ts';
import { formatBytes } from '../format.ts';
import type { JsonOption } from '../json-option.ts';
import { formatDateTime, printFields, printJson, printProgress, printTable } from '../output.ts';
import { noBar } from '../progress-bar.ts';
import { receiveToOutput } from '../transfer/byte-copies.ts';

export interface ListFilesOptions extends JsonOption {
  all?: boolean;
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

export function listFiles(cluster: string, path: string, { all, json }: ListFilesOptions): Promise<void> {
  return onCluster(cluster, async (session, clusterId) => {
    const source = { clusterId, path };
    const list = all ? await readWholeFolder(session, source) : await session.request('files.list', source);
    if (json) return printJson(list);
    printTable(['SIZE', 'MODIFIED', 'NAME'], list.entries.map(describeEntry));
    if (list.truncated) printProgress('There are more; see them with --all.');
  });
}

/** Every entry, also of a folder that is too large for one answer; folders first, then by name. */
async function readWholeFolder(
  { request, openStream }: StateSession,
  source: { clusterId: string; path: string },
): Promise<FileList> {
  const { path } = await request('files.stat', source);
  const { data, closed } = await openStream('files.entries', source);
  const entries: FileEntry[] = [];
  try {
    for await (const line of createInterface({ input: data })) {
      if (line !== '') entries.push(...z.array(fileEntrySchema).parse(JSON.parse(line)));
    }
  } finally {
    await closed;
  }
  const rank = ({ kind }: FileEntry) => (kind === 'folder' ? 0 : 1);
  entries.sort((a, b) => rank(a) - rank(b) || compareText(a.name, b.name));
  return { path, entries, truncated: false };
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function describeEntry({ name, kind, link, size, modified }: FileEntry): string[] {
  const mark = kind === 'folder' ? '/' : link ? '@' : '';
  return [
    size === null ? '' : formatBytes(size),
    modified === null ? '' : formatDateTime(modified),
    `${displayName(name)}${mark}`,
  ];
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
          ...[mode === null ? '' : mode.toString(8).padStart(4, '0'), displayName(whole)],
        ],
      ],
    );
  });
}

export function showUsage(cluster: string, path: string, { json }: JsonOption): Promise<void> {
  return onCluster(cluster, async ({ request }, clusterId) => {
    const usage = await request('files.usage', { clusterId, path });
    if (json) return printJson(usage);
    const folders = usage.folders.map(({ name, bytes }) => [formatBytes(bytes), `${displayName(name)}/`]);
    printTable(['SIZE', 'NAME'], [...folders, [formatBytes(usage.bytes), path || '~']]);
    if (!usage.complete) printProgress('Some of it could not be read and is not counted.');
  });
}

export function printFile(cluster: string, path: string): Promise<void> {
  return onCluster(cluster, async ({ openStream, interrupted }, clusterId) => {
    const stream = await openStream('files.download', { clusterId, path });
    await receiveToOutput(stream, { bar: noBar, signal: interrupted });
  });
}

export function showSpace(cluster: string, path: string, { json }: JsonOption): Promise<void> {
  return onCluster(cluster, async ({ request }, clusterId) => {
    const space = await request('files.space', { clusterId, path });
    if (json) return printJson(space);
    const { total, free, filesTotal, filesFree, quota } = space;
    const of = (part: number | null, whole: number | null, format: (value: number) => string) =>
      part === null ? '' : whole === null ? format(part) : `${format(part)} of ${format(whole)}`;
    printFields([
      ['free', of(free, total, formatBytes)],
      ['free files', of(filesFree, filesTotal, String)],
      ['your quota', quota ? `${of(quota.bytes, quota.bytesLimit, formatBytes)} used` : 'none is known'],
      ['your files', quota ? `${of(quota.files, quota.filesLimit, String)} used` : ''],
    ]);
  });
}

export function listTrash(cluster: string, path: string, { json }: JsonOption): Promise<void> {
  return onCluster(cluster, async ({ request }, clusterId) => {
    const trashed = await request('files.trashed', { clusterId, path });
    if (json) return printJson(trashed);
    printTable(
      ['SINCE', 'WAS', 'TRASH'],
      trashed.map(({ trashedAt, path: was, trash }) => [
        ...[trashedAt === null ? '' : formatDateTime(trashedAt), displayName(was), displayName(trash)],
      ]),
    );
  });
}
