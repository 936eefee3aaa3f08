import { describe, expect, it } from 'vitest';
import type { Submission } from '../../../electron/core/launchers/common/launcher.ts';
import type { Section } from '../../../electron/core/launchers/common/remote-script.ts';
import { htcondorError, submitError } from '../../../electron/core/launchers/htcondor/errors.ts';
import { readAds, readPoll } from '../../../electron/core/launchers/htcondor/parse.ts';
import { readGroups, readPool } from '../../../electron/core/launchers/htcondor/pool.ts';
import { neverMatches } from '../../../electron/core/launchers/htcondor/reasons.ts';
import { submitScript } from '../../../electron/core/launchers/htcondor/script.ts';
import { readOptions, submitFile } from '../../../electron/core/launchers/htcondor/submit-file.ts';
import { type Resources, resourcesSchema } from '../../../electron/shared/instances.ts';
import { statusesOf } from '../../helpers/job-answers.ts';
import * as recorded from './recorded/htcondor.ts';

const submission = (resources: Partial<Resources> = {}): Submission => ({
  instanceId: 'abcdefghij',
  directory: '/home/a$(b)/.tunel/abcdefghij',
  jobName: 'tunel-abcdefghij',
  resources: resourcesSchema.parse(resources),
});
const section = (name: string, text: string, exitCode = 0): Section => ({ name, text, exitCode });
const at = (id: number) => ({ id: `${id}.0`, directory: '/home/ada/.tunel/a' });

describe('jobs in the queue', () => {
  const sections = [section('queue', recorded.queue), section('analysis-14.0', recorded.analyses.memory)];
  const jobs = [10, 11, 13, 14, 15, 27, 29, 59].map(at);
  const told = statusesOf(readPoll(sections, jobs));

  it.each([
    [
      10,
      { state: 'timeout', nativeReason: 'The job exceeded allowed job duration of 02:05', endedAt: 1_795_338_757_000 },
    ],
    [
      11,
      {
        state: 'held',
        heldBy: 'system',
        nativeReason: expect.stringMatching(/^Transfer input files failure .*No such file/),
      },
    ],
    [
      13,
      { state: 'running', node: 'w1.pool.test', startedAt: 1_795_338_749_000, endsAt: 1_795_339_348_000, reason: '' },
    ],
    [
      14,
      {
        state: 'pending',
        node: '',
        startedAt: null,
        reason: expect.stringMatching(/none of the 2 machines/),
        nativeReason: 'no match found',
      },
    ],
    [15, { state: 'held', heldBy: 'user', nativeReason: "submitted on hold at user's request" }],
    [27, { state: 'preempted', node: 'w1.pool.test', nativeReason: 'VacateReasonCode 1005' }],
    [29, { state: 'cancelled', reason: 'held while it ran', nativeReason: 'via condor_hold (by user ada)' }],
    [59, { state: 'out-of-memory', nativeReason: expect.stringMatching(/memory usage exceeded request_memory/) }],
  ])('%i', (id, expected) => {
    expect(told.get(`${id}.0`)).toMatchObject(expected);
  });

  it('takes nothing of another directory for its own', () => {
    const other = { id: '13.0', directory: '/home/ada/.tunel/b' };
    expect(statusesOf(readPoll(sections, [other])).get('13.0')).toMatchObject({
      state: 'unknown',
      reason: expect.stringMatching(/another job/),
    });
  });
});

describe('jobs that left the queue', () => {
  const sections = [section('queue', ''), section('history', recorded.history)];
  const jobs = [102, 98, 97, 17, 30, 31, 32, 999].map(at);
  const told = statusesOf(readPoll([...sections, section('problem-97.0', 'time-limit 1')], jobs));

  it.each([
    [102, { state: 'preempted', exitCode: null, endedAt: 1_795_340_543_000 }],
    [98, { state: 'cancelled', reason: '', nativeReason: '' }],
    [97, { state: 'timeout', reason: 'ended after 1 min', exitCode: null, startedAt: 1_795_340_534_000 }],
    [17, { state: 'failed', signal: 11, exitCode: null, node: 'w1.pool.test' }],
    [30, { state: 'completed', exitCode: 0, signal: null }],
    [31, { state: 'out-of-memory' }],
    [32, { state: 'cancelled', nativeReason: 'via condor_rm (by user root)', startedAt: null }],
    [999, { state: 'unknown', reason: 'the scheduler no longer knows it' }],
  ])('%i', (id, expected) => {
    expect(told.get(`${id}.0`)).toMatchObject(expected);
  });

  it('leaves out what nobody tells while the history cannot be read, and takes the exit file', () => {
    const partial = statusesOf(
      readPoll([section('queue', ''), section('history', 'Error', 1), section('exit-17.0', '4')], jobs),
    );
    expect([...partial]).toEqual([['17.0', expect.objectContaining({ state: 'failed', exitCode: 4 })]]);
  });
});

