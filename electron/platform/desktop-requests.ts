import { app, type BrowserWindow, clipboard, dialog, type OpenDialogOptions, shell } from 'electron';
import type { WindowHandlers } from '../ipc/bridge.ts';
import { openBrowserLink, openExternal } from '../security/open-external.ts';
import { editorSchema, editorUrl } from '../shared/editors.ts';
import { AppError } from '../shared/errors.ts';
import { message } from '../shared/messages.ts';
import type { Views } from '../windows/views.ts';

interface Deps {
  views: Views;
  window(): BrowserWindow | null;
  dataDirectory: string;
  takeLink(): { url: string } | null;
  /** A link that opens an app in the user's browser. */
  browserLink(instanceId: string): Promise<{ url: string }>;
}

/** What the main process answers itself. */
export function windowHandlers({ views, window, dataDirectory, takeLink, browserLink }: Deps): WindowHandlers {
  return {
    'views.open': ({ instanceId }) => views.open(instanceId),
    'views.close': ({ instanceId }) => views.close(instanceId),
    'views.select': ({ instanceId }) => views.select(instanceId),
    'views.setBounds': (bounds) => views.setBounds(bounds),
    'views.back': () => views.selected().contents.navigationHistory.goBack(),
    'views.forward': () => views.selected().contents.navigationHistory.goForward(),
    'views.reload': () => views.selected().reload(),
    'views.zoom': ({ factor }) => views.selected().zoom(factor),
    'views.find': ({ text, forward, next }) => views.selected().find(text, forward, next),
    'views.stopFind': () => views.selected().stopFind(),
    'views.detach': ({ instanceId }) => views.detach(instanceId),
    'views.attach': ({ instanceId }) => views.attach(instanceId),
    'views.focus': () => views.focus(),
    'views.setFullScreen': ({ on }) => views.setFullScreen(on),
    'views.cover': async ({ covered }) => ({ picture: await views.cover(covered) }),
    'desktop.openExternal': ({ url }) => openExternal(url, window()),
    'desktop.openInBrowser': async ({ instanceId }) => {
      const { url } = await browserLink(instanceId);
      await openBrowserLink(url);
    },
    'desktop.copy': ({ text }) => clipboard.writeText(text),
    'desktop.editors': () =>
      editorSchema.options.filter((name) => app.getApplicationNameForProtocol(`${name}://`) !== ''),
    'desktop.openEditor': ({ editor, host, folder }) => shell.openExternal(editorUrl(editor, host, folder)),
    'desktop.choosePath': async ({ kind }) => {
      const options: OpenDialogOptions =
        kind === 'folder'
          ? { properties: ['openDirectory'] }
          : { properties: ['openFile'], filters: [{ name: 'Zip', extensions: ['zip'] }] };
      const parent = window();
      const { filePaths } = await (parent ? dialog.showOpenDialog(parent, options) : dialog.showOpenDialog(options));
      return { path: filePaths[0] ?? null };
    },
    'desktop.takeLink': () => takeLink(),
    'desktop.showDataDirectory': async () => {
      const problem = await shell.openPath(dataDirectory);
      if (problem) {
        throw new AppError('internal', 'The data directory could not be opened.', {
          hint: message`Its path is ${{ dataDirectory }}.`,
          detail: problem,
        });
      }
    },
  };
}
