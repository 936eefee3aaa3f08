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
import { LastStateKeeper, readLastState } from './platform/last-state.ts';
import { LaunchLinks, registerLinks } from './platform/launch-links.ts';
import { runInOwnWindow } from './platform/menu-commands.ts';
import { OpenTabs } from './platform/open-tabs.ts';
import { askToQuit } from './platform/quit-question.ts';
import { askToReplace } from './platform/replace-question.ts';
import { versions } from './platform/versions.ts';
import { registerAppScheme, serveApp, serveIsolatedPage } from './security/app-protocol.ts';
import { guardNavigation } from './security/navigation-guard.ts';
import { openForPage } from './security/open-external.ts';
import { keepAppSessionLocal, lockSessions } from './security/sessions.ts';
import { AppError } from './shared/errors.ts';
import { MainWindow } from './windows/main-window.ts';
import { createMenu } from './windows/menu.ts';
import { Views } from './windows/views.ts';

/** The engine closes connections in this time or is killed, ms. */
const disposeLimit = 3000;
const here = dirname(fileURLToPath(import.meta.url));
const demoFolder = process.argv.find((argument) => argument.startsWith('--demo='))?.slice('--demo='.length);

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
  const more = [hint, detail].filter(Boolean).join('\n\n');
  if (demoFolder === undefined) await dialog.showMessageBox({ type: 'error', message, detail: more });
  app.exit(1);
}

/** What the parts of the main process share. Each is made once, in `start`. */
interface Shell {
  dataDirectory: string;
  engine: EngineLink;
  relay: StateRelay;
  senders: TrustedSenders;
  emit: ReturnType<typeof emitTo>;
  window: MainWindow;
  views: Views;
  tabs: OpenTabs;
  links: LaunchLinks;
}

function start(dataDirectory: string, links: LaunchLinks): void {
  registerLinks();
  const demo = new DemoServers(join(here, 'demo-cluster.js'));
  const shell = createShell(dataDirectory, links, demo);
  const { engine, window, views, tabs, emit, relay } = shell;
  followEngine(shell);
  const lastState = new LastStateKeeper(lastStateFile(dataDirectory), app.getVersion(), {
    state: () => (engine.status === 'running' ? relay.state : null),
    onFailed: (error) => report('keep the state for the next start', error),
  });
  answerRequests(shell);
  answerStreams({
    senders: shell.senders,
    open: (name, input, signal) => engine.openStream(name, input as never, signal),
  });

  serveApp(join(here, 'renderer'));
  serveIsolatedPage();
  keepAppSessionLocal();
  Menu.setApplicationMenu(
    createMenu(
      (command) => {
        if (!runInOwnWindow(command, views)) emit('menu.command', { command });
      },
      () => void quitOnRequest(shell).catch((error: unknown) => report('quit', error)),
    ),
  );
  engine.follow().catch((error: unknown) => report('follow the engine', error));
  const first = window.open();
  app.on('second-instance', () => window.show());
  app.on('activate', () => window.show());
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });

  const quitting = new AbortController();
  const demoRun = demoFolder === undefined ? null : runDemoIn(shell, first, demoFolder, quitting.signal);
  const shutDown = endInOrder(async () => {
    quitting.abort(new AppError('cancelled', 'Tunel was asked to quit.'));
    // It ends its app by the engine, so before that.
    const code = await demoRun;
    // Saves where it was, and closes the views.
    tabs.freeze();
    window.closeUnasked();
    views.closeAll();
    lastState.dispose();
    await engine.dispose(disposeLimit);
    await demo.dispose();
    return code ?? 0;
  });
  void demoRun?.then(shutDown);
}

const lastStateFile = (dataDirectory: string) => join(dataDirectory, 'last-state.json');

