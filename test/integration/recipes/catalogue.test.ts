import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import {
  endOwn,
  launchFails,
  launchReady,
  processesOf,
  saveCluster,
  stopApp,
  untilGone,
  viewOf,
} from '../../helpers/apps.ts';
import { holdClusters, holdProcessors } from '../../helpers/cluster-locks.ts';
import { asUser, type ClusterInfo, upCluster } from '../../helpers/clusters.ts';
import { openTestCore, type TestCore } from '../../helpers/core.ts';
import { type Input, type Launcher, type Place, places, standIns } from './places.ts';
import { installPythonApps, installStandIns } from './python-apps.ts';
import { uses } from './uses.ts';

const environments = { pythonApps: '', standIns: '' };
const ran = new Map<string, Set<string>>();
const note = (recipe: string, launcher: Launcher, where: string) => {
  const key = `${recipe} ${launcher}`;
  ran.set(key, (ran.get(key) ?? new Set()).add(where));
};
const times: string[] = [];
const recipeOf = (key: string) => key.split(' ')[0] ?? '';
const scalars = `
import sys
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.summary.writer.event_file_writer import EventFileWriter
writer = EventFileWriter(sys.argv[1])
value = summary_pb2.Summary.Value(tag="loss", simple_value=0.5)
writer.add_event(event_pb2.Event(step=1, summary=summary_pb2.Summary(value=[value])))
writer.close()
`;

// Enough to use the time that schedulers take, and not so many that they all wait for a processor.
vi.setConfig({ maxConcurrency: 6 });
beforeAll(async () => {
  await holdProcessors();
  await holdClusters(
    places.map(({ cluster }) => cluster),
    'shared',
  );
});

function onPlace({ cluster, launcher, nodes, apps, jobs, lacks }: Place, isStandIn: boolean): void {
  let info: ClusterInfo;
  let open: TestCore;
  let clusterId = '';
  const launched: string[] = [];
  const folder = `catalogue-${randomBytes(4).toString('hex')}`;

  beforeAll(async () => {
    info = await upCluster(cluster);
    open = await openTestCore();
    clusterId = await saveCluster(open, info);
    await asUser('ada', info, info.entry, `mkdir -p ${folder} && printf 'a\\nb c\\n$(id)\\n' >${folder}/inputs.txt`);
    if (isStandIn) environments.standIns = await installStandIns(info, nodes);
    if (cluster !== 'slurm22') return;
    environments.pythonApps = await installPythonApps(info, 'c1');
    const python = `${environments.pythonApps}/bin/python3`;
    await asUser('ada', info, 'c1', [python, '-c', scalars, `/home/ada/${folder}/logs/run1`]);
  });
  afterAll(async () => {
    try {
      if (open) await endOwn(open);
    } finally {
      const directories = launched.map((id) => `.tunel/${id} tunel-results/${id}`).join(' ');
      await asUser('ada', info, info.entry, `rm -rf ${folder} ${directories}; rmdir tunel-results 2>/dev/null; true`);
      await open?.close();
    }
  });

  const inputOf = (recipe: string, { args = {}, resources = {} }: Input, directory = folder) => {
    const environment = isStandIn ? environments.standIns : cluster === 'slurm22' ? environments.pythonApps : '';
    // Grid Engine limits what a program maps, which is more than it uses; R asks for a lot.
    const least = launcher === 'login' ? {} : { memory: launcher === 'gridengine' ? 1500 : 400, time: 10 };
    const options = cluster === 'slurm22' ? ['--nodelist=c1'] : [];
    // HTCondor's machines do not see the home directory: the job has a work directory of its own.
    const workDirectory = launcher === 'htcondor' ? '' : directory;
    const all = { ...(environment === '' ? {} : { environment }), ...args };
    return { clusterId, recipe, launcher, args: all, workDirectory, resources: { ...least, options, ...resources } };
  };

  test.concurrent.each(Object.entries(apps))('%s starts, is used and stops', async (recipe, input) => {
    const begin = Date.now();
    const app = await launchReady(open, { ...inputOf(recipe, input), runtime: 'native' });
    launched.push(app.id);
    const ready = Date.now();
    const view = viewOf(open, app.id);
    await uses[recipe]?.(view);
    view.close();
    const commands = (await Promise.all(nodes.map((node) => processesOf(info, node, app.id)))).flat();
    const { stdout } = await asUser('ada', info, info.entry, ['cat', `${app.directory}/secret`]);
    const secret = stdout.trim();
    expect(secret.length).toBeGreaterThan(20);
    expect(commands.length).toBeGreaterThan(0);
    expect(commands.join('\n')).not.toContain(secret);
    if (app.endpoint?.kind === 'port') await refusesOthers(info, app.endpoint);
    expect(await stopApp(open, app.id)).toMatchObject({ state: 'ended', error: null });
    expect((await open.request('instances.log', { id: app.id, offset: 0 })).text).not.toContain(secret);
    await untilGone(info, nodes, app.id);
    times.push(`${recipe} on ${cluster}: ready after ${((ready - begin) / 1000).toFixed(1)} s`);
    note(recipe, launcher, isStandIn ? `${cluster}, stand-in` : cluster);
  });

  test('what it is said to lack is not there', async () => {
    const all = [...new Set(Object.values(lacks))];
    const look =
      'for it in "$@"; do command -v "$it" || { python3 -c "import $it" 2>/dev/null && echo "$it"; }; done; true';
    for (const node of nodes) {
      const there = await asUser('ada', info, node, ['bash', '-c', look, 'look', ...all]);
      expect(there.stdout, node).toBe('');
    }
    for (const [recipe, program] of Object.entries(lacks)) note(recipe, launcher, `no ${program}`);
  });

  const named = Object.entries(jobs);
  test.concurrent.each(named)('%s runs to its end and leaves its results', async (key, { leaves, says, ...input }) => {
    const recipe = recipeOf(key);
    const directory = `${folder}/${key.replaceAll(' ', '-')}`;
    await asUser('ada', info, info.entry, `mkdir -p ${directory} && cp ${folder}/inputs.txt ${directory}`);
    const { id } = await open.request('instances.launch', {
      ...inputOf(recipe, input, directory),
      runtime: 'native',
    });
    launched.push(id);
    const over = await open.until(`${recipe} over`, ({ instances }) =>
      instances.find((app) => app.id === id && ['ended', 'failed'].includes(app.state)),
    );
    const { logTail } = await open.request('history.get', { id });
    expect(over, logTail).toMatchObject({ state: 'ended', error: null });
    const where = launcher === 'htcondor' ? `${over.directory}/work` : directory;
    const left = await asUser(
      'ada',
      info,
      info.entry,
      `cd ${where} && ls ${leaves.join(' ')} && cat ${leaves.join(' ')}`,
    );
    expect(left.stdout).toMatch(says);
    note(recipe, launcher, isStandIn ? `${cluster}, stand-in` : cluster);
  });
}

