import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, type BrowserWindow, dialog, Menu, nativeTheme } from 'electron';
import { z } from 'zod';
import { answerPage, emitTo } from './ipc/bridge.ts';
import { DemoServers } from './ipc/demo-server.ts';
import { EngineProcess } from './ipc/engine-process.ts';
import { StateRelay } from './ipc/state-relay.ts';
import { TrustedSenders } from './ipc/trusted-senders.ts';
import { takeDataDirectory } from './platform/data-directory.ts';
import { runDemo } from './platform/demo-run.ts';
import { windowHandlers } from './platform/desktop-requests.ts';
import { LaunchLinks, registerLinks } from './platform/launch-links.ts';
import { runInOwnWindow } from './platform/menu-commands.ts';
import { versions } from './platform/versions.ts';
import { registerAppScheme, serveApp } from './security/app-protocol.ts';
import { guardNavigation } from './security/navigation-guard.ts';
import { openForPage } from './security/open-external.ts';
import { keepAppSessionLocal, lockSessions } from './security/sessions.ts';
import { AppError } from './shared/errors.ts';
import { appStateSchema } from './shared/state.ts';
import { createMainWindow, focusWindow } from './windows/main-window.ts';
import { createMenu } from './windows/menu.ts';
import { Views } from './windows/views.ts';

/** The engine closes connections in this time or is killed, ms. */
const disposeLimit = 3000;
const here = dirname(fileURLToPath(import.meta.url));
const demoFolder = process.argv.find((argument) => argument.startsWith('--demo='))?.slice('--demo='.length);
const snapshotSchema = z.object({ revision: z.number(), state: appStateSchema.omit({ views: true }) });

// Chromium refuses its sandbox to root; only then, and only where it was asked for, does the app run without.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
registerAppScheme();
guardNavigation();
lockSessions();
begin();

function begin(): void {
  let dataDirectory: string;
  try {
    dataDirectory = takeDataDirectory();
  } catch (error) {
    app.on('before-quit', () => app.exit(1));
    void app.whenReady().then(() => tellAndExit(AppError.from(error)));
    return;
  }
  // macOS tells of the link that started an app before it is ready.
  const links = new LaunchLinks();
  if (app.requestSingleInstanceLock()) void app.whenReady().then(() => start(dataDirectory, links));
  else app.quit();
}

/** There is no window of ours to say it in; the demo has nobody who would read it. */
async function tellAndExit({ message, hint, detail }: AppError): Promise<void> {
  console.error([message, hint, detail].filter(Boolean).join('\n'));
  const words = [hint, detail].filter(Boolean).join('\n\n');
  if (demoFolder === undefined) await dialog.showMessageBox({ type: 'error', message, detail: words });
  app.exit(1);
}

function start(dataDirectory: string, links: LaunchLinks): void {
  registerLinks();
  const demo = new DemoServers(join(here, 'demo-cluster.js'));
  const engine = new EngineProcess(
    join(here, 'engine.js'),
    {
      data: dataDirectory,
      recipes: join(here, '../recipes'),
      sites: join(here, '../sites'),
      pages: join(here, 'pages'),
      demoCluster: join(here, 'demo-cluster.js'),
      versions: versions(),
    },
    demo,
  );
  const relay = new StateRelay();
  const senders = new TrustedSenders();
  const emit = emitTo(senders);
  let window: BrowserWindow | null = null;
  links.onLink = () => emit('link.opened', {});

  const ask = (url: string) => void openForPage(url, window).catch((error: unknown) => report('open a link', error));
  const request = (name: string, input: unknown) => engine.request(name, input);
  const views = new Views({
    window: () => window,
    request,
    state: () => relay.state,
    publish: (slice) => relay.setViews(slice),
    key(key) {
      if (window) focusWindow(window);
      window?.webContents.focus();
      emit('keys.pressed', { key });
    },
    ask,
  });

  const snapshot = async () => relay.onSnapshot(snapshotSchema.parse(await engine.request('app.state', undefined)));
  relay.on('changed', (event) => emit('state.changed', event));
  relay.on('state', ({ settings }) => {
    nativeTheme.themeSource = settings.theme;
    views.renewAccess().catch((error: unknown) => report('give the views their new access', error));
  });
  engine.on('changes', (event) => relay.onChanges(event));
  engine.on('transition', (transition) => emit('transition', transition));
  engine.on('log', (event) => emit('log.appended', event));
  engine.on('status', (status, failure) => {
    relay.onStatus(status, failure);
    if (status === 'restarting' || status === 'down') views.onEngineEnded();
    if (status !== 'running') return;
    // A new engine counts revisions from the start: the page hears of its whole state at once.
    snapshot().then(
      (whole) => relay.emit('changed', { revision: whole.revision, patches: [{ op: 'replace', slices: whole.state }] }),
      (error: unknown) => report('read the state', error),
    );
  });

  answerPage({
    senders,
    window: windowHandlers({
      views,
      window: () => window,
      dataDirectory,
      takeLink: () => links.take(),
      engine: request,
    }),
    async engine(name, input, signal) {
      if (name !== 'app.state') return engine.request(name, input, signal);
      const whole = await snapshot();
      // The page begins anew: it has the views as well.
      emit('state.changed', { revision: whole.revision, patches: [{ op: 'replace', slices: { views: relay.views } }] });
      return whole;
    },
  });

  const open = () => {
    window = createMainWindow({
      preload: join(here, 'preload.cjs'),
      boundsFile: join(dataDirectory, 'window.json'),
      ask,
    });
    senders.add(window.webContents);
    window.once('close', () => views.closeAll());
    window.once('closed', () => {
      window = null;
    });
    return window;
  };

  serveApp(join(here, 'renderer'));
  keepAppSessionLocal();
  Menu.setApplicationMenu(
    createMenu((command) => {
      if (runInOwnWindow(command, views, window)) return;
      emit('menu.command', { command });
    }),
  );
  engine.start();
  const first = open();

  app.on('second-instance', () => focusWindow(window ?? open()));
  app.on('activate', () => focusWindow(window ?? open()));
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  const quitting = new AbortController();
  const demoRun =
    demoFolder === undefined
      ? null
      : runDemo({
          relay,
          request,
          views,
          window: first,
          outputFolder: demoFolder,
          print: console.log,
          signal: quitting.signal,
        }).then(
          () => 0,
          (error: unknown) => {
            const { message, hint, detail } = AppError.from(error);
            console.error([`The demo failed: ${message}`, hint, detail].filter(Boolean).join('\n'));
            return 1;
          },
        );
  const shutDown = endInOrder(async () => {
    quitting.abort(new AppError('cancelled', 'Tunel was asked to quit.'));
    // It ends its app by the engine, so before that.
    const code = await demoRun;
    // Saves where it was, and closes the views.
    window?.close();
    views.closeAll();
    await engine.dispose(disposeLimit);
    await demo.dispose();
    return code ?? 0;
  });
  void demoRun?.then(shutDown);
}

/** Runs `end` once before the app quits, with the exit code that it resolves with. The returned function quits the app. */
function endInOrder(end: () => Promise<number>): () => Promise<void> {
  let ending: Promise<number> | null = null;
  const shutDown = async () => {
    ending ??= end().catch((error: unknown) => {
      report('end in order', error);
      return 1;
    });
    app.exit(await ending);
  };
  app.on('before-quit', (event) => {
    event.preventDefault();
    void shutDown();
  });
  return shutDown;
}

function report(what: string, error: unknown): void {
  console.error(`main: could not ${what}:`, error);
}
