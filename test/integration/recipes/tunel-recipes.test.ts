import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Instance } from '../../../electron/shared/instances.ts';
import { endOwn, launchReady, processesOf, saveCluster, stopApp, viewOf } from '../../helpers/apps.ts';
import { asUser, type ClusterInfo, type ClusterName, upCluster } from '../../helpers/clusters.ts';
import { openTestCore, type TestCore } from '../../helpers/core.ts';
import type { Answer, GatewayClient } from '../../helpers/gateway-client.ts';
import { eventually } from '../../helpers/instance.ts';

/**
 * Recipes written for Tunel 0.0.18, with nothing of ours in them, as its users have them: each kind by each launcher that
 * can run it, on real clusters, through the gateway.
 */
const recipes = join(import.meta.dirname, '../../fixtures/tunel-recipes');
const sif = (name: string) => `/opt/images/tunel-${name}.sif`;

interface Case {
  cluster: ClusterName;
  nodes: readonly string[];
  recipe: string;
  launcher: 'login' | 'slurm' | 'htcondor' | '';
  runtime?: 'apptainer' | 'podman';
  args?: Record<string, string | boolean>;
  /** What the first page holds, following where it leads; a batch job: what its log holds; null: it is a desktop. */
  shows: RegExp | null;
  batch?: boolean;
  /** So many jobs of one submission. */
  jobs?: number;
  /** Ended at once rather than asked. */
  end?: boolean;
  /** Labels of what it tells its user. */
  notes?: readonly string[];
}
const slurm = { cluster: 'slurm24', nodes: ['slogin', 'c1', 'c2'] } as const;
const containers = { cluster: 'containers', nodes: ['apx'] } as const;
const htcondor = { cluster: 'htcondor', nodes: ['csub', 'w1', 'w2'] } as const;
const lab = /jupyter-config-data/;
const notebook = /static\/tree\/js\/main/;

const cases: readonly Case[] = [
  { ...slurm, recipe: 'slurm/socket/jupyter', launcher: '', args: { jupyterlab: true }, shows: lab },
  { ...slurm, recipe: 'slurm/socket/jupyter', launcher: 'slurm', shows: notebook },
  {
    ...slurm,
    recipe: 'slurm/socket/singularity-jupyter',
    launcher: '',
    args: { container: sif('jupyter'), jupyterlab: 'true' },
    shows: lab,
  },
  {
    ...slurm,
    recipe: 'slurm/socket/wsgi',
    launcher: '',
    shows: /signed in as u[0-9a-f]{7}/,
    notes: ['User', 'Password'],
  },
  { ...slurm, recipe: 'slurm/port/files', launcher: '', shows: /Directory listing/ },
  { ...htcondor, recipe: 'slurm/port/files', launcher: 'htcondor', shows: /Directory listing/ },
  {
    ...slurm,
    recipe: 'slurm/batch/demo',
    launcher: '',
    shows: /slurm-batch-demo on c\d with 1 core, 150 MB\n(?:.*\n)*counted 3/,
    batch: true,
  },
  {
    ...containers,
    recipe: 'singularity/socket/editor',
    launcher: '',
    args: { container: sif('python') },
    shows: /the editor/,
    notes: ['Password'],
  },
  {
    ...slurm,
    recipe: 'singularity/socket/editor',
    launcher: 'slurm',
    args: { container: sif('python') },
    shows: /the editor/,
    notes: ['Password'],
  },
  {
    ...containers,
    recipe: 'socket/notes',
    launcher: '',
    args: { container: 'localhost/tunel-python', archive: '/opt/images/tunel-python.tar' },
    shows: /notes of u[0-9a-f]{7}/,
    notes: ['User', 'Password'],
  },
  {
    ...containers,
    recipe: 'socket/notes',
    launcher: 'login',
    runtime: 'podman',
    end: true,
    args: { container: 'localhost/tunel-python', archive: '/opt/images/tunel-python.tar' },
    shows: /notes of u[0-9a-f]{7}/,
    notes: ['User', 'Password'],
  },
  {
    ...containers,
    recipe: 'socket/notes',
    launcher: 'login',
    runtime: 'apptainer',
    args: { container: sif('python') },
    shows: /notes of u[0-9a-f]{7}/,
    notes: ['User', 'Password'],
  },
  { ...slurm, recipe: 'xserver/terminal', launcher: '', shows: null },
  {
    ...htcondor,
    recipe: 'htcondor/job',
    launcher: '',
    args: { cpus: '2', memory: '200' },
    shows: /RequestCpus = 2\n(?:.*\n)*done/,
    batch: true,
  },
  {
    ...htcondor,
    recipe: 'htcondor/job',
    launcher: '',
    args: { cpus: '1', memory: '200', njobs: '2' },
    shows: /task-0\/log to task-1\/log/,
    batch: true,
    jobs: 2,
  },
];

