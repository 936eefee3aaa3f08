import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page, test } from '@playwright/test';
import { findRuntime } from '../../build/setup/electron.mjs';
import { PATIENCE_MS } from './patience.ts';

export const appRoot = resolve(import.meta.dirname, '../..');

export interface LaunchOptions {
  /** Where the app keeps its data; a fresh folder, removed on close, when left out. Give one to test a restart. */
  dataDir?: string;
  /** Added to the environment; `undefined` removes a name. */
  env?: Record<string, string | undefined>;
  /** Arguments after the app folder. */
  args?: string[];
  /** Another app folder, or the executable of a packaged app. */
  appDir?: string;
  /** Milliseconds until the first window must be there. */
  timeout?: number;
}

export interface LaunchedApp {
  app: ElectronApplication;
  /** The first window, its page loaded. */
  window: Page;
  dataDir: string;
  /** What the app wrote to stdout and stderr up to now. */
  output(): string;
  /** Quits the app, as a user would, and removes a data folder made here. Kills it when it does not quit within 15 s. */
  close(): Promise<void>;
}

/** How long Electron may take to answer Playwright before it is started again, ms. */
const ANSWER_LIMIT = 90_000;

/**
 * Starts the built app in the runtime of this machine (`node build/setup.mjs test` made both). Under load Electron 33 sometimes
 * starts and never answers Playwright, with the app itself at work (seen three times in some 300 starts): then it is started
 * once more, and says so.
 */
export async function launchApp(options: LaunchOptions = {}): Promise<LaunchedApp> {
  if (options.timeout !== undefined) return launchOnce(options);
  try {
    return await launchOnce({ ...options, timeout: ANSWER_LIMIT });
  } catch (error) {
    const { cause } = error as Error;
    const isTimeout = [error, cause].some((each) => each instanceof Error && each.name === 'TimeoutError');
    if (!isTimeout) throw error;
    console.warn(`Electron did not answer Playwright within ${ANSWER_LIMIT / 1000} s and is started again.`);
    return launchOnce(options);
  }
}

async function launchOnce(options: LaunchOptions): Promise<LaunchedApp> {
  const runtime = findRuntime();
  if (!runtime) throw new Error('There is no Electron on this machine yet: run `node build/setup.mjs test` first.');
  const ownDir = options.dataDir === undefined;
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'tunel-e2e-')));
  const isRoot = process.getuid?.() === 0;
  const app = await _electron.launch({
    executablePath: runtime.path,
    // Chromium's own profile belongs to the test as well, or the single-instance lock would be shared with a developer's app.
    args: [`--user-data-dir=${join(dataDir, 'chromium')}`, options.appDir ?? appRoot, ...(options.args ?? [])],
    chromiumSandbox: !isRoot,
    env: environment({ TUNEL_DATA_DIR: dataDir, ...options.env }),
    timeout: options.timeout ?? PATIENCE_MS,
  });
  let output = '';
  for (const stream of [app.process().stdout, app.process().stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const close = async () => {
    await quit(app);
    if (ownDir) await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const window = await app.firstWindow({ timeout: options.timeout ?? PATIENCE_MS });
    await window.waitForLoadState('domcontentloaded', { timeout: options.timeout ?? PATIENCE_MS });
    return { app, window, dataDir, output: () => output, close };
  } catch (cause) {
    await close();
    throw new Error(`The app showed no window. It wrote:\n${output.slice(-4000)}`, { cause });
  }
}

function environment(changes: Record<string, string | undefined>): Record<string, string> {
  const merged = { ...process.env, ...changes };
  return Object.fromEntries(Object.entries(merged).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

async function quit(app: ElectronApplication): Promise<void> {
  const child = app.process();
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise<void>((done) => child.once('exit', () => done()));
  const killer = setTimeout(() => child.kill('SIGKILL'), 15_000);
  // Quitting closes the connection the call came through, so its rejection tells nothing.
  await app.close().catch(() => undefined);
  await exited;
  clearTimeout(killer);
}

/** Saves a picture of the page under test-results/screenshots and attaches it to the running test. Returns its path. */
export async function screenshot(window: Page, name: string): Promise<string> {
  const path = join(appRoot, 'test-results/screenshots', `${name}.png`);
  await mkdir(dirname(path), { recursive: true });
  await window.screenshot({ path });
  await test.info().attach(name, { path, contentType: 'image/png' });
  return path;
}
