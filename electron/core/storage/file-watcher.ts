import { basename } from 'node:path';
import { watch } from 'chokidar';
import { AppError } from '../../shared/errors.ts';
import type { NoticeList } from './notice-list.ts';
import type { EditedFile } from './types.ts';

/** Editors write in several steps; a file is read once its size has not changed for this long, ms. */
const settleTime = 150;

interface Reloadable {
  readonly path: string;
  reload(): { changed: boolean; problem: string | null };
}

/**
 * Reads a file again after somebody else wrote it; `onEdit` reports another content, a notice reports a mistake.
 * @returns what ends it
 */
export function watchDataFiles(
  files: Record<EditedFile, Reloadable>,
  notices: NoticeList,
  onEdit: (name: EditedFile) => void,
): () => Promise<void> {
  const byFileName = new Map<string, EditedFile>([
    [basename(files.settings.path), 'settings'],
    [basename(files.clusters.path), 'clusters'],
    [basename(files.presets.path), 'presets'],
  ]);
  const watcher = watch(
    Object.values(files).map(({ path }) => path),
    { ignoreInitial: true, awaitWriteFinish: { stabilityThreshold: settleTime, pollInterval: 50 } },
  );
  const read = (path: string) => {
    const name = byFileName.get(basename(path));
    if (name !== undefined && reload(name, files[name], notices)) onEdit(name);
  };
  watcher.on('change', read);
  watcher.on('add', read);
  // What was written between the first read and now is not reported as a change.
  watcher.on('ready', () => {
    for (const { path } of Object.values(files)) read(path);
  });
  return () => watcher.close();
}

/** @returns whether the content is another one now */
function reload(name: EditedFile, file: Reloadable, notices: NoticeList): boolean {
  const id = `invalid:${name}`;
  const { changed, problem } = tryReload(file);
  if (problem === null) notices.remove(id);
  else {
    notices.add({
      id,
      code: 'file-invalid',
      kind: 'warning',
      title: `The ${name} file has a mistake`,
      text: `Tunel uses the last valid version of what is wrong in ${file.path}. Reason: ${problem}`,
      values: { file: file.path, reason: problem },
    });
  }
  return changed;
}

function tryReload(file: Reloadable): ReturnType<Reloadable['reload']> {
  try {
    return file.reload();
  } catch (error) {
    return { changed: false, problem: AppError.from(error).message };
  }
}