it.each(['WARNING: soon', '', '[\n]'])('no jobs: %j', (text) => expect(readAds(text)).toEqual([]));
it.each(['Error: cannot', '[\n{ "ClusterId": 1,', '{ "ClusterId": 1 }', '[\n{ "ClusterId": 1 }\n]'])(
  'no answer: %j',
  (text) => expect(readAds(text)).toBeNull(),
);

it('reads a pool', () => {
  expect(readPool(recorded.pool)).toEqual({
    machines: 2,
    cpusTotal: 8,
    cpusFree: 5,
    largest: { cpus: 4, memory: 4000, gpus: 0 },
  });
  expect(readPool(recorded.mixedPool)).toEqual({
    machines: 17,
    cpusTotal: 808,
    cpusFree: 136,
    largest: { cpus: 64, memory: 515_000, gpus: 4 },
  });
  expect(readGroups('group_physics, group_chem.lab')).toEqual(['group_physics', 'group_chem.lab']);
});

it.each([
  ['memory', /none of the 2 machines .*\(999999 MiB of memory\)/],
  ['gpus', /\(1 GPUs\)/],
  ['own', /\(Machine == "nope", 64 cores\)/],
] as const)('says why no machine can run it: %s', (name, words) => {
  expect(neverMatches(recorded.analyses[name])).toMatch(words);
});
it('does not take a full machine for a small one', () => {
  expect(neverMatches(recorded.analyses.full)).toBeNull();
  expect(neverMatches('')).toBeNull();
});

describe('the submit file', () => {
  const lines = (resources: Partial<Resources>) => submitFile(submission(resources)).split('\n');

  it('passes resources on', () => {
    const all = lines({ cpus: 2, memory: 300, time: 7, gpus: 1, gpuType: 'A"1', account: 'group_lab' });
    expect(all).toEqual(
      expect.arrayContaining([
        'request_cpus = 2',
        'request_memory = 300',
        'request_gpus = 1',
        'require_gpus = DeviceName == "A\\"1"',
        'allowed_job_duration = 540',
        'accounting_group = group_lab',
        'initialdir = /home/a$(DOLLAR)(b)/.tunel/abcdefghij',
        'requirements = NumJobStarts =?= 0',
      ]),
    );
    expect(lines({}).filter((line) => /^(request|allowed|accounting)/.test(line))).toEqual([]);
  });

  it('joins what the user requires with its own', () => {
    const all = lines({ options: ['Requirements = HasGluster', 'rank=KFlops', '+Project = "x"', 'MY.Site = 1'] });
    expect(all).toContain('requirements = (HasGluster) && (NumJobStarts =?= 0)');
    expect(all).toEqual(expect.arrayContaining(['rank = KFlops', '+Project = "x"', 'MY.Site = 1']));
    expect(all.filter((line) => /^requirements/i.test(line))).toHaveLength(1);
  });

  it.each([
    'executable = /bin/sh',
    'Arguments = x',
    'queue = 3',
    'queue 3',
    'include : /etc/passwd',
    'transfer_output_files = /etc/passwd',
    '+Cmd = "/bin/sh"',
    'MY.Iwd = "/"',
    'rank = 1\nqueue 5',
    'rank = 1 \\',
    'rank == 1',
    'rank =',
    'x @=end',
    '',
  ])('refuses the option %j', (option) => {
    expect(() => readOptions([option])).toThrowError(expect.objectContaining({ code: 'bad-input' }));
  });

  it.each([
    [{ array: '1-3' }, 'bad-input'],
    [{ nodes: 2 }, 'bad-input'],
    [{ account: 'a\nqueue 9' }, 'account-invalid'],
  ])('refuses %j', (resources, code) => {
    expect(() => submitFile(submission(resources))).toThrowError(expect.objectContaining({ code }));
  });
});

