import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { countTasks, type Row } from '../../../electron/core/launchers/common/arrays.ts';
import type { Section } from '../../../electron/core/launchers/common/remote-script.ts';
import { submitError } from '../../../electron/core/launchers/slurm/errors.ts';
import {
  readController,
  readHistory,
  readJobId,
  readPoll,
  readQueue,
  readVerdict,
  stateOf,
} from '../../../electron/core/launchers/slurm/parse.ts';
import {
  gpusOf,
  gpuTypesOf,
  readAccounts,
  readQos,
  readQueues,
  readSinfoJson,
  slurmSeconds,
} from '../../../electron/core/launchers/slurm/queues.ts';
import { heldBy, readPendingReason } from '../../../electron/core/launchers/slurm/reasons.ts';
import { enterCommand, sbatchArguments, sbatchCommand } from '../../../electron/core/launchers/slurm/script.ts';
import { describeReason, resourcesSchema } from '../../../electron/shared/instances.ts';
import { quote } from '../../../electron/shared/shell-quote.ts';
import { statusesOf } from '../../helpers/job-answers.ts';
import * as recorded from './recorded/slurm.ts';

const recordedFile = (name: string) => readFileSync(new URL(`./recorded/${name}`, import.meta.url), 'utf8');
const byId = (rows: readonly Row[]) => new Map(rows.map((row) => [row.id, row.status]));
const at = (seconds: number) => (1_795_328_000 + seconds) * 1000;

describe('queues', () => {
  it('reads the text forms', () => {
    const queues = readQueues(`some warning of a site\n${recorded.sinfo}`, recorded.partitions);
    expect(queues).toEqual([
      {
        name: 'cpu',
        isDefault: true,
        state: 'UP',
        maxSeconds: 28_800,
        defaultSeconds: 600,
        cpusPerNode: 4,
        memoryPerNode: 4000,
        gpusPerNode: 2,
        gpuTypes: ['fake'],
        nodes: 2,
        cpusTotal: 8,
        cpusFree: 8,
      },
      {
        name: 'debug',
        isDefault: false,
        state: 'UP',
        maxSeconds: 300,
        defaultSeconds: 60,
        cpusPerNode: 2,
        memoryPerNode: 4000,
        gpusPerNode: 0,
        gpuTypes: [],
        nodes: 1,
        cpusTotal: 4,
        cpusFree: 4,
      },
      {
        name: 'gpu',
        isDefault: false,
        state: 'UP',
        maxSeconds: 7200,
        defaultSeconds: 600,
        cpusPerNode: 4,
        memoryPerNode: 4000,
        gpusPerNode: 2,
        gpuTypes: ['fake'],
        nodes: 1,
        cpusTotal: 4,
        cpusFree: 4,
      },
    ]);
  });

  it.each(['24.11', '26.05'])('reads the JSON of %s to the same, busy cores apart', (version) => {
    const busyAside = (queues: ReturnType<typeof readQueues> | null) =>
      queues?.map((queue) => ({ ...queue, cpusFree: 0 }));
    const json = readSinfoJson(recordedFile(`sinfo-${version}.json`), 'cpu');
    expect(busyAside(json)).toEqual(busyAside(readQueues(recorded.sinfo, recorded.partitions)));
  });

  it.each(['', 'sinfo: error: no plugin', '{"sinfo": [', '{"sinfo": []}', '{"sinfo": [{"partition": null}]}'])(
    'has no JSON answer for %j',
    (text) => {
      expect(readSinfoJson(text, 'cpu')).toBeNull();
    },
  );

  it('leaves the JSON of 22.05 (nodes, no queues) to the text forms', () => {
    expect(readSinfoJson(recordedFile('sinfo-22.05.json'), 'cpu')).toBeNull();
  });

  it.each([
    ['30', 1800],
    ['05:00', 300],
    ['08:00:00', 28_800],
    ['2-00:00:00', 172_800],
    ['1-12', 129_600],
    ['1-12:30', 131_400],
    ['UNLIMITED', null],
    ['infinite', null],
    ['NONE', null],
    ['', null],
  ])('reads the time %j', (text, seconds) => {
    expect(slurmSeconds(text)).toBe(seconds);
  });

  it.each([
    ['(null)', 0],
    ['gpu:2', 2],
    ['gpu:a100:4(S:0-1)', 4],
    ['gpu:a100:4(S:0),gpu:v100:2', 6],
    ['craynetwork:4,gpu:1', 1],
    ['gpus_of_mine:3', 0],
  ])('counts the GPUs of %j', (gres, count) => {
    expect(gpusOf(gres)).toBe(count);
  });

  it('names the kinds of GPU', () => {
    expect(gpuTypesOf(['gpu:v100:2,gpu:a100:4(S:0)', '(null)', 'gpu:2', 'gpu:a100:1'])).toEqual(['a100', 'v100']);
  });

  it('reads each quality of service once, the usual first', () => {
    expect(readQos('lab||long,normal|normal\nlab|gpu|gpu-long|\nsacctmgr: error: x')).toEqual([
      'normal',
      'long',
      'gpu-long',
    ]);
  });

  it('reads each account once', () => {
    expect(readAccounts('lab||normal\nlab|gpu|long\nother||normal\nsacctmgr: error: x')).toEqual(['lab', 'other']);
  });
});