/** The first page, and the pages that leads to, with the cookies set on the way. */
async function firstPage(view: GatewayClient): Promise<Answer> {
  let page = await view.get('/');
  for (let turns = 0; [301, 302, 303, 307, 308].includes(page.status) && turns < 5; turns += 1) {
    const { pathname, search } = new URL(String(page.headers.location), view.access.origin);
    page = await view.get(pathname + search);
  }
  return page;
}

const rows: string[] = [];

describe('recipes of Tunel', () => {
  const infos = new Map<ClusterName, ClusterInfo>();
  const ids = new Map<ClusterName, string>();
  let open: TestCore;

  beforeAll(async () => {
    open = await openTestCore();
    await open.request('settings.save', { recipeFolders: [recipes] });
    for (const name of ['slurm24', 'htcondor', 'containers'] as const) {
      const info = await upCluster(name, 'shared');
      infos.set(name, info);
      ids.set(name, await saveCluster(open, info));
    }
  });
  afterAll(async () => {
    if (open) await endOwn(open);
    await open?.close();
    console.log(
      ['| recipe | cluster | launcher | ready after s |', '| --- | --- | --- | --- |', ...rows.sort()].join('\n'),
    );
  });

  /** Left to the recipe where that asks by itself. */
  const resourcesOf = ({ launcher, cluster, recipe }: Case) =>
    cluster === 'containers' || launcher === 'login' || /jupyter$|demo$|job$/.test(recipe)
      ? {}
      : { memory: 250, time: 10 };

  test.concurrent.each(cases)('$recipe on $cluster ($launcher $runtime)', async (which) => {
    const info = infos.get(which.cluster);
    if (!info) throw new Error('no cluster');
    const input = {
      clusterId: ids.get(which.cluster) ?? '',
      recipe: which.recipe,
      launcher: which.launcher,
      runtime: which.runtime ?? '',
      args: which.args ?? {},
      resources: resourcesOf(which),
    } as const;
    const begun = Date.now();
    let instance: Instance;
    if (which.batch) {
      const { id } = await open.request('instances.launch', input);
      instance = await open.until(`${id} over`, ({ instances }) =>
        instances.find((app) => app.id === id && app.endedAt !== null),
      );
      expect(instance).toMatchObject({ state: 'ended', error: null, path: '' });
      expect(instance.job?.tasks?.completed).toBe(which.jobs);
      expect((await open.request('instances.log', { id, offset: -100_000 })).text).toMatch(which.shows ?? /never/);
    } else {
      instance = await launchReady(open, input);
    }
    const seconds = ((Date.now() - begun) / 1000).toFixed(1);
    if (!which.batch) {
      const view = viewOf(open, instance.id);
      const page = await firstPage(view);
      if (which.notes) await checkNotes(instance, which.notes);
      // Whatever it asks of its user, the gateway has answered.
      expect(`${page.status} ${page.text}`).toMatch(which.shows ?? /^200 /);
      view.close();
      if (which.end) await open.request('instances.end', { id: instance.id });
      expect(await stopApp(open, instance.id)).toMatchObject({ state: 'ended', error: null });
    }
    await eventually(
      async () => (await Promise.all(which.nodes.map((node) => processesOf(info, node, instance.id)))).flat(),
      (left) => left.length === 0,
    );
    if (which.recipe === 'socket/notes') {
      const list = ['podman', 'ps', '-aq', '--filter', `name=${instance.id}`];
      await eventually(
        async () => (await asUser('ada', info, 'apx', list)).stdout,
        (found) => found === '',
      );
    }
    await open.request('instances.remove', { id: instance.id });
    rows.push(`| ${which.recipe} | ${which.cluster} | ${instance.launcher} ${which.runtime ?? ''} | ${seconds} |`);
  });

  /** They are shown, but their secrets are not in the state and not in the log. */
  async function checkNotes({ id, notes = [] }: Instance, labels: readonly string[]): Promise<void> {
    expect(notes.map(({ label }) => label)).toEqual(labels);
    const { value } = await open.request('instances.note', { id, label: 'Password' });
    expect(value).toMatch(/^[0-9a-f]{24,}$/);
    expect(JSON.stringify(open.state())).not.toContain(value);
    expect((await open.request('instances.log', { id, offset: -100_000 })).text).not.toContain(value);
  }
});
