import { app, BrowserWindow, nativeTheme, screen } from 'electron';
import { appPage } from '../security/app-origin.ts';
import { claim } from '../security/navigation-guard.ts';
import { addContextMenu } from './context-menu.ts';
import { placeWindow, readBounds, saveBounds, smallest } from './window-bounds.ts';

/** `canvas` of the theme, so that nothing flashes before the page is drawn. */
const canvas = () => (nativeTheme.shouldUseDarkColors ? '#0f1218' : '#f7f8fa');

/** ms */
const crashInterval = 10_000;

interface MainWindowOptions {
  preload: string;
  boundsFile: string;
  /** An https address outside, for the user's browser. */
  ask(url: string): void;
  onOpen(window: BrowserWindow): void;
  /** The user closes the window: whether it may go. */
  mayClose(window: BrowserWindow): Promise<boolean>;
}

/** The one window with our own pages. The user may close it, and on macOS the app goes on without. */
export class MainWindow {
  readonly #options: MainWindowOptions;
  #current: BrowserWindow | null = null;
  #mayClose = false;
  #asking: Promise<boolean> | null = null;

  constructor(options: MainWindowOptions) {
    this.#options = options;
  }

  get current(): BrowserWindow | null {
    return this.#current;
  }

  open(): BrowserWindow {
    const window = createWindow(this.#options);
    this.#current = window;
    window.on('close', (event) => {
      if (this.#mayClose) return;
      event.preventDefault();
      void this.#askToClose(window);
    });
    window.once('closed', () => {
      this.#current = null;
    });
    this.#options.onOpen(window);
    return window;
  }

  /** From now on the window closes without a question, as when the app quits. */
  closeUnasked(): void {
    this.#mayClose = true;
    this.#current?.close();
  }

  async #askToClose(window: BrowserWindow): Promise<void> {
    this.#asking ??= this.#options.mayClose(window).finally(() => {
      this.#asking = null;
    });
    if (!(await this.#asking) || window.isDestroyed()) return;
    this.#mayClose = true;
    // The next window of an app that goes on without this one asks again.
    window.once('closed', () => {
      this.#mayClose = false;
    });
    window.close();
  }

  /** Brings it to the front; opens it where there is none. */
  show(): void {
    bringToFront(this.#current ?? this.open());
  }

  /** Gives the keyboard to its page, where there is one. */
  focus(): void {
    if (!this.#current) return;
    bringToFront(this.#current);
    this.#current.webContents.focus();
  }
}

/** It is shown once its page is drawn. */
function createWindow({ preload, boundsFile, ask }: MainWindowOptions): BrowserWindow {
  const saved = readBounds(boundsFile);
  const areas = screen.getAllDisplays().map((display) => display.workArea);
  const window = new BrowserWindow({
    ...placeWindow(saved, areas),
    minWidth: smallest.width,
    minHeight: smallest.height,
    title: 'Tunel',
    show: false,
    autoHideMenuBar: true,
    backgroundColor: canvas(),
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  });
  if (saved?.maximized) window.maximize();
  window.webContents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
  claim(window.webContents, { kind: 'app' }, { ask });
  const onTheme = () => window.setBackgroundColor(canvas());
  nativeTheme.on('updated', onTheme);
  window.once('ready-to-show', () => window.show());
  addContextMenu(window.webContents, 'own');
  window.on('close', () => saveBounds(boundsFile, { ...window.getNormalBounds(), maximized: window.isMaximized() }));
  window.once('closed', () => nativeTheme.off('updated', onTheme));
  let crashedAt = 0;
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    const sinceLast = Date.now() - crashedAt;
    crashedAt = Date.now();
    // The page holds no truth of its own: a new one shows the same. One that dies at once would only die again.
    if (sinceLast > crashInterval) window.webContents.reload();
    else console.error(`main: the page of Tunel keeps ending (${reason})`);
  });
  void window.loadURL(appPage);
  return window;
}

function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