function createShell(dataDirectory: string, links: LaunchLinks, demo: DemoServers): Shell {
  const ask = (url: string) =>
    void openForPage(url, window.current).catch((error: unknown) => report('open a link', error));
  const senders = new TrustedSenders();
  const emit = emitTo(senders);
  const window = new MainWindow({
    preload: join(here, 'preload.cjs'),
    boundsFile: join(dataDirectory, 'window.json'),
    ask,
    onOpen(opened) {
      senders.add(opened.webContents);
      opened.once('closed', () => views.closeAll());
    },
    // On macOS the app goes on without its window.
    mayClose: async () => process.platform === 'darwin' || (await mayQuit(shell)),
  });
  const engine = new EngineLink({
    data: dataDirectory,
    version: app.getVersion(),
    process: createEngineProcess(dataDirectory, demo),
    mayReplace: (other) => askToReplace(other, window.current),
  });
  const relay = new StateRelay(readLastState(lastStateFile(dataDirectory), app.getVersion()) ?? undefined);
  const views = new Views({
    window: () => window.current,
    viewAccess: (id) => engine.request('instances.viewAccess', { id }),
    state: () => relay.state,
    publish: (slice) => {
      relay.setViews(slice);
      tabs.save(slice);
    },
    key(key) {
      window.focus();
      emit('keys.pressed', { key });
    },
    ask,
  });
  const tabs = new OpenTabs({
    file: join(dataDirectory, 'tabs.json'),
    open: (id) => views.openBehind(id),
    show: (id) => views.select(id),
    onFailed: (error) => report('keep the open views', error),
  });
  links.onLink = () => emit('link.opened', {});
  const shell: Shell = { dataDirectory, engine, relay, senders, emit, window, views, tabs, links };
  return shell;
}

/** Asks the user where apps go on running without Tunel. The views are then closed, and remembered as they are. */
async function mayQuit({ window, relay, engine, tabs }: Shell): Promise<boolean> {
  const stopAsking = () =>
    void engine
      .request('settings.save', { askOnQuit: false })
      .catch((error: unknown) => report('save the setting', error));
  const { current } = window;
  const mayQuit = !current || (await askToQuit(current, { state: () => relay.state, stopAsking }));
  if (mayQuit) tabs.freeze();
  return mayQuit;
}

async function quitOnRequest(shell: Shell): Promise<void> {
  if (await mayQuit(shell)) app.quit();
}

function createEngineProcess(dataDirectory: string, demo: DemoServers): EngineProcess {
  const options = {
    data: dataDirectory,
    recipes: join(here, '../recipes'),
    sites: join(here, '../sites'),
    pages: join(here, 'pages'),
    demoCluster: join(here, 'demo-cluster.js'),
    cli: join(here, 'cli.js'),
    version: app.getVersion(),
    versions: versions(),
  };
  return new EngineProcess(join(here, 'engine.js'), options, demo);
}

/** What the engine tells goes to the page, and to what of the main process depends on it. */
function followEngine({ engine, relay, views, tabs, emit }: Shell): void {
  relay.on('changed', (event) => emit('state.changed', event));
  relay.on('state', ({ settings }) => {
    nativeTheme.themeSource = settings.theme;
    tabs.restore(relay.state).catch((error: unknown) => report('open the views again', error));
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
}

function answerRequests({ dataDirectory, engine, relay, senders, emit, window, views, links }: Shell): void {
  answerPage({
    senders,
    window: windowHandlers({
      views,
      window: () => window.current,
      dataDirectory,
      takeLink: () => links.take(),
      queryAudit: (query, signal) => engine.request('audit.query', query, signal),
      browserLink: (id) => engine.request('instances.browserLink', { id }),
      openJobFile: (id, path, signal) => engine.openStream('jobs.download', { id, path }, signal),
      openJobArchive: (id, signal) => engine.openStream('jobs.downloadArchive', { id }, signal),
      onSaved: (progress) => emit('save.progress', progress),
    }),
    async engine(name, input, signal) {
      if (name !== 'app.state') return engine.request(name, input as never, signal);
      // Once an engine answers, what was acknowledged is in its answer; the relay hears of it a little later.
      const whole =
        engine.status === 'running' ? relay.complete(await engine.request(name, undefined, signal)) : relay.snapshot();
      // The page begins anew: it has the views as well.
      emit('state.changed', { revision: whole.revision, patches: [{ op: 'replace', slices: { views: relay.views } }] });
      return whole;
    },
  });
}

/** Resolves with the exit code. */
async function runDemoIn(
  shell: Shell,
  window: BrowserWindow,
  outputFolder: string,
  signal: AbortSignal,
): Promise<number> {
  const { engine, relay, views, emit } = shell;
  const showJob = (id: string, file: string) => emit('job.shown', { id, file });
  const request: EngineLink['request'] = (...asked) => engine.request(...asked);
  try {
    await runDemo({ relay, request, views, window, showJob, outputFolder, print: console.log, signal });
    return 0;
  } catch (error) {
    const { message, hint, detail } = AppError.from(error);
    console.error([`The demo failed: ${message}`, hint, detail].filter(Boolean).join('\n'));
    return 1;
  }
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