/** A port is for everyone on its node: what asks for no token there may say nothing that matters. */
async function refusesOthers(info: ClusterInfo, { node, port }: { node: string; port: number }): Promise<void> {
  const url = `http://127.0.0.1:${port}/start_matlab`;
  const ask = `import urllib.request, urllib.error
try: print(urllib.request.urlopen("${url}").status)
except urllib.error.HTTPError as error: print(error.code)`;
  expect((await asUser('ben', info, node, ['python3', '-c', ask])).stdout.trim()).toBe('403');
}

describe.concurrent.each(places)('on $cluster', (place) => onPlace(place, false));
describe.concurrent('a stand-in, on slurm24, of', () => onPlace(standIns, true));

describe('what is missing is said, with the way to get it', () => {
  let open: TestCore;
  let clusterId = '';
  beforeAll(async () => {
    open = await openTestCore();
    clusterId = await saveCluster(open, await upCluster('login'));
  });
  afterAll(async () => {
    const info = await upCluster('login');
    const ids = open.state().instances.map(({ id }) => `.tunel/${id}`);
    await endOwn(open);
    await asUser('ada', info, 'login', `rm -rf ${ids.join(' ')}`);
    await open.close();
  });

  test.concurrent.each([
    ['dash', {}, /python3 on login has no dash\..*pip install --user dash gunicorn/s],
    ['streamlit', {}, /python3 on login has no streamlit/],
    ['bokeh', {}, /python3 on login has no bokeh/],
    ['tensorboard', {}, /python3 on login has no tensorboard/],
    ['marimo', {}, /python3 on login has no marimo/],
    ['shiny', {}, /Rscript: command not found on login.*module/s],
    ['r-script', {}, /Rscript: command not found/],
    ['mpi', {}, /mpirun: command not found.*module/s],
    ['bumps', {}, /bumps: command not found.*pip install --user bumps/s],
    ['matlab-proxy', {}, /matlab-proxy-app: command not found.*pip install --user matlab-proxy/s],
    ['fastapi', { environment: 'nowhere' }, /There is no environment nowhere on login/],
  ])('%s', async (recipe, args, words) => {
    const { error, logTail } = await launchFails(open, {
      clusterId,
      recipe,
      launcher: 'login',
      runtime: 'native',
      args,
    });
    expect(`${error.message} ${error.hint ?? ''} ${error.detail ?? ''} ${logTail}`).toMatch(words);
  });
});

test('docs/recipes/README.md says what ran', async () => {
  const launchers = ['slurm', 'gridengine', 'htcondor', 'login'] as const;
  const names = [
    ...new Set(
      [...places, standIns].flatMap(({ apps, jobs }) => [...Object.keys(apps), ...Object.keys(jobs).map(recipeOf)]),
    ),
  ];
  const planned = (recipe: string, launcher: Launcher) =>
    places.some((place) => place.launcher === launcher && (recipe in place.apps || recipe in place.jobs));
  const cell = (recipe: string, launcher: Launcher) =>
    [...(ran.get(`${recipe} ${launcher}`) ?? [])].sort().join(', ') ||
    (planned(recipe, launcher) ? '**failed**' : 'not supported');
  const rows = names
    .sort()
    .map((name) => [`[${name}](${name}.md)`, ...launchers.map((launcher) => cell(name, launcher))].join(' | '));
  const table = [['recipe', ...launchers].join(' | '), '--- | --- | --- | --- | ---', ...rows].map(
    (row) => `| ${row} |`,
  );
  console.log([...times.sort(), ...table].join('\n'));
  await expect(`${head}\n${table.join('\n')}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, '../../../docs/recipes/README.md'),
  );
});

const head = `# Recipes that come with the app

What was run of them, on the real programs in \`test/clusters\`. A cell names the cluster: an app was launched there, used
through the gateway by a page's own calls and WebSockets, and was gone after its stop, with its secret neither on a command line nor
in the log; a job ran to its end and left its results. A *stand-in* takes the arguments and the sign-in of a program that could
not be had, and shows nothing else. *No NAME*: the nodes of that test cluster have no such program, so that it was not tried there;
it was looked for. This page is written by
\`test/integration/recipes/catalogue.test.ts\`; [hello](hello.md), and [jupyter](jupyter.md) in
containers, are in [Compatibility](../compatibility.md). [bumps-web](bumps-web.md) was tried by hand only.
`;
