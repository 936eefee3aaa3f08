import { expect, type Page, test } from '@playwright/test';
import type { ClusterInput } from '../../electron/shared/clusters.ts';
import { clusterOf } from '../helpers/apps.ts';
import { type ClusterName, upCluster } from '../helpers/clusters.ts';
import { type LaunchedApp, launchApp, screenshot } from '../helpers/electron.ts';
import { invoke } from '../helpers/shell.ts';
import { emptyHome, goTo, setSize, viewPage } from '../helpers/ui.ts';

/** One app by each launcher, from the card to the page in its embedded view. */
test.describe.configure({ mode: 'serial' });

let home: Awaited<ReturnType<typeof emptyHome>>;
let tunel: LaunchedApp;
let page: Page;
const seen: Page[] = [];

test.beforeAll(async () => {
  home = await emptyHome();
  tunel = await launchApp({ env: home.env });
  page = tunel.window;
  await setSize(tunel.app, page, 1280, 800);
});

test.afterAll(async () => {
  if (page) {
    const { state } = await invoke(page, 'app.state', undefined);
    for (const { id, endedAt } of state.instances) if (endedAt === null) await invoke(page, 'instances.end', { id });
    await expect
      .poll(async () => (await invoke(page, 'app.state', undefined)).state.instances.filter((app) => !app.endedAt))
      .toEqual([]);
  }
  await tunel?.close();
  await home?.remove();
});

const places = [
  { cluster: 'login', launcher: 'login', runtime: 'native', route: /socket/ },
  { cluster: 'containers', launcher: 'login', runtime: 'podman', route: /socket/ },
  { cluster: 'slurm24', launcher: 'slurm', runtime: 'apptainer', route: /through c[12]/ },
  { cluster: 'slurm22', launcher: 'slurm', runtime: 'native', route: /through c[12]/ },
  { cluster: 'htcondor', launcher: 'htcondor', runtime: 'native', route: /relay/i },
  { cluster: 'gridengine', launcher: 'gridengine', runtime: 'native', route: /relay/i },
] as const;

const images = { native: '', podman: '/opt/images/tunel-python.tar', apptainer: '/opt/images/tunel-python.sif' };

for (const { cluster, launcher, runtime, route } of places) {
  test(`${launcher} on ${cluster}, ${runtime}: the page is in the view`, async () => {
    const info = await upCluster(cluster as ClusterName);
    const input: ClusterInput = clusterOf(info);
    const { id: clusterId } = await invoke(page, 'clusters.save', { input });
    const title = `Hello on ${cluster}`;
    const resources = launcher === 'login' ? {} : { memory: 200, time: 10 };
    const launched = { clusterId, recipe: 'hello', launcher, runtime, image: images[runtime], title, resources };
    await invoke(page, 'instances.launch', launched);
    await goTo(page, 'Running');
    const card = page.getByRole('article', { name: title, exact: true });
    await expect(card.getByRole('button', { name: 'Open' })).toBeVisible();
    await card.getByRole('button', { name: 'Open' }).click();
    const view = await viewPage(tunel.app, seen);
    seen.push(view);
    await expect(view.getByRole('heading', { level: 1 })).toContainText('Hello');
    const { state } = await invoke(page, 'app.state', undefined);
    expect(state.instances.find((app) => app.title === title)?.route?.text).toMatch(route);
    await screenshot(page, `launcher-${cluster}`);
    await page.getByRole('button', { name: 'Back to Tunel' }).click();
  });
}