describe('jobs', () => {
  it('reads squeue', () => {
    const jobs = byId(readQueue(`slurm_load_jobs: a warning\n${recorded.squeue}`));
    expect([...jobs.keys()]).toEqual(['13', '10', '14', '6', '15']);
    expect(jobs.get('13')).toMatchObject({
      state: 'pending',
      node: '',
      reason: 'waiting for enough free resources',
      nativeReason: 'Resources',
      startsAt: null,
      submittedAt: at(592),
    });
    expect(jobs.get('6')).toMatchObject({ state: 'pending', startsAt: at(2338), startedAt: null, endsAt: null });
    expect(jobs.get('10')).toMatchObject({
      state: 'running',
      node: 'c1',
      queue: 'cpu',
      startedAt: at(592),
      endsAt: at(1192),
      reason: '',
    });
    expect(jobs.get('15')).toMatchObject({ state: 'running', nativeState: 'COMPLETING' });
  });

  it('tells every end of sacct apart', () => {
    const jobs = byId(readHistory(`${recorded.sacct}\n${recorded.sacctByManual}`, '1001'));
    const short = [...jobs.values()].map((job) => [job.id, job.state, job.exitCode, job.signal]);
    expect(short).toEqual([
      ['8', 'failed', 3, null],
      ['9', 'failed', null, 9],
      ['10', 'cancelled', null, null],
      ['11', 'timeout', null, null],
      ['12', 'completed', 0, null],
      ['13', 'pending', null, null],
      ['16', 'running', null, null],
      ['21', 'out-of-memory', null, null],
      ['22', 'node-fail', null, null],
      ['23', 'preempted', null, null],
      ['24', 'cancelled', null, null],
      ['25', 'node-fail', null, null],
      ['26', 'timeout', null, null],
    ]);
    expect(jobs.get('10')?.reason).toBe('');
    expect(jobs.get('24')).toMatchObject({ reason: 'cancelled by an administrator', node: '', startedAt: null });
    expect(jobs.get('11')).toMatchObject({ startedAt: at(592), endedAt: at(652), node: 'c1' });
  });

  it('reads one job of the controller', () => {
    expect(readController(recorded.scontrolJob)[0]?.status).toMatchObject({
      id: '8',
      state: 'failed',
      exitCode: 3,
      signal: null,
      node: 'c1',
      queue: 'cpu',
      reason: '',
      nativeReason: 'NonZeroExitCode',
      startedAt: at(592),
      endedAt: at(593),
    });
    expect(readController('slurm_load_jobs error: Invalid job id specified')).toEqual([]);
  });

  it('takes a state that no version has yet for unknown, with its word', () => {
    expect(stateOf('BRAND_NEW')).toBe('unknown');
    expect(readQueue('7|BRAND_NEW|cpu|c1|1795328592|1795328592|N/A|None')[0]?.status).toMatchObject({
      state: 'unknown',
      nativeState: 'BRAND_NEW',
    });
  });

  const section = (name: string, text: string, exitCode = 0): Section => ({ name, text, exitCode });

  it('prefers squeue, then an end in accounting, then the controller, then the exit file', () => {
    const statuses = statusesOf(
      readPoll(
        [
          section('queue', recorded.squeue),
          section('uid', '1001'),
          section('history', recorded.sacct),
          section('job-16', recorded.scontrolJob.replace('JobId=8', 'JobId=16')),
          section('exit-17', '5'),
        ],
        ['10', '9', '16', '17', '18'],
      ),
    );
    expect([...statuses.values()].map((job) => [job.id, job.state, job.exitCode])).toEqual([
      ['10', 'running', null],
      ['9', 'failed', null],
      ['16', 'failed', 3],
      ['17', 'failed', 5],
      ['18', 'unknown', null],
    ]);
  });

  it('does not call a job running that only accounting still has', () => {
    const statuses = statusesOf(readPoll([section('queue', ''), section('history', recorded.sacct)], ['16']));
    expect(statuses.get('16')).toMatchObject({ state: 'unknown', reason: 'lost: only accounting still has it' });
  });

  it('leaves out what nobody can tell while accounting is away', () => {
    const away = section('history', 'sacct: error: Problem talking to the database: Connection refused', 1);
    expect(statusesOf(readPoll([section('queue', ''), away], ['18'])).has('18')).toBe(false);
    const none = section('history', 'Slurm accounting storage is disabled', 1);
    expect(statusesOf(readPoll([section('queue', ''), none], ['18'])).get('18')?.state).toBe('unknown');
  });
});

