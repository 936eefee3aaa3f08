import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Launcher, Submission } from '../../../electron/core/launchers/common/launcher.ts';
import { siteFactError } from '../../../electron/core/launchers/common/site-facts.ts';
import { requestArguments } from '../../../electron/core/launchers/gridengine/request.ts';
import { unknownSite } from '../../../electron/core/launchers/gridengine/site.ts';
import { submitFile } from '../../../electron/core/launchers/htcondor/submit-file.ts';
import { launchers } from '../../../electron/core/launchers/index.ts';
import { bsubArguments } from '../../../electron/core/launchers/lsf/script.ts';
import { qsubArguments } from '../../../electron/core/launchers/pbs/script.ts';
import { sbatchArguments } from '../../../electron/core/launchers/slurm/script.ts';
import { resourcesSchema } from '../../../electron/shared/instances.ts';
import { schedulerFacts } from '../../../electron/shared/site-policy.ts';
import { type SchedulerFacts, siteProfileSchema } from '../../../electron/shared/sites.ts';
import { prints, StubNode } from '../../helpers/stub-shell.ts';
import * as manual from './recorded/from-the-manual.ts';
import * as recorded from './recorded/slurm.ts';

/** Programs in place of the schedulers' that refuse as the real ones do where a site forbids something. */
let node: StubNode;
beforeEach(() => {
  node = new StubNode('dash', { SGE_ROOT: '/nonexistent', LSF_ENVDIR: '/nonexistent' });
});
afterEach(() => node.remove());

const submission = (resources: object = {}, site?: SchedulerFacts): Submission => ({
  instanceId: 'abcdefghij',
  directory: node.directory('x', { 'run.sh': '#!/bin/sh\n' }),
  jobName: 'tunel-abcdefghij',
  resources: resourcesSchema.parse({ cpus: 2, memory: 1000, ...resources }),
  site,
});
const options = (text: string): string[] => text.split(/ (?=-)/);
const given = (args: readonly string[], pattern: RegExp): string =>
  args.filter((word, index) => pattern.test(word) || (word === '-l' && pattern.test(args[index + 1] ?? ''))).join(' ');

function slurmNode(): void {
  node.program('squeue', 'exit 0');
  node.program('sacct', 'exit 0');
  node.program('sinfo', prints(recorded.sinfo));
  node.program('sacctmgr', 'exit 1');
}
const perCoreOnly = `for word in "$@"; do case $word in --mem=* | --mem)
  echo 'sbatch: error: lua: memory of a whole node cannot be asked for here, use --mem-per-cpu' >&2
  echo 'sbatch: error: cli_filter plugin ended with an error' >&2; exit 1 ;; esac; done
case "$*" in *--test-only*) exit 0 ;; esac
echo 25`;

describe('a Slurm that accepts memory per core only', () => {
  it('is asked a second time by the core, and once where the profile says so', async () => {
    slurmNode();
    node.program('sbatch', perCoreOnly);
    expect(await launchers.slurm.submit(node.shell, submission())).toBe('25');
    const real = node.calls('sbatch').filter((call) => !call.includes('--test-only'));
    expect(real).toEqual([expect.stringContaining('[--mem-per-cpu=500M]')]);
    expect(sbatchArguments(submission({}, { memory: 'per-core' })).join(' ')).toContain('--mem-per-cpu=500M');
    expect(sbatchArguments(submission({}, { memory: 'none' })).join(' ')).not.toContain('--mem');
  });

  it('is asked a second time where only the submission itself is refused', async () => {
    slurmNode();
    node.program('sbatch', `case "$*" in *--test-only*) exit 0 ;; esac\n${perCoreOnly}`);
    expect(await launchers.slurm.submit(node.shell, submission())).toBe('25');
    const real = node.calls('sbatch').filter((call) => !call.includes('--test-only'));
    expect(real.map((call) => /--mem\S*?=/.exec(call)?.[0])).toEqual(['--mem=', '--mem-per-cpu=']);
  });

  it('names the profile where the user asks in the way that is refused', async () => {
    slurmNode();
    node.program('sbatch', perCoreOnly);
    await expect(launchers.slurm.submit(node.shell, submission({}, { memory: 'per-node' }))).rejects.toMatchObject({
      code: 'submit-failed',
      hint: expect.stringContaining('`memory: per-core`'),
      detail: expect.stringContaining('use --mem-per-cpu'),
    });
  });
});

