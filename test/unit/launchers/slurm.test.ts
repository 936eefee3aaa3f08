import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Section } from '../../../electron/core/launchers/remote-script.ts';
import { submitError } from '../../../electron/core/launchers/slurm-errors.ts';
import {
  readControllerJob,
  readHistory,
  readPoll,
  readQueue,
  stateOf,
} from '../../../electron/core/launchers/slurm-jobs.ts';
import {
  gpusOf,
  readAccounts,
  readQueues,
  readSinfoJson,
  slurmSeconds,
} from '../../../electron/core/launchers/slurm-queues.ts';
import { pendingReason } from '../../../electron/core/launchers/slurm-reasons.ts';
import { sbatchArguments, sbatchCommand } from '../../../electron/core/launchers/slurm-script.ts';
import { resourcesSchema } from '../../../electron/shared/instances.ts';
import * as recorded from './recorded/slurm.ts';

const recordedFile = (name: string) => readFileSync(new URL(`./recorded/${name}`, import.meta.url), 'utf8');
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
        nodes: 1,
        cpusTotal: 4,
        cpusFree: 4,
      },
    ]);
  });

  it('reads the JSON of 24.11 to the same, busy cores apart', () => {
    const busyAside = (queues: ReturnType<typeof readQueues> | null) =>
      queues?.map((queue) => ({ ...queue, cpusFree: 0 }));
    const json = readSinfoJson(recordedFile('sinfo-24.11.json'), 'cpu');
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

  it('reads each account once', () => {
    expect(readAccounts('lab||normal\nlab|gpu|long\nother||normal\nsacctmgr: error: x')).toEqual(['lab', 'other']);
  });
});

describe('jobs', () => {
  it('reads squeue', () => {
    const jobs = readQueue(`slurm_load_jobs: a warning\n${recorded.squeue}`);
    expect([...jobs.keys()]).toEqual(['13', '10', '14', '6', '15']);
    expect(jobs.get('13')).toMatchObject({
      state: 'pending',
      node: '',
      reason: 'waiting for enough free resources (Resources)',
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
    const jobs = readHistory(`${recorded.sacct}\n${recorded.sacctByManual}`, '1001');
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
    expect(readControllerJob(recorded.scontrolJob)).toMatchObject({
      id: '8',
      state: 'failed',
      exitCode: 3,
      signal: null,
      node: 'c1',
      queue: 'cpu',
      reason: 'NonZeroExitCode',
      startedAt: at(592),
      endedAt: at(593),
    });
    expect(readControllerJob('slurm_load_jobs error: Invalid job id specified')).toBeNull();
  });

  it('takes a state that no version has yet for unknown, with its word', () => {
    expect(stateOf('BRAND_NEW')).toBe('unknown');
    expect(readQueue('7|BRAND_NEW|cpu|c1|1795328592|1795328592|N/A|None').get('7')).toMatchObject({
      state: 'unknown',
      nativeState: 'BRAND_NEW',
    });
  });

  const section = (name: string, text: string, exitCode = 0): Section => ({ name, text, exitCode });

  it('prefers squeue, then an end in accounting, then the controller, then the exit file', () => {
    const statuses = readPoll(
      [
        section('queue', recorded.squeue),
        section('uid', '1001'),
        section('history', recorded.sacct),
        section('job-16', recorded.scontrolJob.replace('JobId=8', 'JobId=16')),
        section('exit-17', '5'),
      ],
      ['10', '9', '16', '17', '18'],
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
    const statuses = readPoll([section('queue', ''), section('history', recorded.sacct)], ['16']);
    expect(statuses.get('16')).toMatchObject({ state: 'unknown', reason: 'lost: only accounting still has it' });
  });

  it('leaves out what nobody can tell while accounting is away', () => {
    const away = section('history', 'sacct: error: Problem talking to the database: Connection refused', 1);
    expect(readPoll([section('queue', ''), away], ['18']).has('18')).toBe(false);
    const none = section('history', 'Slurm accounting storage is disabled', 1);
    expect(readPoll([section('queue', ''), none], ['18']).get('18')?.state).toBe('unknown');
  });
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
    expect(pendingReason('PENDING', reason)).toMatch(words);
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
      '--open-mode=append',
      '--chdir=/home/ada/.tunel/x',
      '--no-requeue',
      '--nodes=1',
      '--ntasks=1',
    ]);
    expect(sbatchArguments(submission({ gpus: 0 })).join(' ')).not.toMatch(/gres/);
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
    ['Unable to open file: No space left on device', 'no-space'],
    ['Batch job submission failed: Unspecified error', 'submit-failed'],
  ] as const)('is understood by its manual: %s', (words, code) => {
    expect(submitError(`sbatch: error: ${words}`, submission({}), { queues: [], accounts: [] }).code).toBe(code);
  });
});