describe('arrays', () => {
  const section = (name: string, text: string): Section => ({ name, text, exitCode: 0 });
  const poll = (id: string, sections: Record<string, string>) =>
    statusesOf(
      readPoll(
        Object.entries({ queue: '', uid: '1001', history: '', ...sections }).map(([name, text]) => section(name, text)),
        [id],
      ),
    ).get(id);

  it.each([
    ['125', { id: '125', task: '' }],
    ['125_3', { id: '125', task: '3' }],
    ['125_[6-12%3]', { id: '125', task: '[6-12%3]' }],
    ['125.batch', null],
    ['125+0', null],
    ['slurm_load_jobs: error', null],
  ])('reads the id %s', (text, expected) => expect(readJobId(text)).toEqual(expected));

  it.each([
    ['[6-12%3]', 7],
    ['[1]', 1],
    ['[1,3,7-9]', 5],
    ['[0-10:5]', 3],
  ])('counts %s', (text, count) => expect(countTasks(text)).toBe(count));

  it('is one job while it runs: what waits from squeue, what ended from sacct', () => {
    expect(poll('125', { queue: recorded.squeueArray, history: recorded.sacctArray })).toMatchObject({
      state: 'running',
      node: 'c1',
      tasks: { pending: 7, running: 3, completed: 1, failed: 1 },
      startedAt: 1_795_339_566_000,
      exitCode: null,
    });
  });

  it('has ended when all have, as the worst of them', () => {
    expect(poll('19', { history: recorded.sacctArrayEnded })).toMatchObject({
      state: 'failed',
      exitCode: 3,
      tasks: { pending: 0, running: 0, completed: 1, failed: 10 },
      reason: '10 of 11 tasks did not complete',
      endedAt: 1_795_339_569_000,
    });
    const well = recorded.sacctArrayEnded.split('\n')[0] ?? '';
    expect(poll('19', { history: well })).toMatchObject({ state: 'completed', exitCode: 0 });
  });

  it('is told by the controller where there is no accounting', () => {
    expect(poll('19', { 'job-19': recorded.scontrolArray })).toMatchObject({
      state: 'running',
      tasks: { pending: 7, running: 1, completed: 0, failed: 1 },
    });
  });

  it('is lost when only accounting still says that it waits', () => {
    const waiting = recorded.sacctArray.split('\n').at(-1) ?? '';
    expect(poll('125', { history: waiting })).toMatchObject({
      state: 'unknown',
      reason: expect.stringMatching(/only accounting/),
    });
  });
});

describe('what --test-only expected', () => {
  const poll = (row: string) =>
    statusesOf(
      readPoll(
        [
          { name: 'queue', exitCode: 0, text: row },
          { name: 'estimate-7', exitCode: 0, text: recorded.testOnly },
        ],
        ['7'],
      ),
    ).get('7');
  it('is told while squeue does not know better', () => {
    expect(poll('7|PENDING|cpu|n/a|1795328592|N/A|N/A|Priority')).toMatchObject({
      startsAt: 1_795_338_774_000,
      reason: expect.stringMatching(/; when it was submitted Slurm expected it using 1 processors on nodes c1/),
      nativeReason: 'Priority',
    });
    expect(poll('7|PENDING|cpu|n/a|1795328592|1795328600|N/A|Priority')?.startsAt).toBe(1_795_328_600_000);
  });
});