it.each<[string, string, string, (options: string[]) => string]>([
  ['Slurm', '--mem-per-cpu=2G', '', (own) => given(sbatchArguments(submission({ options: own })), /^--mem=/)],
  ['Slurm', '--mem-per-gpu=2G', '', (own) => given(sbatchArguments(submission({ options: own })), /^--mem=/)],
  ['Slurm', '--mem=2G', '', (own) => given(sbatchArguments(submission({ options: own })), /^--mem=1000M/)],
  [
    'Slurm',
    '--mem-bind=local',
    '--mem=1000M',
    (own) => given(sbatchArguments(submission({ options: own })), /^--mem=/),
  ],
  [
    'Grid Engine',
    '-l mem_free=2G',
    '',
    (own) => requestArguments({ ...submission({ cpus: 1, options: own }).resources }, unknownSite).join(' '),
  ],
  ['LSF', '-R rusage[mem=2GB] -M 3GB', '', (own) => given(bsubArguments(submission({ options: own })), /1000MB/)],
  [
    'PBS',
    '-l pmem=2gb',
    '-l ncpus=2',
    (own) =>
      qsubArguments(submission({ options: own }), 'openpbs')
        .slice(10, -1)
        .join(' '),
  ],
  [
    'PBS',
    '-l select=1:ncpus=4',
    '',
    (own) =>
      qsubArguments(submission({ options: own }), 'openpbs')
        .slice(10, -1)
        .join(' '),
  ],
  [
    'HTCondor',
    'request_memory = 2GB',
    '',
    (own) => /request_memory = 1000/.exec(submitFile(submission({ options: own })))?.[0] ?? '',
  ],
  [
    'HTCondor',
    '+RequestMemory = 2000',
    '',
    (own) => /request_memory = 1000/.exec(submitFile(submission({ options: own })))?.[0] ?? '',
  ],
])('%s: %s of the user replaces ours', (scheduler, own, ours, ask) => {
  const words = scheduler === 'HTCondor' ? [own] : options(own);
  expect(ask(words).replace(/ ?-l pmem=2gb| ?-l$/g, '')).toBe(ours);
});

it('asks by the slot, the core or the node as the profile says', () => {
  const slots = { cpus: 4, memory: 1000 };
  const lsf = (memory: SchedulerFacts['memory']) => given(bsubArguments(submission(slots, { memory })), /rusage/);
  expect([lsf(undefined), lsf('per-slot'), lsf('none')]).toEqual(['rusage[mem=1000MB]', 'rusage[mem=250MB]', '']);
  const ge = (memory: SchedulerFacts['memory']) =>
    given(requestArguments(submission(slots).resources, unknownSite, memory), /h_vmem/);
  expect([ge(undefined), ge('per-node'), ge('none')]).toEqual(['-l h_vmem=250M', '-l h_vmem=1000M', '']);
  const pbs = (site: SchedulerFacts) => qsubArguments(submission(slots, site), 'openpbs').slice(10).join(' ');
  expect(pbs({ select: false })).toBe('-l ncpus=4 -l mem=1000mb');
  expect(pbs({ select: false, memory: 'per-core' })).toBe('-l ncpus=4 -l pmem=250mb');
  expect(pbs({ memory: 'none' })).toBe('-l select=1:ncpus=4');
  expect(submitFile(submission(slots, { memory: 'none' }))).not.toContain('request_memory');
});

