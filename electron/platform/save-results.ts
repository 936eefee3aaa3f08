import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { app, type BrowserWindow, dialog, type OpenDialogOptions } from 'electron';
import type { ByteStream } from '../client/byte-stream.ts';
import type { WindowHandlers } from '../ipc/bridge.ts';
import type { EventPayload } from '../shared/contract/index.ts';
import { AppError, throwIfAborted } from '../shared/errors.ts';
import { resultsFileName } from './results-file-policy.ts';
import { saveStream } from './save-stream.ts';

interface Deps {
  window(): BrowserWindow | null;
  openJobArchive(jobId: string, signal: AbortSignal): Promise<ByteStream>;
  onSaved(progress: EventPayload<'save.progress'>): void;
}

type Names = 'desktop.chooseResultsFolder' | 'desktop.saveResults';

/** Saves the archives of jobs. A page names no path: each goes into the folder that the user chose for the job. */
export function resultsHandlers({ window, openJobArchive, onSaved }: Deps): Pick<WindowHandlers, Names> {
  const folders = new Map<string, string>();
  return {
    async 'desktop.chooseResultsFolder'({ jobId }, signal) {
      const parent = window();
      const options: OpenDialogOptions = {
        defaultPath: app.getPath('downloads'),
        properties: ['openDirectory', 'createDirectory'],
      };
      const { filePaths } = await (parent ? dialog.showOpenDialog(parent, options) : dialog.showOpenDialog(options));
      throwIfAborted(signal);
      const [folder = null] = filePaths;
      if (folder !== null) folders.set(jobId, folder);
      return { folder };
    },
    async 'desktop.saveResults'({ jobId, name, transfer }, signal) {
      const folder = folders.get(jobId);
      if (folder === undefined) throw new AppError('conflict', 'No folder was chosen for the results of this job.');
      const path = join(
        folder,
        resultsFileName(name, jobId, (file) => existsSync(join(folder, file))),
      );
      const stream = await openJobArchive(jobId, signal);
      await saveStream(stream, path, (bytes) => onSaved({ transfer, bytes }), signal);
      return { path };
    },
  };
}