it('says of a job that it would take when it begins, and where', () => {
  expect(readVerdict(recorded.testOnly)).toEqual({ text: recorded.testOnly, startsAt: 1_795_338_774_000, nodes: 'c1' });
  expect(readVerdict('allocation success')).toMatchObject({ startsAt: null, nodes: '' });
});

describe('native options', () => {
  const check =
    (options: string[], array = '') =>
    () =>
      sbatchArguments({
        instanceId: 'a',
        directory: '/d',
        jobName: 'j',
        resources: resourcesSchema.parse({ options, array }),
      });
  it.each([
    '--constraint=avx2',
    '-Cavx2',
    '--gres=gpu:a100:1',
    '--wait-all-nodes=1',
    '--exclusive',
    '--reservation=course',
    '--export=NONE',
    '--hold',
    '-H',
    '-x c3',
    '--mail-type=END',
  ])('%s may be given', (option) => expect(check([option])).not.toThrow());
  it.each([
    '--wrap=reboot',
    '--wra=x',
    '--output=/tmp/x',
    '--out=x',
    '-o/tmp/x',
    '-Ho/tmp/x',
    '--error=x',
    '-ex',
    '--job-name=x',
    '-Jx',
    '--parsable',
    '--array=1-3',
    '-a1-3',
    '--chdir=/',
    '-D/',
    '--requeue',
    '--clusters=all',
    '-Mall',
    '--wait',
    '-W',
    '--test-only',
    '--help',
    'script.sh',
    '--',
    '-',
    '--comment=a\nb',
  ])('%j may not, and is named', (option) =>
    expect(check(['--exclusive', option])).toThrow(
      expect.objectContaining({ code: 'bad-input', message: expect.stringContaining(JSON.stringify(option)) }),
    ),
  );
  it.each(['1-100', '1,3,7', '0-10:2%4', '5'])('%s is an array', (array) => expect(check([], array)).not.toThrow());
  it.each(['x', '1-', '1 2', '1-3 --wrap=x', '%4'])('%j is none', (array) =>
    expect(check([], array)).toThrow(expect.objectContaining({ code: 'bad-input' })),
  );
});

describe('who holds a job', () => {
  it.each([
    ['PENDING', 'JobHeldUser', 'user', /you asked/],
    ['PENDING', 'JobHeldAdmin', 'system', /administrator/],
    ['PENDING', 'launch failed requeued held', 'system', /could not start it/],
    ['PENDING', 'job requeued in held state', 'system', /held by Slurm/],
    ['SPECIAL_EXIT', 'None', 'system', /./],
    ['PENDING', 'BadConstraints', '', /no node can ever give/],
    ['PENDING', 'Priority', '', /ahead/],
  ])('%s %s: %s', (native, reason, by, words) => {
    expect(heldBy(native, reason)).toBe(by);
    const row = `7|${native}|cpu|n/a|1795328592|N/A|N/A|${reason}`;
    const status = readQueue(row)[0]?.status;
    expect(status).toMatchObject({ state: by === '' ? 'pending' : 'held', heldBy: by });
    expect(status?.reason).toMatch(words);
  });
});

it('enters a job with one word for the command', () => {
  const command = enterCommand('12', `printf '%s' "$x"`);
  expect(command).toContain('SLURM_OVERLAP=1; export SLURM_OVERLAP\nexec srun --quiet --unbuffered --jobid=12 ');
  expect(command.endsWith(` /bin/sh -c ${quote(`printf '%s' "$x"`)}`)).toBe(true);
});

describe('reasons for waiting', () => {
  it.each([
    ['Priority', /^other jobs are ahead.*\(Priority\)$/],
    ['QOSMaxCpuPerUserLimit', /as much as you may.*\(QOSMaxCpuPerUserLimit\)$/],
    ['QOSMaxWallDurationPerJobLimit', /more than one job of yours may have/],
    ['AssocGrpCPUMinutesLimit', /used up its time/],
    ['AssocGrpGRES', /group uses as much/],
    ['ReqNodeNotAvail, UnavailableNodes:c[1-2]', /not available now \(ReqNodeNotAvail, UnavailableNodes:c\[1-2\]\)/],
    ['None', /has not looked at it yet/],
    ['SomethingNew', /^SomethingNew$/],
  ])('says %s in words', (reason, words) => {
    expect(describeReason(readPendingReason('PENDING', reason))).toMatch(words);
  });
});

