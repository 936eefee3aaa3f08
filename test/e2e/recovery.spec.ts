import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { jobsEver, queuedJobs, untilGone } from '../helpers/apps.ts';
import { type ClusterInfo, cutNetwork, killSessions, restoreNetwork, upCluster } from '../helpers/clusters.ts';
import { type LaunchedApp, launchApp, screenshot } from '../helpers/electron.ts';
import { endApp, instanceNow, launchReady, openView, saveCluster, untilReady } from '../helpers/running.ts';
import { engineProcess, invoke } from '../helpers/shell.ts';

/** Whatever dies between the page and the app: the app goes on as one job, and the page goes on as the same page. */
test.describe.configure({ mode: 'serial' });

let slurm: ClusterInfo;
let dataDir: string;
let tunel: LaunchedApp;
let id = '';
let view: Page;
let appProcess: number;

const pid = () =>
  view.evaluate(async () => {
    const answer = await fetch('api/facts');
    const facts: unknown = await answer.json();
    return (facts as { pid: number }).pid;
  });
const reconnecting = () => tunel.window.getByRole('status', { name: 'Reconnecting' });

/** The live connection of the page opens again by itself, and carries a message there and back. */
async function expectLive(): Promise<void> {
  const live = view.locator('#live');
  await expect(live).toHaveText(/^(connected|back in)/);
  await expect
    .poll(async () => {
      await view.getByRole('button', { name: 'Ping' }).click();
      return live.textContent();
    })
    .toMatch(/^back in \d+ ms$/);
}

async function markPage(): Promise<void> {
  await view.evaluate(() => Reflect.set(window, 'marker', { loaded: performance.timeOrigin }));
}

/** The page was never loaded again, talks to the same process of the app, and there is one job. */
async function expectSamePage(): Promise<void> {
  await untilReady(tunel.window, id);
  await expect(reconnecting()).toBeHidden();
  const marker = await view.evaluate(() => ({
    kept: (Reflect.get(window, 'marker') as { loaded: number } | undefined)?.loaded ?? null,
    loaded: performance.timeOrigin,
  }));
  expect(marker.kept).toBe(marker.loaded);
  await expectLive();
  await expectOneJob();
}

async function expectOneJob(): Promise<void> {
  expect(await pid()).toBe(appProcess);
  expect(await queuedJobs(slurm, id)).toHaveLength(1);
  expect(await jobsEver(slurm, id)).toBe(1);
}

test.beforeAll(async () => {
  slurm = await upCluster('slurm24');
  dataDir = await mkdtemp(join(tmpdir(), 'tunel-recovery-'));
  tunel = await launchApp({ dataDir });
  const clusterId = await saveCluster(tunel.window, slurm);
  id = await launchReady(tunel.window, { clusterId, recipe: 'hello', launcher: 'slurm' });
  view = await openView(tunel, id);
  appProcess = await pid();
  await expectLive();
  await markPage();
});

test.afterAll(async () => {
  if (slurm) await restoreNetwork(slurm);
  if (tunel) {
    if (id) await endApp(tunel.window, id);
    await tunel.close();
  }
  if (id) await untilGone(slurm, ['c1', 'c2', 'slogin'], id);
  if (dataDir) await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
});

test('a killed engine: the UI says so, and the page goes on', async () => {
  const before = await engineProcess(tunel.app);
  if (before === null) throw new Error('The engine has no process.');
  process.kill(before, 'SIGKILL');
  await expect(tunel.window.getByText('The engine restarts.')).toBeVisible();
  await expectSamePage();
  await expect(tunel.window.getByText('The engine restarts.')).toBeHidden();
  expect(await engineProcess(tunel.app)).not.toBe(before);
});

test('a page asked for while the engine is dead loads by itself', async () => {
  const before = await engineProcess(tunel.app);
  if (before === null) throw new Error('The engine has no process.');
  const loaded = await view.evaluate(() => performance.timeOrigin);
  process.kill(before, 'SIGKILL');
  await expect(tunel.window.getByText('The engine restarts.')).toBeVisible();
  await invoke(tunel.window, 'views.reload', undefined);
  await expect(view.getByRole('heading', { name: /^Hello from/ })).toBeVisible();
  expect(await view.evaluate(() => performance.timeOrigin)).toBeGreaterThan(loaded);
  await expect(tunel.window.getByText('The page did not load')).toBeHidden();
  await markPage();
  await expectSamePage();
});

test('a killed sshd: the page waits, then goes on', async () => {
  expect(await killSessions(slurm, 'slogin')).toBeGreaterThan(0);
  await expect(reconnecting()).toBeVisible();
  await expectSamePage();
});

test('a minute without network: the page waits, then goes on', async () => {
  const cutAt = Date.now();
  await cutNetwork(slurm);
  await expect(reconnecting()).toBeVisible();
  await screenshot(tunel.window, 'recovery-no-network');
  await expect.poll(() => Date.now() - cutAt).toBeGreaterThanOrEqual(60_000);
  await restoreNetwork(slurm);
  await expectSamePage();
});

test('a killed Tunel: started again, it finds the app and opens it', async () => {
  const dead = tunel.app.process();
  const gone = once(dead, 'exit');
  dead.kill('SIGKILL');
  await gone;
  tunel = await launchApp({ dataDir });
  await untilReady(tunel.window, id);
  view = await openView(tunel, id);
  await expectLive();
  await expectOneJob();
  expect((await instanceNow(tunel.window, id))?.launcher).toBe('slurm');
});