describe('a PBS that takes no chunks', () => {
  const refusing = `for word in "$@"; do case $word in select=*) echo 'qsub: chunk requests (-l select) are refused here, ask by -l ncpus=N,mem=M' >&2; exit 32 ;; esac; done
echo 1234.pbs01`;
  const pbsNode = (): void => {
    node.program('qselect', 'exit 0');
    node.program(
      'qstat',
      `case "$*" in --version) echo 'pbs_version = 20.0.1' ;; *-Q*) ${prints(manual.pbsQueues)} ;; esac`,
    );
  };

  it('is asked once more without them', async () => {
    pbsNode();
    node.program('qsub', refusing);
    expect(await launchers.pbs.submit(node.shell, submission())).toBe('1234.pbs01');
    expect(node.calls('qsub').map((call) => /\[-l\].*/.exec(call)?.[0])).toEqual([
      '[-l] [select=1:ncpus=2:mem=1000mb] [./job.sh]',
      '[-l] [ncpus=2] [-l] [mem=1000mb] [./job.sh]',
    ]);
  });

  it('is asked without them at once where the profile says so, and names the profile where it says otherwise', async () => {
    pbsNode();
    node.program('qsub', refusing);
    await launchers.pbs.submit(node.shell, submission({}, { select: false }));
    expect(node.calls('qsub')).toHaveLength(1);
    node.program('qsub', 'echo "qsub: -l select is refused here" >&2; exit 32');
    const other = { ...submission(), directory: node.directory('y', { 'run.sh': '' }) };
    await expect(launchers.pbs.submit(node.shell, other)).rejects.toMatchObject({
      hint: expect.stringContaining('`select: false`'),
    });
    // A server that was not reached may have taken the job.
    node.program('qsub', 'echo "qsub: cannot connect to server: select() timed out" >&2; exit 111');
    const third = { ...submission(), directory: node.directory('z', { 'run.sh': '' }) };
    await expect(launchers.pbs.submit(node.shell, third)).rejects.toMatchObject({ code: 'command-failed' });
    expect(node.calls('qsub')).toHaveLength(4);
  });
});

describe('Slurm 20.02', () => {
  const old = `for word in "$@"; do case $word in now*) echo "Invalid time specification (pos=3): $word" >&2; exit 1 ;; esac; done
case "$*" in *Reason*) echo 'sacct: fatal: Invalid field requested: "Reason"' >&2; exit 1 ;; esac
case "$*" in
  *--name*) echo '25|CANCELLED by 1000|None assigned' ;;
  *) echo '25|CANCELLED by 1000|0:0|cpu|None assigned|1795338000|Unknown|1795338060' ;;
esac`;

  it('finds a job that was submitted before, by a date that it knows, and submits no second one', async () => {
    slurmNode();
    node.program('sacct', old);
    node.program('sbatch', 'echo 26');
    expect(await launchers.slurm.submit(node.shell, submission())).toBe('25');
    expect(node.calls('sbatch')).toEqual([]);
    expect(node.calls('sacct')[0]).toMatch(/\[-S\] \[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\]/);
  });

  it('submits nothing where a submission was begun and accounting does not answer', async () => {
    slurmNode();
    node.program('sacct', 'echo "sacct: error: Problem talking to the database: Connection refused" >&2; exit 1');
    node.program('sbatch', 'case "$*" in *--test-only*) exit 0 ;; esac; echo 26');
    node.program('sleep', 'exit 0');
    const begun = { ...submission(), directory: node.directory('begun', { 'run.sh': '', submitting: '' }) };
    await expect(launchers.slurm.submit(node.shell, begun)).rejects.toMatchObject({
      code: 'command-failed',
      detail: expect.stringContaining('Problem talking to the database'),
    });
    expect(node.calls('sbatch')).toEqual([]);
    expect(await launchers.slurm.submit(node.shell, submission())).toBe('26');
  });

  it('is asked for the fields that it has', async () => {
    slurmNode();
    node.program('sacct', old);
    node.program('scontrol', 'exit 1');
    const answer = (await launchers.slurm.poll(node.shell, [{ id: '25', directory: '/nonexistent' }])).get('25');
    expect(answer).toMatchObject({ kind: 'known', status: { state: 'cancelled', endedAt: 1_795_338_060_000 } });
    expect(node.calls('sacct')).toHaveLength(2);
  });
});

