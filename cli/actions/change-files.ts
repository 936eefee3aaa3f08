import { message } from '../../electron/shared/messages.ts';
import type { JsonOption } from '../json-option.ts';
import { printDone, printJson, printProgress } from '../output.ts';
import { UsageError } from '../usage-error.ts';
import { onCluster } from './files.ts';

export interface RemoveOptions extends JsonOption {
  recursive?: boolean;
}
export interface ReplaceOptions extends JsonOption {
  replace?: boolean;
}
export interface MakeDirectoryOptions extends JsonOption {
  parents?: boolean;
}

export function makeDirectory(cluster: string, path: string, options: MakeDirectoryOptions): Promise<void> {
  return onCluster(cluster, async ({ request }, clusterId) => {
    await request('files.makeDirectory', { clusterId, path, parents: options.parents === true });
    printDone(options, { path }, `${path} is made.`);
  });
}

export function moveFile(cluster: string, path: string, newPath: string, options: ReplaceOptions): Promise<void> {
  return onCluster(cluster, async ({ request }, clusterId) => {
    await request('files.move', { clusterId, path, newPath, replace: options.replace === true });
    printDone(options, { path: newPath }, `${path} is now ${newPath}.`);
  });
}

export function copyFile(cluster: string, path: string, newPath: string, options: ReplaceOptions): Promise<void> {
  return onCluster(cluster, async ({ request }, clusterId) => {
    await request('files.copy', { clusterId, path, newPath, replace: options.replace === true });
    printDone(options, { path: newPath }, `${path} is copied to ${newPath}.`);
  });
}

export async function setMode(cluster: string, text: string, path: string, options: JsonOption): Promise<void> {
  const mode = readMode(text);
  await onCluster(cluster, async ({ request }, clusterId) => {
    await request('files.setMode', { clusterId, path, mode });
    printDone(options, { path, mode }, `${path} has the mode ${text}.`);
  });
}

/** As in chmod, e.g. `750`. @throws UsageError */
export function readMode(text: string): number {
  if (/^[0-7]{3,4}$/.test(text)) return Number.parseInt(text, 8);
  throw new UsageError(message`A mode has three or four octal digits, e.g. 750, and is not “${{ text }}”.`);
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

export function trashFiles(cluster: string, paths: readonly string[], { json }: JsonOption): Promise<void> {
  return onCluster(cluster, async ({ request }, clusterId) => {
    const trashed: { path: string; trash: string }[] = [];
    for (const path of paths) {
      const { trash } = await request('files.trash', { clusterId, path });
      trashed.push({ path, trash });
      if (!json) printProgress(`${path} is in the trash. Undo: tunel files restore ${cluster} ${trash}`);
    }
    if (json) printJson(trashed);
  });
}

export function restoreFile(cluster: string, trash: string, options: JsonOption): Promise<void> {
  return onCluster(cluster, async ({ request }, clusterId) => {
    const { path } = await request('files.restore', { clusterId, trash });
    printDone(options, { path }, `${path} is there again.`);
  });
}
