import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { findRuntime } from '../../build/setup/electron.mjs';
import { appRoot, type LaunchedApp, launchApp } from '../helpers/electron.ts';
import { answerDialogs, askedQuestions, engineProcess, invoke, utilityProcess } from '../helpers/shell.ts';

let tunel: LaunchedApp;

test.beforeAll(async () => {
  tunel = await launchApp();
  await answerDialogs(tunel.app, 1);
});
test.afterAll(() => tunel.close());

test('opens one window with the app’s own page and a bridge of six', async () => {
  const { window: page, app } = tunel;
  expect(page.url()).toBe('app://tunel/index.html');
  await expect
    .poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible()))
    .toBe(true);
  const globals = await page.evaluate(() => ({
    bridge: Object.keys(window.tunel).sort(),
    require: typeof Reflect.get(window, 'require'),
    process: typeof Reflect.get(window, 'process'),
    electron: typeof Reflect.get(window, 'electron'),
  }));
  expect(globals).toEqual({
    bridge: ['cancel', 'invoke', 'on', 'openStream', 'pathOf', 'platform'],
    require: 'undefined',
    process: 'undefined',
    electron: 'undefined',
  });
});

test('sandboxes and isolates the page', async () => {
  const preferences = await tunel.app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    return (
      contents as unknown as { getLastWebPreferences(): Record<string, unknown> } | undefined
    )?.getLastWebPreferences();
  });
  expect(preferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
  });
  expect(await tunel.app.evaluate(({ session }) => session.defaultSession.isSpellCheckerEnabled())).toBe(false);
});

test('serves its files with a strict policy, and no others', async () => {
  const { window: page } = tunel;
  const policy = await page.evaluate(async () => {
    const answer = await fetch('app://tunel/index.html');
    return answer.headers.get('content-security-policy');
  });
  expect(policy).toContain("default-src 'none'");
  expect(policy).toMatch(/script-src 'self';/);
  expect(policy).toContain("frame-ancestors 'none'");
  const refused = await page.evaluate(() =>
    Promise.all(
      ['..%2fmain.js', '..%2f..%2fpackage.json', '%2e%2e%2fengine.js', '%00.js', 'none.js'].map(async (path) => {
        const answer = await fetch(`app://tunel/${path}`);
        return answer.status;
      }),
    ),
  );
  expect(refused).toEqual([404, 404, 404, 404, 404]);
});

test('runs no inline script, and reaches nothing outside', async () => {
  const { window: page } = tunel;
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.injected = true';
    document.head.append(script);
    return Reflect.get(window, 'injected') === true;
  });
  expect(ran).toBe(false);
  const reached = await page.evaluate(() =>
    fetch('https://example.org/').then(
      () => true,
      () => false,
    ),
  );
  expect(reached).toBe(false);
});

test('goes nowhere and opens no window, but may ask for the browser', async () => {
  const { window: page, app } = tunel;
  expect(await page.evaluate(() => window.open('app://tunel/index.html') === null)).toBe(true);
  expect(await page.evaluate(() => window.open('file:///etc/passwd') === null)).toBe(true);
  expect(await askedQuestions(app)).toEqual([]);

  expect(await page.evaluate(() => window.open('https://example.org/a') === null)).toBe(true);
  await expect.poll(() => askedQuestions(app)).toEqual(['Open example.org in your browser?']);
  await page.evaluate(() => {
    location.href = 'https://example.net/';
  });
  await expect.poll(() => askedQuestions(app)).toContain('Open example.net in your browser?');
  await page.evaluate(() => {
    location.href = 'file:///etc/passwd';
  });
  expect(page.url()).toBe('app://tunel/index.html');
  expect(app.windows()).toHaveLength(1);
});