describe('facts of a profile', () => {
  const job = (site: SchedulerFacts, id = '12') => [{ id, directory: node.directory('x', { exit: '3\n' }), site }];
  const ends: [keyof typeof launchers, string, string, SchedulerFacts][] = [
    ['slurm', '12', 'sacct', { accounting: false }],
    ['htcondor', '12.0', 'condor_history', { jobHistory: false }],
    ['gridengine', '12', 'qacct', { accounting: false }],
  ];
  it.each(ends)(
    '%s: asks for no history where there is none, and takes the exit file',
    async (name, id, program, site) => {
      const launcher: Launcher = launchers[name];
      slurmNode();
      for (const each of ['sacct', 'condor_history', 'qacct']) node.program(each, 'echo "access denied" >&2; exit 1');
      node.program('scontrol', 'exit 1');
      node.program('condor_q', 'exit 0');
      node.program('qconf', 'exit 0');
      node.program('qsub', 'exit 0');
      node.program('qstat', "echo '<job_info></job_info>'");
      const answers = await launcher.poll(node.shell, job(site, id));
      expect(answers.get(id)).toMatchObject({ kind: 'known', status: { state: 'failed', exitCode: 3 } });
      expect(node.calls(program)).toEqual([]);
    },
  );

  it('PBS: asks a server without history for none', async () => {
    node.program('qsub', 'exit 0');
    node.program('qstat', manual.qstatWithoutHistory);
    await launchers.pbs.poll(node.shell, job({ jobHistory: false }, '1234.pbs01'));
    expect(node.calls('qstat').filter((call) => call.includes('[-x]'))).toEqual([]);
  });

  it.each<[keyof typeof launchers, string]>([
    ['slurm', 'sbatch'],
    ['pbs', 'qsub'],
    ['lsf', 'bsub'],
    ['gridengine', 'qsub'],
    ['htcondor', 'condor_submit'],
  ])('%s: submits from another directory', async (name, program) => {
    const refuses = `case $PWD in */elsewhere) ;; *) echo '${program}: error: Submitting jobs from /home is not allowed, use /scratch' >&2; exit 1 ;; esac`;
    const takes =
      "case $0 in *sbatch) echo 25 ;; *bsub) echo 'Job <25> is submitted to queue <q>.' ;; *condor_submit) echo '25.0 - 25.0' ;; *) echo 25 ;; esac";
    slurmNode();
    for (const each of ['qselect', 'bjobs', 'condor_q', 'lsid', 'bqueues']) node.program(each, 'exit 0');
    if (name === 'gridengine') node.program('qconf', 'exit 1');
    node.program(
      'qstat',
      `case "$*" in --version) echo 'pbs_version = 20.0.1' ;; *-xml*) echo '<job_info></job_info>' ;; esac`,
    );
    node.program(program, `${refuses}\n${takes}`);
    const launcher: Launcher = launchers[name];
    const asked = { cpus: null, memory: null };
    await expect(launcher.submit(node.shell, submission(asked))).rejects.toMatchObject({
      hint: expect.stringContaining('submitFrom'),
    });
    const elsewhere = `${node.home}/elsewhere`;
    expect(await launcher.submit(node.shell, submission(asked, { submitFrom: elsewhere }))).toMatch(/^25/);
    expect(node.calls(program).at(-1)).toContain(submission().directory);
  });

  it('Slurm: names the cluster, also of each job', async () => {
    slurmNode();
    const site = { cluster: 'alpha' };
    node.program(
      'squeue',
      `case "$*" in *' -n '*) ;; *) echo "$SLURM_CLUSTERS" >&2; echo 'CLUSTER: alpha'; echo '25|RUNNING|cpu|c1|1795328592|1795328592|1795329192|None' ;; esac`,
    );
    node.program('sbatch', `case "$*" in *--test-only*) exit 0 ;; esac; echo "25;alpha"`);
    node.program('scancel', 'printf "%s\\n" "$SLURM_CLUSTERS" >>"$HOME/cancelled"');
    const id = await launchers.slurm.submit(node.shell, submission({}, site));
    expect(id).toBe('25;alpha');
    expect(node.calls('sbatch')[0]).toContain('[--clusters=alpha]');
    const jobs = [{ id, directory: '/nonexistent' }];
    const stranger = '1; reboot';
    const others = await launchers.slurm.poll(node.shell, [...jobs, { id: stranger, directory: '/' }]);
    expect([...others.values()].map(({ kind }) => kind)).toEqual(['known', 'absent']);
    expect((await launchers.slurm.poll(node.shell, jobs)).get(id)).toMatchObject({
      kind: 'known',
      status: { id, state: 'running' },
    });
    await launchers.slurm.cancel(node.shell, jobs, 'now');
    expect((await node.shell.run('cat "$HOME/cancelled"')).stdout).toBe('alpha\n');
    expect(launchers.slurm.enter({ ...jobs[0]!, node: 'c1' }, 'true')).toContain('--clusters=alpha');
  });

  it('are read strictly, and the directory as this user has it', () => {
    const read = (scheduler: object) => siteProfileSchema.safeParse({ site: 'x', scheduler });
    expect(
      read({ memory: 'per-core', select: false, cluster: 'a', submitFrom: '~/s', jobHistory: false, accounting: false })
        .success,
    ).toBe(true);
    for (const wrong of [
      { memory: 'all' },
      { cluster: 'a b' },
      { cluster: 'a,b' },
      { submitFrom: '/x/$HOME' },
      { unknown: 1 },
    ]) {
      expect(read(wrong).success).toBe(false);
    }
    const site = siteProfileSchema.parse({ site: 'x', scheduler: { submitFrom: '/scratch/$USER' } });
    expect(schedulerFacts({ site, user: 'ada' }, '/home/ada')?.submitFrom).toBe('/scratch/ada');
  });

  it.each([
    ['sbatch: error: --mem is not allowed, memory follows the cores', 'memory: none'],
    ['Submission from /home is not permitted. Submit from /scratch.', 'submitFrom'],
    ['sbatch: error: Please specify a cluster with -M', 'cluster: NAME'],
  ])('are the remedy of %j', (output, line) => {
    expect(siteFactError(output, undefined, ['memory', 'submitFrom', 'cluster'])?.hint).toContain(line);
  });

  it.each([
    'sbatch: error: Batch job submission failed: Requested node configuration is not available',
    'bsub: /home/ada/.tunel/x/job.sh: No such queue. Job not submitted.',
    'sbatch: error: Memory specification can not be satisfied',
    'MEMLIMIT: Cannot exceed queue’s hard limit(s). Job not submitted.',
  ])('are no remedy of %j', (output) => {
    expect(siteFactError(output, undefined, ['memory', 'submitFrom', 'cluster'])).toBeNull();
  });
});

