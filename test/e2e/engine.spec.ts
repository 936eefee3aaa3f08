import { type ChildProcess, execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { z } from 'zod';
import { launchInputSchema } from '../../electron/shared/instances.ts';
import { Tunel } from '../helpers/cli.ts';
import { appRoot, type LaunchedApp, launchApp } from '../helpers/electron.ts';
import { launchReady, stateNow, untilReady } from '../helpers/running.ts';
import { invoke } from '../helpers/shell.ts';
import { addCluster, clusterCard } from '../helpers/ui.ts';

/** The app and the command in one data directory: one engine keeps what both of them save, and outlives each of them. */

const statusSchema = z.object({ host: z.string(), pid: z.number(), connections: z.array(z.string()) });
const demo = 'demo';

let home: string;
let command: Tunel;
let open: LaunchedApp | null;
let following: ChildProcess | null;

test.beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'tunel-engine-'));
  command = new Tunel(join(appRoot, 'dist/cli.js'), home);
  open = null;
  following = null;
});
test.afterEach(async () => {
  // A command that still follows a log would start the engine again.
  following?.kill();
  try {
    await closeApp();
  } finally {
    await command.stopEngine();
  }
  expect(await command.commandProcesses()).toBe('');
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
});

async function startApp(): Promise<LaunchedApp> {
  open = await launchApp({ dataDir: command.dataDirectory, env: { HOME: home, SSH_AUTH_SOCK: undefined } });
  const page = open.window;
  await expect.poll(async () => (await stateNow(page))?.clusters.map(({ cluster }) => cluster.id)).toContain(demo);
  return open;
}

async function closeApp(): Promise<void> {
  const closing = open;
  open = null;
  await closing?.close();
}

const engineStatus = async () => statusSchema.parse(await command.json('engine', 'status'));
const named = (list: unknown) => z.array(z.object({ name: z.string() })).parse(list);
const run = async (...args: string[]) => {
  const done = await command.run(...args);
  expect(done, done.stderr).toMatchObject({ code: 0 });
};

/** What the command and the page of the app have of one list; both must have it. */
async function expectBoth(page: Page | null, args: string[], fromState: (page: Page) => Promise<unknown[]>) {
  const listed = await command.json(...args);
  if (page) await expect.poll(() => fromState(page)).toEqual(listed);
  return listed;
}

const state = async (page: Page) => (await invoke(page, 'app.state', undefined)).state;
const settingsFile = () => join(command.dataDirectory, 'settings.json');
const savedSettings = async () => JSON.parse(await readFile(settingsFile(), 'utf8')) as { data: object };

async function writeFolder(name: string): Promise<string> {
  const folder = join(home, name);
  await mkdir(folder);
  await writeFile(join(folder, 'index.html'), `<h1>${name}</h1>\n`);
  return folder;
}

async function writeRepository(name: string): Promise<string> {
  const folder = join(home, name);
  await mkdir(join(folder, 'bench'), { recursive: true });
  await writeFile(
    join(folder, 'bench/app.yaml'),
    `launcher: login\nscript: run.sh\ntitle: Bench\ndescription: Of ${name}.\n`,
  );
  await writeFile(join(folder, 'bench/run.sh'), '#!/bin/bash\nexec app --unix "$TUNEL_SOCKET"\n');
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-C', folder, ...args]);
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-q', '-m', 'x');
  return `file://${folder}`;
}