test('grants no permission', async () => {
  const answers = await tunel.window.evaluate(async () => ({
    notifications: await Notification.requestPermission(),
    location: (await navigator.permissions.query({ name: 'geolocation' })).state,
    camera: (await navigator.permissions.query({ name: 'camera' })).state,
    microphone: (await navigator.permissions.query({ name: 'microphone' })).state,
    clipboard: await navigator.clipboard.readText().then(
      () => 'granted',
      (error: Error) => error.name,
    ),
  }));
  expect(answers).toEqual({
    notifications: 'denied',
    location: 'denied',
    camera: 'denied',
    microphone: 'denied',
    clipboard: 'NotAllowedError',
  });
});

test('passes only requests of the contract, with inputs that fit', async () => {
  const { window: page } = tunel;
  for (const name of ['engine.viewAccess', 'no.such', '__proto__', 'constructor']) {
    await expect(invoke(page, name, { id: 'x' })).rejects.toMatchObject({ code: 'bad-input' });
  }
  await expect(invoke(page, 'views.zoom', { factor: 'wide' })).rejects.toMatchObject({ code: 'bad-input' });
  await expect(invoke(page, 'views.open', { instanceId: 'none' })).rejects.toMatchObject({ code: 'not-found' });
  await expect(invoke(page, 'desktop.openExternal', { url: 'file:///etc/passwd' })).rejects.toMatchObject({
    code: 'not-permitted',
  });
});

test('a second start shows the first window and ends', async () => {
  const { app, dataDir } = tunel;
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  const runtime = findRuntime();
  if (!runtime) throw new Error('There is no Electron on this machine.');
  const args = process.getuid?.() === 0 ? ['--no-sandbox', appRoot] : [appRoot];
  const second = spawn(runtime.path, args, { env: { ...process.env, TUNEL_DATA_DIR: dataDir }, stdio: 'ignore' });
  const [code] = await once(second, 'exit');
  expect(code).toBe(0);
  await expect
    .poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible()))
    .toBe(true);
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

test('starts a killed engine again, says so, and has its state back', async () => {
  const { window: page, app } = tunel;
  await expect.poll(() => engineProcess(app)).not.toBeNull();
  await invoke(page, 'settings.save', { theme: 'dark' });
  await expect.poll(() => app.evaluate(({ nativeTheme }) => nativeTheme.themeSource)).toBe('dark');
  await page.evaluate(() => {
    const seen: string[] = [];
    Reflect.set(window, 'engineStates', seen);
    window.tunel.on('state.changed', ({ patches }) => {
      for (const patch of patches) {
        if (patch.op === 'replace' && patch.slices.system) seen.push(patch.slices.system.engine);
      }
    });
  });
  const before = await engineProcess(app);
  if (before === null) throw new Error('The engine has no process.');
  process.kill(before, 'SIGKILL');
  await expect
    .poll(() => page.evaluate(() => Reflect.get(window, 'engineStates') as string[]))
    .toEqual(expect.arrayContaining(['restarting', 'running']));
  expect(await engineProcess(app)).not.toBe(before);
  const { state } = await invoke(page, 'app.state', undefined);
  expect(state.system.engine).toBe('running');
  expect(state.settings.theme).toBe('dark');
  expect(state.clusters.map(({ cluster }) => cluster.id)).toContain('demo');
});

test('starts the demo cluster again when its process dies', async () => {
  const { window: page, app } = tunel;
  const server = () => utilityProcess(app, 'Tunel demo cluster');
  const connection = async () => {
    const { state } = await invoke(page, 'app.state', undefined);
    return state.clusters.find(({ cluster }) => cluster.demo)?.connection.state;
  };
  await expect.poll(connection).toBe('connected');
  const before = await server();
  if (before === null) throw new Error('The demo cluster has no process.');
  process.kill(before, 'SIGKILL');
  await expect.poll(async () => [null, before].includes(await server())).toBe(false);
  await expect.poll(connection).toBe('connected');
});

test('keeps its data to this user', async () => {
  const { mode } = await stat(tunel.dataDir);
  expect(mode & 0o777).toBe(0o700);
  const chromium = await stat(join(tunel.dataDir, 'chromium'));
  expect(chromium.mode & 0o777).toBe(0o700);
});
