import { randomBytes } from 'node:crypto';
import { expect, type Page, test } from '@playwright/test';
import { clusterOf } from '../helpers/apps.ts';
import { asUser, type ClusterInfo, upCluster } from '../helpers/clusters.ts';
import { type LaunchedApp, launchApp } from '../helpers/electron.ts';
import { invoke } from '../helpers/shell.ts';
import { emptyHome, setSize, viewPage } from '../helpers/ui.ts';
import { windowPicture } from '../helpers/window-picture.ts';
import { installPythonApps, installStandIns } from '../integration/recipes/python-apps.ts';
import { type Use, uses } from './recipe-views.ts';

/** Every recipe that serves a page, in the real window: what the app drew, what changes by a click, and a picture of it. */
test.describe.configure({ mode: 'serial' });
test.setTimeout(400_000);

const folder = `views-${randomBytes(4).toString('hex')}`;
/** Two runs of fifty steps, and a file to look at. */
const training = `
import math, sys
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.summary.writer.event_file_writer import EventFileWriter
for rate in (1, 3):
    writer = EventFileWriter("%s/rate-%d" % (sys.argv[1], rate))
    for step in range(50):
        loss = summary_pb2.Summary.Value(tag="loss", simple_value=math.exp(-step * rate / 30) + 0.1)
        writer.add_event(event_pb2.Event(step=step, wall_time=1.7e9 + step, summary=summary_pb2.Summary(value=[loss])))
    writer.close()
`;
const launched: { info: ClusterInfo; id: string }[] = [];
const seen: Page[] = [];
let home: Awaited<ReturnType<typeof emptyHome>>;
let tunel: LaunchedApp;
let page: Page;

const live = async () =>
  (await invoke(page, 'app.state', undefined)).state.instances.filter(({ endedAt }) => endedAt === null);

test.beforeAll(async () => {
  const [slurm24, slurm22] = [await upCluster('slurm24'), await upCluster('slurm22')];
  const standIns = await installStandIns(slurm24, ['c1', 'c2']);
  const pythonApps = await installPythonApps(slurm22, 'c1');
  await asUser('ada', slurm24, 'slogin', `mkdir -p ${folder}/results && seq 4000 >${folder}/numbers.txt`);
  await asUser('ada', slurm22, 'slogin', ['mkdir', folder]);
  await asUser('ada', slurm22, 'c1', [`${pythonApps}/bin/python3`, '-c', training, `/home/ada/${folder}/logs`]);
  home = await emptyHome();
  tunel = await launchApp({ env: home.env });
  page = tunel.window;
  await invoke(page, 'settings.save', { theme: 'light' });
  await setSize(tunel.app, page, 1280, 800);
  const places = {
    slurm24: { info: slurm24, environment: undefined, options: [] },
    standIn: { info: slurm24, environment: standIns, options: [] },
    slurm22: { info: slurm22, environment: pythonApps, options: ['--nodelist=c1'] },
  };
  const ids = new Map<ClusterInfo, string>();
  for (const info of [slurm24, slurm22])
    ids.set(info, (await invoke(page, 'clusters.save', { input: clusterOf(info) })).id);
  for (const [recipe, { place, args = {} }] of Object.entries(uses)) {
    const { info, environment, options } = places[place];
    const { id } = await invoke(page, 'instances.launch', {
      clusterId: ids.get(info) ?? '',
      recipe,
      title: titleOf(recipe),
      args: { ...(environment ? { environment } : {}), ...args },
      // Each is one process or two; more at once fit on a node then.
      resources: recipe === 'files' ? {} : { cpus: 1, memory: 400, time: 30, options },
      runtime: 'native',
      workDirectory: folder,
    });
    launched.push({ info, id });
  }
});

test.afterAll(async () => {
  if (page) {
    for (const { id } of await live()) await invoke(page, 'instances.end', { id });
    await expect.poll(live, { timeout: 120_000 }).toEqual([]);
  }
  await tunel?.close();
  for (const info of new Set(launched.map((one) => one.info))) {
    const directories = launched.filter((one) => one.info === info).map(({ id }) => `.tunel/${id}`);
    await asUser('ada', info, info.entry, ['rm', '-rf', folder, ...directories]);
  }
  await home?.remove();
});

/** Throws with the app's own words when it failed. */
async function untilReady(title: string): Promise<string> {
  const look = async () =>
    (await invoke(page, 'app.state', undefined)).state.instances.find((app) => app.title === title);
  const over = ['ready', 'failed', 'ended'];
  await expect.poll(async () => over.includes((await look())?.state ?? ''), { timeout: 300_000 }).toBe(true);
  const app = await look();
  expect(app?.state, `${JSON.stringify(app?.error)} ${app?.logTail}`).toBe('ready');
  return app?.id ?? '';
}

const titleOf = (recipe: string): string => `${recipe[0]?.toUpperCase()}${recipe.slice(1)}`;

for (const [recipe, { use }] of Object.entries<Use>(uses)) {
  test(`${recipe} draws its page, and it works`, async () => {
    const instanceId = await untilReady(titleOf(recipe));
    await invoke(page, 'views.open', { instanceId });
    const view = await viewPage(tunel.app, seen);
    seen.push(view);
    await use(view);
    await windowPicture(tunel.app, recipe);
    await invoke(page, 'views.close', { viewId: instanceId });
    // Others wait for its place on a node.
    await invoke(page, 'instances.end', { id: instanceId });
  });
}
