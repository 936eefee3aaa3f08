import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppError } from '../../../electron/shared/errors.ts';
import { describeReason, type Instance } from '../../../electron/shared/instances.ts';
import type { LauncherName } from '../../../electron/shared/kinds.ts';
import { endOwn, saveCluster, stopApp } from '../../helpers/apps.ts';
import { holdClusters } from '../../helpers/cluster-locks.ts';
import { type ClusterInfo, type ClusterName, upCluster } from '../../helpers/clusters.ts';
import { openTestCore, type TestCore } from '../../helpers/core.ts';

/** Batch jobs that end badly, by what they run. */
const scripts = {
  exits: 'echo "Error: the model file is missing" >&2; exit 3',
  killed: 'kill -KILL $$',
  hungry: `exec python3 -c 'import time; data = b"x" * 1_500_000_000; time.sleep(600)'`,
  long: 'exec sleep 600',
} as const;

interface Case {
  what: string;
  recipe: keyof typeof scripts;
  resources?: Record<string, unknown>;
  input?: Record<string, unknown>;
  /** Where it ends up; `refused`: before anything is sent. A job that waits is stopped again. */
  ends: 'refused' | 'failed' | 'waiting';
  /** The message, or the reason why it waits. */
  says: RegExp;
}

interface Scheduler {
  cluster: ClusterName;
  launcher: LauncherName;
  cases: readonly Case[];
}

const common = (limit: RegExp): Case[] => [
  { what: 'exits with 3', recipe: 'exits', ends: 'failed', says: /exit code 3/ },
  { what: 'is killed', recipe: 'killed', ends: 'failed', says: /killed|137|signal/i },
  { what: 'reaches its time limit', recipe: 'long', resources: { time: 1 }, ends: 'failed', says: limit },
];

const schedulers: readonly Scheduler[] = [
  {
    cluster: 'slurm24',
    launcher: 'slurm',
    cases: [
      ...common(/time limit of 1 min/),
      {
        what: 'asks for a queue that is not there',
        recipe: 'long',
        resources: { queue: 'nope' },
        ends: 'refused',
        says: /nope/,
      },
      {
        what: 'asks for more memory than there is',
        recipe: 'long',
        resources: { memory: 10_000_000 },
        ends: 'refused',
        says: /memory|node configuration/i,
      },
      { what: 'is held', recipe: 'long', resources: { options: ['--hold'] }, ends: 'waiting', says: /hold|held/i },
      {
        what: 'names an image that is not there',
        recipe: 'long',
        input: { runtime: 'apptainer', image: '/no/such.sif' },
        ends: 'failed',
        says: /\/no\/such\.sif/,
      },
    ],
  },
  {
    cluster: 'htcondor',
    launcher: 'htcondor',
    cases: [
      ...common(/time limit of 1 min/),
      {
        what: 'uses more memory than it asked for',
        recipe: 'hungry',
        resources: { memory: 100 },
        ends: 'failed',
        says: /memory/i,
      },
      {
        what: 'asks for more memory than there is',
        recipe: 'long',
        resources: { memory: 10_000_000 },
        ends: 'waiting',
        says: /memory/i,
      },
      {
        what: 'is held',
        recipe: 'long',
        resources: { options: ['hold = true'] },
        ends: 'waiting',
        says: /hold|held/i,
      },
      {
        what: 'is put on hold by a rule of the pool',
        recipe: 'long',
        resources: { options: ['periodic_hold = JobStatus == 2'] },
        ends: 'failed',
        says: /hold|held/i,
      },
    ],
  },
  {
    cluster: 'gridengine',
    launcher: 'gridengine',
    cases: [
      ...common(/time limit of 1 min/),
      {
        what: 'asks for a queue that is not there',
        recipe: 'long',
        resources: { queue: 'nope' },
        ends: 'refused',
        says: /nope/,
      },
      {
        what: 'asks for more memory than there is',
        recipe: 'long',
        resources: { memory: 10_000_000 },
        ends: 'waiting',
        says: /memory|h_vmem|mem_free|queue/i,
      },
      { what: 'is held', recipe: 'long', resources: { options: ['-h'] }, ends: 'waiting', says: /hold|held/i },
      {
        what: 'has too little memory for a container',
        recipe: 'long',
        input: { runtime: 'apptainer', image: '/opt/images/tunel-python.sif' },
        ends: 'failed',
        says: /address space/,
      },
    ],
  },
];

beforeAll(() =>
  holdClusters(
    schedulers.map(({ cluster }) => cluster),
    'shared',
  ),
);

const rows = new Map<string, string>();