it.each([
  ['away', {}, 'command-failed'],
  ['stopped', {}, 'command-failed'],
  ['executable', {}, 'submit-failed'],
  ['option', { options: ['rank = (1 +'] }, 'bad-input'],
] as const)('a refusal: %s', (name, resources, code) => {
  const error = submitError(recorded.refusals[name], submission(resources as Partial<Resources>));
  expect(error).toMatchObject({ code, detail: recorded.refusals[name].trim() });
});
it('tells a schedd that is away from one that refuses', () => {
  expect(htcondorError('Polling', recorded.refusals.away).message).toMatch(/does not answer at the moment/);
  expect(htcondorError('Polling', 'Permission denied to remove job 5.0').message).toMatch(/refused/);
});

describe('an answer with text beside its JSON', () => {
  const job = { id: '12.0', directory: '/home/ada/.tunel/a' };
  const json = '[\n{\n  "ClusterId": 12,\n  "JobStatus": 2,\n  "ProcId": 0\n}\n]';
  const warning = 'WARNING: the connection to the schedd used a method that will be taken away';

  it.each([
    ['after it', `${json}\n${warning}`],
    ['before it', `${warning}\n${json}`],
    ['on both sides, and of two schedds', `${warning}\n[\n]\n${json}\n${warning}`],
  ])('%s is read', (_, text) => {
    expect(statusesOf(readPoll([section('queue', text)], [job])).get('12.0')).toMatchObject({ state: 'running' });
  });

  it('is no end of a job where it cannot be read', () => {
    for (const text of [`${json.slice(0, 20)}`, 'something else entirely']) {
      expect(readPoll([section('queue', text)], [job]).get('12.0')).toMatchObject({
        kind: 'unreadable',
        reason: 'the answer of HTCondor could not be read',
        detail: text,
      });
    }
  });
});

describe('several jobs of one submission', () => {
  const directory = '/home/ada/.tunel/a';
  const job = { id: '12', directory };
  const ad = (proc: number, status: number, rest = '') =>
    `{ "ClusterId": 12, "ProcId": ${proc}, "JobStatus": ${status}, "Iwd": "${directory}/task-${proc}"${rest} }`;
  const list = (...ads: string[]) => `[\n${ads.join('\n,\n')}\n]`;
  const read = (...sections: ReturnType<typeof section>[]) => readPoll(sections, [job]).get('12');

  it('are queued by their count, each in a directory of its own', () => {
    const lines = submitFile(submission({ array: '0-1' })).split('\n');
    expect(lines).toContain('initialdir = /home/a$(DOLLAR)(b)/.tunel/abcdefghij/task-$(Process)');
    expect(submitScript(submission({ array: '0-1' }))).toContain("'queue 2'");
  });

  it('run while one does, and have ended when all have', () => {
    const queue = section('queue', list(ad(1, 2)));
    expect(read(queue, section('history', list(ad(0, 4, ', "ExitCode": 0'))))).toMatchObject({
      kind: 'known',
      status: { id: '12', state: 'running', tasks: { pending: 0, running: 1, completed: 1, failed: 0 } },
    });
    const over = list(ad(0, 4, ', "ExitCode": 0'), ad(1, 4, ', "ExitCode": 2'));
    expect(read(section('queue', ''), section('history', over))).toMatchObject({
      kind: 'known',
      status: { state: 'failed', exitCode: 2 },
    });
  });

  it('take the files of those that nobody knows any more, and are not over while the history cannot be read', () => {
    const files = [section('exit-12.0', '0'), section('exit-12.1', '0')];
    expect(read(section('queue', ''), section('history', ''), ...files)).toMatchObject({
      kind: 'known',
      status: { state: 'completed', tasks: { completed: 2 } },
    });
    expect(read(section('queue', ''), section('history', '', 1), ...files.slice(0, 1))?.kind).toBe('unreadable');
    expect(read(section('queue', ''), section('history', ''))?.kind).toBe('absent');
  });
});
