import { BrowserWindow, clipboard, Menu, type MenuItemConstructorOptions, type WebContents } from 'electron';
import { type ContextEntry, contextEntries } from './context-menu-policy.ts';

const labels = {
  back: 'Back',
  forward: 'Forward',
  reload: 'Reload',
  'copy-link': 'Copy link address',
  'copy-image': 'Copy image',
} as const;

/**
 * Gives a page a context menu, by the right button, the menu key and Shift F10. A page that shows one of its own keeps it.
 * `kind`: a page of an app can also go back and reload.
 */
export function addContextMenu(contents: WebContents, kind: 'app' | 'own', reload = () => contents.reload()): void {
  contents.on('context-menu', (_event, params) => {
    const { navigationHistory: history } = contents;
    const page = kind === 'app' ? { canGoBack: history.canGoBack(), canGoForward: history.canGoForward() } : null;
    const entries = contextEntries(params, page);
    if (entries.length === 0) return;
    const run = {
      back: () => history.goBack(),
      forward: () => history.goForward(),
      reload,
      'copy-link': () => clipboard.writeText(params.linkURL),
      'copy-image': () => contents.copyImageAt(params.x, params.y),
    };
    const toItem = (entry: ContextEntry): MenuItemConstructorOptions => {
      if (entry.kind === 'separator') return { type: 'separator' };
      if (entry.kind === 'role') return { role: entry.role, enabled: entry.isEnabled };
      return { label: labels[entry.command], enabled: entry.isEnabled, click: run[entry.command] };
    };
    const window = BrowserWindow.fromWebContents(contents) ?? undefined;
    Menu.buildFromTemplate(entries.map(toItem)).popup({ window, frame: params.frame ?? undefined });
  });
}