describe.concurrent.each(schedulers)('a job by $launcher that', ({ cluster, launcher, cases }) => {
  let info: ClusterInfo;
  let open: TestCore;
  let clusterId = '';
  const recipes = mkdtempSync(join(tmpdir(), 'tunel-failures-'));

  beforeAll(async () => {
    info = await upCluster(cluster);
    open = await openTestCore();
    for (const [name, script] of Object.entries(scripts)) {
      mkdirSync(join(recipes, name));
      writeFileSync(join(recipes, name, 'run.sh'), `#!/bin/sh\n${script}\n`);
      writeFileSync(
        join(recipes, name, 'app.yaml'),
        'launcher: slurm\nlaunchers_supported: [htcondor, gridengine]\nscript: run.sh\ndescription: A test\ncontainer: { image: none }\n',
      );
    }
    await open.request('settings.save', { recipeFolders: [recipes] });
    clusterId = await saveCluster(open, info);
    // What the site has is known from the first connection on; then a launch is refused before anything is sent.
    await open.request('clusters.connect', { id: clusterId });
    await open.until('facts', ({ clusters }) => clusters.find(({ cluster }) => cluster.id === clusterId)?.facts);
  });
  afterAll(async () => {
    if (open) await endOwn(open);
    await open?.close();
    rmSync(recipes, { recursive: true, force: true });
  });

  test.concurrent.each(cases)('$what', async ({ what, recipe, resources, input, ends, says }) => {
    const launch = {
      clusterId,
      recipe,
      launcher,
      runtime: 'native' as const,
      title: 'Sums',
      resources: { memory: 100, ...resources },
      ...input,
    };
    if (ends === 'refused') {
      const error = await open.request('instances.launch', launch).then(
        () => Promise.reject(new Error('it was launched')),
        (thrown: unknown) => AppError.from(thrown),
      );
      expect(error.message).toMatch(says);
      rows.set(`${launcher} ${what}`, `| ${launcher} | ${what} | refused | ${error.message} ${error.hint ?? ''} |`);
      return;
    }
    const { id } = await open.request('instances.launch', launch);
    const words = (app: Instance) =>
      app.state === 'failed'
        ? `${app.error?.message} ${app.error?.hint ?? ''}`
        : app.job
          ? describeReason(app.job)
          : '';
    const seen = await open.until(`${recipe} ${ends} with ${says}`, ({ instances }) =>
      instances.find((app) => app.id === id && app.state === ends && says.test(words(app))),
    );
    rows.set(`${launcher} ${what}`, `| ${launcher} | ${what} | ${seen.state} | ${plain(words(seen), seen)} |`);
    if (ends === 'waiting') expect(await stopApp(open, id)).toMatchObject({ state: 'ended', error: null });
  });
});

/** What differs from run to run is taken out, and of a job that waits the scheduler's own words in brackets. */
function plain(text: string, app: Instance): string {
  const told = app.state === 'waiting' ? text.replace(/ \(.*\)$/s, '') : text;
  return told
    .replaceAll(app.directory, '~/.tunel/ID')
    .replaceAll(app.id, 'ID')
    .replaceAll(app.job?.id ?? '\0', 'NUMBER')
    .replace(/\b(c[12]|w[12]|e[12])\b/g, 'NODE')
    .replaceAll('|', '/')
    .replace(/\s+/g, ' ')
    .trim();
}

test('docs/failures.md says what the user reads', async () => {
  const table = schedulers.flatMap(({ launcher, cases }) =>
    cases.map(({ what }) => rows.get(`${launcher} ${what}`) ?? `| ${launcher} | ${what} | **not seen** | |`),
  );
  console.log(table.join('\n'));
  await expect(`${head}\n${table.join('\n')}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, '../../../docs/failures.md'),
  );
});

const head = `# Failures

What a user reads when a job ends badly or does not begin, as the real schedulers in \`test/clusters\` made it. Written by
\`test/integration/matrix/failures.test.ts\`.

The reason quoted is the exception of a traceback, else the last line that says error, else the last line; greetings, statistics of
Xvnc and notes of pip and npm are passed over. A node without internet is named in one sentence ("c1 cannot reach a package index
(HOST), so Sums did not start."), for pip, conda, npm, R, git, Apptainer, Podman and Docker: their messages in
\`test/unit/instances/failure-line.test.ts\` are copied from public reports, since not all of these programs are in the test clusters.

Seen with the real Slurm 24.11, HTCondor and Grid Engine of the table; 200 jobs of each are polled by
\`test/integration/launchers/many-jobs.test.ts\`. Not everything that Tunel reads could run here:

- **Commands that refuse as a site does** stand in front of the real Slurm 22.05 and 24.11, HTCondor and Grid Engine
  (\`test/integration/launchers/site-facts.test.ts\`): memory per core only, accounting closed to users, an sacct without \`now-7days\`
  or a field, submissions refused from the home directory, a cluster by name, text beside the JSON of condor_q.
- **Stubs** print what manuals and public reports show (\`test/unit/launchers\`): every command of PBS (OpenPBS, PBS Professional,
  Torque) and of LSF, and with them a server without job history, exported functions in an environment and a queue that refuses
  \`select\`; Slurm 20.02; a scheduler that crashes or prints something else; and the 200 jobs with which every script is run in dash,
  bash and busybox.
- **Who may use a queue** is read from text in \`test/unit/launchers/recorded/access.ts\`: of Slurm 24.11 and Grid Engine 8.1.9 as they
  print it, of PBS (\`qstat -Q -f\`) and LSF (\`bqueues -u\`) written from their manuals. The accounts of a partition were also tried
  on the real Slurm 24.11.
- **Dependencies and mail** of PBS, LSF and Grid Engine are written from their manuals, and so is the reason that LSF gives where a
  dependency can no longer be met. That of Slurm was seen on the real Slurm 24.11, by hand.
- **Stand-ins** have the command line, output and files of a program and do nothing: bumps 1.0.5, code-server, MATLAB, marimo and
  RStudio (\`test/integration/recipes/stand-ins\`, [docs/recipes](recipes/README.md)). The page **Fit** is tested with what bumps 1.0.5
  itself printed (\`test/unit/renderer/fit.test.ts\`).

| launcher | the job | state | message |
| --- | --- | --- | --- |`;
