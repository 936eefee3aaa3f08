import { join } from 'node:path';
import { app, type BrowserWindow, type DownloadItem, dialog, type Session } from 'electron';
import { safeFileName } from './file-name-policy.ts';

/** Asks where a download goes. `TUNEL_DOWNLOAD_DIR`: there, without a question. */
export function handleDownloads(session: Session, windowOf: () => BrowserWindow | null): void {
  session.on('will-download', (_event, item) => {
    const name = safeFileName(item.getFilename());
    const folder = process.env.TUNEL_DOWNLOAD_DIR;
    if (folder) item.setSavePath(join(folder, name));
    else item.setSaveDialogOptions({ defaultPath: join(app.getPath('downloads'), name) });
    item.on('updated', () => showProgress(item, windowOf()));
    item.once('done', (_done, state) => {
      windowOf()?.setProgressBar(-1);
      if (state === 'interrupted') void tellInterrupted(item, windowOf());
    });
  });
}

function showProgress(item: DownloadItem, window: BrowserWindow | null): void {
  const total = item.getTotalBytes();
  // Above 1: busy, without a known end.
  window?.setProgressBar(total > 0 ? item.getReceivedBytes() / total : 2);
}

async function tellInterrupted(item: DownloadItem, window: BrowserWindow | null): Promise<void> {
  const message = {
    type: 'warning' as const,
    message: `${safeFileName(item.getFilename())} was not saved`,
    detail: `The connection ended after ${item.getReceivedBytes()} of ${item.getTotalBytes() || 'an unknown number of'} bytes. Download it again once the app is connected.`,
  };
  await (window ? dialog.showMessageBox(window, message) : dialog.showMessageBox(message));
}
