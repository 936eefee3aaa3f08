import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { findRuntime } from '../../build/setup/electron.mjs';
import { runCommand } from '../helpers/clusters.ts';
import { appRoot, launchApp } from '../helpers/electron.ts';
import { stateNow } from '../helpers/running.ts';

let folder: string;
let child: ChildProcess | null;
let output: string;

test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tunel-start-'));
  child = null;
  output = '';
});
test.afterEach(async () => {
  if (child && child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

function start(command: string, args: string[], env: Record<string, string>): Promise<number | null> {
  const started = spawn(command, args, {
    cwd: appRoot,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = started;
  for (const stream of [started.stdout, started.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  return new Promise((resolve) => started.once('exit', (code) => resolve(code)));
}

function startApp(args: string[], env: Record<string, string>): Promise<number | null> {
  const runtime = findRuntime();
  if (!runtime) throw new Error('There is no Electron on this machine.');
  return start(runtime.path, [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), appRoot, ...args], env);
}

test('files that cannot be read are kept under another name, and the app starts', async () => {
  const broken = {
    'settings.json': '{"version": 1, "data": {"theme": "pink"}}',
    'clusters.json': '{"version": 1, "da',
    'history.db': 'This is no database. '.repeat(400),
  };
  for (const [name, content] of Object.entries(broken)) await writeFile(join(folder, name), content);
  const tunel = await launchApp({ dataDir: folder });
  try {
    const clusters = async () => (await stateNow(tunel.window))?.clusters.map(({ cluster }) => cluster.id);
    await expect.poll(clusters).toEqual(['demo']);
    const files = await readdir(folder);
    for (const [name, content] of Object.entries(broken)) {
      const kept = files.find((file) => file.startsWith(`${name}.unreadable-`)) ?? '';
      expect(await readFile(join(folder, kept), 'utf8')).toBe(content);
      await expect(tunel.window.getByRole('status').filter({ hasText: kept })).toBeVisible();
    }
  } finally {
    await tunel.close();
  }
});

test('a page of Tunel that crashes is loaded again', async () => {
  const tunel = await launchApp({ dataDir: folder });
  const page = () =>
    tunel.app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      return { pid: contents?.getOSProcessId(), loading: contents?.isLoading() };
    });
  try {
    const { pid } = await page();
    await tunel.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
    );
    await expect.poll(async () => (await page()).pid).not.toBe(pid);
    await expect.poll(async () => (await page()).loading).toBe(false);
    const engine = () =>
      tunel.app.evaluate(({ BrowserWindow }): Promise<unknown> | undefined => {
        const asked = "window.tunel.invoke('app.state').then(({ state }) => state.system.engine)";
        return BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(asked);
      });
    await expect.poll(engine).toBe('running');
  } finally {
    await tunel.close();
  }
});

test('a data directory that cannot be used is named, in words and in a dialog', async () => {
  const file = join(folder, 'file');
  await writeFile(file, '');
  const TUNEL_DATA_DIR = join(file, 'data');
  const ended = startApp([], { TUNEL_DATA_DIR });
  await expect.poll(() => output).toContain(`Tunel cannot use its data directory ${TUNEL_DATA_DIR}.`);
  expect(output).toContain('set TUNEL_DATA_DIR to another folder');
  child?.kill('SIGTERM');
  expect(await ended).toBe(1);

  // Nobody sees the dialog of a run without a screen.
  expect(await startApp([`--demo=${folder}`], { TUNEL_DATA_DIR })).toBe(1);
});

test('the demo shows the whole path and ends', async () => {
  const pictures = join(folder, 'pictures');
  const code = await startApp([`--demo=${pictures}`], { TUNEL_DATA_DIR: join(folder, 'data') });
  expect(code, output).toBe(0);
  const job = ['job composed: pi', 'job submitted', 'job done', 'job result: pi.svg, previewed'];
  for (const line of ['started: ', 'connected: ', ...job, 'ready: ', 'page title: ', 'screenshot: ', 'stopped: ']) {
    expect(output).toContain(line);
  }
  for (const picture of ['tunel-demo-job.png', 'tunel-demo.png']) {
    expect((await stat(join(pictures, picture))).size, picture).toBeGreaterThan(20_000);
  }
  // Its directory is removed with it.
  expect(await readdir(join(pictures, 'tunel-jobs'))).toEqual([]);
});

test('npm start --demo, interrupted: its app is stopped and nothing is left running', async () => {
  const data = join(folder, 'data');
  const ended = start(process.execPath, ['build/start.mjs', '--demo'], { TUNEL_DATA_DIR: data });
  await expect.poll(() => output).toContain('step submit: done');
  child?.kill('SIGTERM');
  expect(await ended).toBe(130);
  expect(output).toContain('stopped: nothing is left running');
  expect((await runCommand('pgrep', ['-f', data], { check: false })).stdout).toBe('');
});