test.describe('what the app and commands save while both run', () => {
  test('clusters', async () => {
    const { window: page } = await startApp();
    expect(await engineStatus()).toMatchObject({ host: 'app' });
    await run('clusters', 'add', 'by-command', 'ada@none.invalid');
    await addCluster(page, { name: 'by-app', host: 'none.invalid', user: 'ada' });
    await run('clusters', 'add', 'by-command-again', 'ada@none.invalid');
    const names = ['by-app', 'by-command', 'by-command-again'];
    for (const name of names) await expect(clusterCard(page, name)).toBeVisible();
    const listed = async () => named(await command.json('clusters', 'list')).map(({ name }) => name);
    expect(await listed()).toEqual(expect.arrayContaining(names));
    await closeApp();
    expect(await listed()).toEqual(expect.arrayContaining(names));
    expect(await engineStatus()).toMatchObject({ host: 'background' });
  });

  test('settings, one of them edited in their file', async () => {
    const { window: page } = await startApp();
    await invoke(page, 'settings.save', { theme: 'dark' });
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
    const { data, ...rest } = await savedSettings();
    const edited = { ...rest, data: { ...data, favourites: ['hello'] } };
    await writeFile(settingsFile(), JSON.stringify(edited));
    await expect.poll(async () => (await state(page)).settings.favourites).toEqual(['hello']);
    await invoke(page, 'settings.save', { logLines: 700 });
    const expected = { theme: 'dark', favourites: ['hello'], logLines: 700 };
    expect((await state(page)).settings).toMatchObject(expected);
    expect((await savedSettings()).data).toMatchObject(expected);
  });

  test('presets, folders and sources', async () => {
    const { window: page } = await startApp();
    const launched = await command.json('run-app', demo, 'hello', '--wait', '--save-preset', 'by-command');
    const { id } = z.object({ id: z.string() }).parse(launched);
    const input = launchInputSchema.parse({ clusterId: demo, recipe: 'hello' });
    await invoke(page, 'presets.save', { name: 'by-app', input, replace: false });
    await run('stop-app', id, '--now');

    await run('folder', 'add', await writeFolder('by-command'));
    const path = await writeFolder('by-app');
    const { title, source, recognition } = await invoke(page, 'folders.inspect', { source: { kind: 'folder', path } });
    const { kind, line, environment, listen } = recognition;
    const start = { kind, line, environment, listen: listen === 'socket' ? listen : ('port' as const) };
    await invoke(page, 'folders.save', { input: { title, source, start } });

    await run('source', 'add', await writeRepository('recipes-of-command'), '--yes');
    const url = await writeRepository('recipes-of-app');
    const { key } = await invoke(page, 'sources.review', { url, ref: '' });
    await invoke(page, 'sources.accept', { key });

    const lists = async (shown: Page | null) => ({
      presets: await expectBoth(shown, ['presets', 'list'], async (of) => (await state(of)).presets),
      folders: await expectBoth(shown, ['folder', 'list'], async (of) => (await state(of)).folders),
      sources: await expectBoth(shown, ['source', 'list'], async (of) => (await state(of)).sources),
    });
    const saved = await lists(page);
    expect(saved.presets).toMatchObject([{ name: 'by-command' }, { name: 'by-app' }]);
    expect(saved.folders).toHaveLength(2);
    expect(saved.sources).toHaveLength(2);
    await closeApp();
    expect(await lists(null)).toEqual(saved);
  });
});

test('an app that finds an engine in the background is its client, and connections stay', async () => {
  await run('clusters', 'connect', demo);
  const before = await engineStatus();
  expect(before).toMatchObject({ host: 'background', connections: [demo] });
  const { window: page } = await startApp();
  const connection = async () => {
    const { clusters } = await state(page);
    return clusters.find(({ cluster }) => cluster.id === demo)?.connection;
  };
  const first = await connection();
  expect(first).toMatchObject({ state: 'connected' });
  // The page itself works over that connection.
  await launchReady(page, { clusterId: demo, recipe: 'hello', launcher: 'login' });
  expect(await connection()).toEqual(first);
  expect(await engineStatus()).toMatchObject(before);
  await closeApp();
  expect(await engineStatus()).toMatchObject(before);
  const [app] = z.array(z.object({ id: z.string(), state: z.string() })).parse(await command.json('ps'));
  expect(app).toMatchObject({ state: 'ready' });
  await run('stop-app', app?.id ?? '', '--now');
});

test('a command goes on following a log when the app that hosts the engine quits', async () => {
  const { window: page } = await startApp();
  const { id } = await invoke(page, 'instances.launch', { clusterId: demo, recipe: 'hello', launcher: 'login' });
  await untilReady(page, id);
  expect(await engineStatus()).toMatchObject({ host: 'app' });
  const follow = await command.start('logs', '-f', id);
  following = follow.child;
  expect(follow.output()).not.toContain('/api/facts');
  await closeApp();
  // Asking for the status starts no engine: the command that follows the log has.
  await expect.poll(async () => (await command.run('engine', 'status')).stdout).toContain('(background)');
  expect(follow.child.exitCode).toBeNull();
  // What the app writes from now on is the answer to this.
  expect(await command.json('api-get', '--app', id, '/api/facts')).toMatchObject({ status: 200 });
  await expect.poll(() => follow.output()).toContain('/api/facts');
  const whole = await command.run('logs', id);
  expect(follow.output()).toBe(whole.stdout);
  await run('stop-app', id);
  expect(await follow.ended).toBe(0);
});