describe('sbatch', () => {
  const submission = (resources: object, directory = '/home/ada/.tunel/x') => ({
    instanceId: 'x',
    directory,
    jobName: 'tunel-x',
    resources: resourcesSchema.parse(resources),
  });

  it('is asked for nothing that was not chosen', () => {
    expect(sbatchArguments(submission({}))).toEqual([
      '--parsable',
      '--job-name=tunel-x',
      '--output=/home/ada/.tunel/x/log',
      '--error=/home/ada/.tunel/x/log',
      '--chdir=/home/ada/.tunel/x',
      '--no-requeue',
      '--nodes=1',
      '--ntasks=1',
      '--open-mode=append',
    ]);
    expect(sbatchArguments(submission({ gpus: 0 })).join(' ')).not.toMatch(/gres/);
    expect(sbatchArguments(submission({ gpus: 2, gpuType: 'a100' }))).toContain('--gres=gpu:a100:2');
    expect(() => sbatchArguments(submission({ gpus: 1, gpuType: 'a100:8,gpu:h100' }))).toThrow('is no kind of GPU');
  });

  it('is asked for nodes, quality of service and tasks, with a log each', () => {
    const words = sbatchArguments(
      submission({ nodes: 2, qos: 'long', array: '1-9%3', gpus: 1, options: ['--gres=gpu:a100:1', '-Cavx2'] }),
    );
    expect(words).toEqual(expect.arrayContaining(['--nodes=2', '--ntasks-per-node=1', '--qos=long', '--array=1-9%3']));
    expect(words).toContain('--output=/home/ada/.tunel/x/log-%A_%a');
    expect(words).not.toContain('--ntasks=1');
    expect(words.slice(-3)).toEqual(['--gres=gpu:a100:1', '-Cavx2', '--open-mode=append']);
    expect(() => sbatchArguments(submission({ options: ['--wrap=x'] }))).toThrow(/--wrap=x/);
  });

  it('gets each value as a part of one word', () => {
    const command = sbatchCommand(
      submission(
        { queue: "q'; rm -rf ~", account: '$(id)', cpus: 2, memory: 100, time: 5, gpus: 1 },
        '/home/ada/100% mine',
      ),
    );
    expect(command).toContain(
      `'--partition=q'\\''; rm -rf ~' '--account=$(id)' --cpus-per-task=2 --mem=100M --time=5 --gres=gpu:1`,
    );
    expect(command).toContain(`'--output=/home/ada/100%% mine/log'`);
  });

  it.each([
    ['queue', 'queue-unknown'],
    ['account', 'account-invalid'],
    ['memory', 'limit-exceeded'],
    ['cpus', 'limit-exceeded'],
    ['controller', 'command-failed'],
  ] as const)('is understood when it refuses a %s', (what, code) => {
    const error = submitError(recorded.refusals[what], submission({ queue: 'nope', account: 'nope' }), {
      queues: ['cpu'],
      accounts: ['lab'],
      qos: ['normal'],
    });
    expect(error).toMatchObject({ code, detail: recorded.refusals[what] });
    expect(error.hint).toBeTruthy();
  });

  it.each([
    ['Batch job submission failed: Requested time limit is invalid (missing or exceeds some limit)', 'limit-exceeded'],
    [
      "Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)",
      'limit-exceeded',
    ],
    ['Batch job submission failed: Socket timed out on send/recv operation', 'command-failed'],
    ['Batch job submission failed: Invalid qos specification', 'account-invalid'],
    ['Batch job submission failed: Invalid feature specification', 'bad-input'],
    ["unrecognized option '--nope'", 'bad-input'],
    ['Unable to open file: No space left on device', 'no-space'],
    ['Batch job submission failed: Unspecified error', 'submit-failed'],
  ] as const)('is understood by its manual: %s', (words, code) => {
    expect(submitError(`sbatch: error: ${words}`, submission({}), { queues: [], accounts: [], qos: [] }).code).toBe(
      code,
    );
  });
});
