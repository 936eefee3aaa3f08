import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, type BrowserWindow, dialog, Menu, nativeTheme } from 'electron';
import { answerPage, emitTo } from './ipc/bridge.ts';
import { DemoServers } from './ipc/demo-server.ts';
import { EngineLink } from './ipc/engine-link.ts';
import { EngineProcess } from './ipc/engine-process.ts';
import { StateRelay } from './ipc/state-relay.ts';
import { answerStreams } from './ipc/stream-bridge.ts';
import { TrustedSenders } from './ipc/trusted-senders.ts';
import { takeDataDirectory } from './platform/data-directory.ts';
import { runDemo } from './platform/demo-run.ts';
import { windowHandlers } from './platform/desktop-requests.ts';
import { readLastState, writeLastState } from './platform/last-state.ts';
import { LaunchLinks, registerLinks } from './platform/launch-links.ts';
import { runInOwnWindow } from './platform/menu-commands.ts';
import { versions } from './platform/versions.ts';
import { registerAppScheme, serveApp } from './security/app-protocol.ts';
import { guardNavigation } from './security/navigation-guard.ts';
import { openForPage } from './security/open-external.ts';
import { keepAppSessionLocal, lockSessions } from './security/sessions.ts';
import { AppError } from './shared/errors.ts';
import { createMainWindow, focusWindow } from './windows/main-window.ts';
import { createMenu } from './windows/menu.ts';
import { Views } from './windows/views.ts';

/** The engine closes connections in this time or is killed, ms. */
const disposeLimit = 3000;
const here = dirname(fileURLToPath(import.meta.url));
const demoFolder = process.argv.find((argument) => argument.startsWith('--demo='))?.slice('--demo='.length);
/** How often what the window shows is kept for the next start, ms. */
const keepStateInterval = 10_000;

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
  const ownEngine = new EngineProcess(
    join(here, 'engine.js'),
    {
      data: dataDirectory,
      recipes: join(here, '../recipes'),
      sites: join(here, '../sites'),
      pages: join(here, 'pages'),
      demoCluster: join(here, 'demo-cluster.js'),
      cli: join(here, 'cli.js'),
      version: app.getVersion(),
      versions: versions(),
    },
    demo,
  );
  const engine = new EngineLink({
    data: dataDirectory,
    version: app.getVersion(),
    process: ownEngine,
    mayReplace: (other) => askToReplace(other, window),
  });
  const lastStateFile = join(dataDirectory, 'last-state.json');
  const relay = new StateRelay(readLastState(lastStateFile, app.getVersion()) ?? undefined);
  const senders = new TrustedSenders();
  const emit = emitTo(senders);
  let window: BrowserWindow | null = null;
  links.onLink = () => emit('link.opened', {});

  const ask = (url: string) => void openForPage(url, window).catch((error: unknown) => report('open a link', error));
  const request: EngineLink['request'] = (name, input, signal) => engine.request(name, input, signal);
  const views = new Views({
    window: () => window,
    viewAccess: (id) => request('instances.viewAccess', { id }),
    state: () => relay.state,
    publish: (slice) => relay.setViews(slice),
    key(key) {
      if (window) focusWindow(window);
      window?.webContents.focus();
      emit('keys.pressed', { key });
    },
    ask,
  });

  relay.on('changed', (event) => emit('state.changed', event));
  relay.on('state', ({ settings }) => {
    nativeTheme.themeSource = settings.theme;
    views.renewAccess().catch((error: unknown) => report('give the views their new access', error));
  });
  engine.on('event', (event) => {
    if (event.name === 'snapshot') relay.onSnapshot(event.payload);
    else if (event.name === 'state.changed') relay.onChanges(event.payload);
    else emit(event.name, event.payload);
  });
  engine.on('status', (status, failure) => {
    relay.onStatus(status, failure);
    if (status === 'restarting' || status === 'down') views.onEngineEnded();
  });
  const keepState = () => {
    try {
      if (engine.status === 'running') writeLastState(lastStateFile, app.getVersion(), relay.state);
    } catch (error) {
      report('keep the state for the next start', error);
    }
  };
  const keeping = setInterval(keepState, keepStateInterval);

  answerPage({
    senders,
    window: windowHandlers({
      views,
      window: () => window,
      dataDirectory,
      takeLink: () => links.take(),
      browserLink: (id) => request('instances.browserLink', { id }),
    }),
    async engine(name, input, signal) {
      if (name !== 'app.state') return request(name, input as never, signal);
      // Once an engine answers, what was acknowledged is in its answer; the relay hears of it a little later.
      const whole =
        engine.status === 'running' ? relay.complete(await request(name, undefined, signal)) : relay.snapshot();
      // The page begins anew: it has the views as well.
      emit('state.changed', { revision: whole.revision, patches: [{ op: 'replace', slices: { views: relay.views } }] });
      return whole;
    },
  });

  answerStreams({ senders, open: (name, input, signal) => engine.openStream(name, input as never, signal) });

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
  engine.follow().catch((error: unknown) => report('follow the engine', error));
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
    clearInterval(keeping);
    keepState();
    await engine.dispose(disposeLimit);
    await demo.dispose();
    return code ?? 0;
  });
  void demoRun?.then(shutDown);
}

/** An engine of another version is in use by commands: it can only be shared with clients of its own version. */
async function askToReplace(
  { version, liveInstances }: { version: string; liveInstances: number },
  window: BrowserWindow | null,
): Promise<boolean> {
  const options = {
    type: 'question' as const,
    message: `Tunel ${version} runs in the background`,
    detail: `Its connections and tunnels close, and you sign in again. ${liveInstances} running apps go on.`,
    buttons: ['Replace it', 'Wait'],
    defaultId: 0,
    cancelId: 1,
  };
  const { response } = await (window ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options));
  return response === 0;
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
