import { app, type BrowserWindow, dialog } from 'electron';
import { describeReplacement } from './replace-policy.ts';

/** An engine of another version is in use: whether to end it. */
export async function askToReplace(
  other: { version: string; liveInstances: number },
  window: BrowserWindow | null,
): Promise<boolean> {
  const options = {
    type: 'question' as const,
    ...describeReplacement(other, app.getVersion()),
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  };
  const { response } = await (window ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options));
  return response === 0;
}
