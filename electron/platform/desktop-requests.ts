import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { app, type BrowserWindow, clipboard, dialog, type OpenDialogOptions, shell } from 'electron';
import type { ByteStream } from '../client/byte-stream.ts';
import type { WindowHandlers } from '../ipc/bridge.ts';
import { openBrowserLink, openExternal } from '../security/open-external.ts';
import type { EventPayload, ParsedInput, RequestInput } from '../shared/contract/index.ts';
import { editorSchema, editorUrl } from '../shared/editors.ts';
import { AppError, throwIfAborted } from '../shared/errors.ts';
import { message } from '../shared/messages.ts';
import { nextZoom } from '../shared/zoom-policy.ts';
import type { Views } from '../windows/views.ts';
import { auditFileName } from './audit-file-policy.ts';
import { type AuditQuery, exportAudit } from './export-audit.ts';
import { localHandlers } from './local-requests.ts';
import { resultsHandlers } from './save-results.ts';
import { saveStream } from './save-stream.ts';

interface Deps {
  views: Views;
  window(): BrowserWindow | null;
  dataDirectory: string;
  takeLink(): { url: string } | null;
  queryAudit: AuditQuery;
  /** A link that opens an app in the user's browser. */
  browserLink(instanceId: string): Promise<{ url: string }>;
  /** The bytes of a file in the directory of a job. */
  openJobFile(jobId: string, path: string, signal: AbortSignal): Promise<ByteStream>;
  /** The content of the directory of a job. */
  openJobArchive(jobId: string, signal: AbortSignal): Promise<ByteStream>;
  onSaved(progress: EventPayload<'save.progress'>): void;
}

/** The dialogs of the system for a path. */
const pathDialogs: Readonly<Record<RequestInput<'desktop.choosePath'>['kind'], () => OpenDialogOptions>> = {
  folder: () => ({ properties: ['openDirectory'] }),
  zip: () => ({ properties: ['openFile'], filters: [{ name: 'Zip', extensions: ['zip'] }] }),
  // Keys are in a hidden folder, which some systems do not show.
  key: () => ({ properties: ['openFile', 'showHiddenFiles'], defaultPath: join(homedir(), '.ssh') }),
};

/** The path that the user chose for a new file; null: none. */
async function askWhereToSave(parent: BrowserWindow | null, name: string, extension: string): Promise<string | null> {
  const options = {
    defaultPath: join(app.getPath('downloads'), name),
    filters: [{ name: extension.toUpperCase(), extensions: [extension] }],
  };
  const { filePath } = await (parent ? dialog.showSaveDialog(parent, options) : dialog.showSaveDialog(options));
  return filePath || null;
}

/** Writes calls of the audit log into a file that the user chooses. */
const saveAudit =
  (window: Deps['window'], query: AuditQuery): WindowHandlers['desktop.exportAudit'] =>
  async ({ format, filter }, signal) => {
    const path = await askWhereToSave(window(), auditFileName(format, new Date()), format);
    return path === null ? null : { path, calls: await exportAudit({ path, format, filter, query, signal }) };
  };

/** What the main process answers itself. */
export function windowHandlers(deps: Deps): WindowHandlers {
  const { views, window, dataDirectory, takeLink, queryAudit, browserLink } = deps;
  return {
    ...localHandlers(),
    'views.open': ({ instanceId, path }) => views.open(instanceId, path),
    'views.close': ({ viewId }) => views.close(viewId),
    'views.select': ({ viewId }) => views.select(viewId),
    'views.setBounds': (bounds) => views.setBounds(bounds),
    'views.back': () => views.selected().contents.navigationHistory.goBack(),
    'views.forward': () => views.selected().contents.navigationHistory.goForward(),
    'views.reload': () => views.selected().reload(),
    'views.zoom': ({ factor }) => views.selected().zoom(factor),
    'views.find': ({ text, forward, next }) => views.selected().find(text, forward, next),
    'views.stopFind': () => views.selected().stopFind(),
    'views.detach': ({ viewId }) => views.detach(viewId),
    'views.attach': ({ viewId }) => views.attach(viewId),
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
      const parent = window();
      const options = pathDialogs[kind]();
      const { filePaths } = await (parent ? dialog.showOpenDialog(parent, options) : dialog.showOpenDialog(options));
      return { path: filePaths[0] ?? null };
    },
    'desktop.exportAudit': saveAudit(window, queryAudit),
    'desktop.saveJobFile': (input, signal) => saveJobFile(input, deps, signal),
    ...resultsHandlers(deps),
    'desktop.zoom': ({ direction }) => {
      const contents = window()?.webContents;
      const factor = nextZoom(contents?.getZoomFactor() ?? 1, direction);
      contents?.setZoomFactor(factor);
      return { factor };
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

async function saveJobFile(
  { jobId, path, transfer }: ParsedInput<'desktop.saveJobFile'>,
  { window, openJobFile, onSaved }: Pick<Deps, 'window' | 'openJobFile' | 'onSaved'>,
  signal: AbortSignal,
): Promise<{ path: string | null }> {
  const parent = window();
  const options = { defaultPath: join(app.getPath('downloads'), basename(path)) };
  const { canceled, filePath } = await (parent
    ? dialog.showSaveDialog(parent, options)
    : dialog.showSaveDialog(options));
  throwIfAborted(signal);
  if (canceled || filePath === '') return { path: null };
  const stream = await openJobFile(jobId, path, signal);
  await saveStream(stream, filePath, (bytes) => onSaved({ transfer, bytes }), signal);
  return { path: filePath };
}