/** The command by which each looks for a job that was submitted before. */
it.each<[keyof typeof launchers, string, string]>([
  ['slurm', 'squeue', 'sbatch'],
  ['pbs', 'qselect', 'qsub'],
  ['lsf', 'bjobs', 'bsub'],
  ['gridengine', 'qstat', 'qsub'],
  ['htcondor', 'condor_q', 'condor_submit'],
])(
  '%s: an answer of %s that cannot be read is not taken for no job after a submission was begun',
  async (name, asked, program) => {
    slurmNode();
    for (const each of ['qselect', 'bjobs', 'condor_q', 'condor_history', 'lsid', 'bqueues', 'sleep', 'qconf'])
      node.program(each, 'exit 0');
    const isPbs = `case "$*" in --version) echo 'pbs_version = 20.0.1'; exit 0 ;; esac`;
    if (name === 'pbs') {
      node.program('qstat', isPbs);
      node.program('qconf', 'exit 0');
      // Grid Engine's qconf beside it would make it none.
      await node.shell.run(`rm '${node.root}/bin/qconf'`);
    }
    const takes =
      "case $0 in *sbatch) echo 25 ;; *bsub) echo 'Job <25> is submitted to queue <q>.' ;; *condor_submit) echo '25.0 - 25.0' ;; *) echo 25 ;; esac";
    node.program(program, takes);
    node.program(asked, "echo 'Segmentation fault (core dumped)'");
    const launcher: Launcher = launchers[name];
    const begun = {
      ...submission({ cpus: null, memory: null }),
      directory: node.directory('begun', { 'run.sh': '', submitting: '' }),
    };
    await expect(launcher.submit(node.shell, begun)).rejects.toMatchObject({
      code: 'command-failed',
      detail: expect.stringContaining('Segmentation fault'),
    });
    expect(node.calls(program)).toEqual([]);
    const nothing = name === 'gridengine' ? "echo '<job_info></job_info>'" : "echo 'WARNING: maintenance on Monday'";
    node.program(asked, nothing);
    expect(await launcher.submit(node.shell, begun)).toMatch(/^25/);
  },
);
