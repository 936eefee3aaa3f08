import { describe, expect, test } from 'vitest';
import { isHeldForGood, isJobOver } from '../../../electron/core/instances/ending-policy.ts';
import { endingError, heldError, missingCommand } from '../../../electron/core/instances/job-errors.ts';
import { LogTail, strayStart, wholeLength } from '../../../electron/core/instances/log-text.ts';
import { metaSchema, newInstanceId } from '../../../electron/core/instances/meta.ts';
import { lookDelay, pollDelay, pollMinimum } from '../../../electron/core/instances/poll-policy.ts';
import {
  type InstanceKind,
  type InstanceState,
  type JobStatus,
  unknownJob,
} from '../../../electron/shared/instances.ts';

const job = (state: JobStatus['state'], change: Partial<JobStatus> = {}): JobStatus => ({
  ...unknownJob('7'),
  state,
  nativeState: state.toUpperCase(),
  node: 'c1',
  ...change,
});
describe('how often to ask', () => {
  const one = (state: InstanceState, age: number, kind: InstanceKind = 'app') => [
    { state, changedAt: 1000_000 - age, kind },
  ];
  test.each<[InstanceState, number, InstanceKind, number, number]>([
    ['starting', 0, 'app', 0, 1000],
    ['starting', 30_000, 'app', 0, 2000],
    ['waiting', 1000, 'app', 0, 1000],
    ['waiting', 60_000, 'app', 0, 2000],
    ['waiting', 3_600_000, 'app', 0, 10_000],
    ['ready', 0, 'app', 0, 15_000],
    ['running', 0, 'job', 0, 2000],
    ['running', 3_600_000, 'job', 0, 15_000],
    ['stopping', 0, 'app', 0, 1000],
    ['starting', 0, 'app', 1, 2000],
    ['starting', 0, 'app', 9, 30_000],
  ])('%s for %d ms, %s, after %d failures: %d', (state, age, kind, failures, expected) => {
    expect(pollDelay(one(state, age, kind), 1000_000, failures, 1000)).toBe(expected);
    expect(pollDelay(one(state, age, kind), 1000_000, failures, 20_000)).toBe(Math.max(expected, 20_000));
  });
  test('a scheduler each 2 s at most, rarer where its site says so; a login node is no scheduler', () => {
    expect(pollMinimum('slurm', null)).toBe(2000);
    expect(pollMinimum('htcondor', { pollInterval: 60 })).toBe(60_000);
    expect(pollMinimum('login', { pollInterval: 60 })).toBe(1000);
  });
  test('the most urgent one sets the pace, and logs set a faster one', () => {
    expect(pollDelay([...one('ready', 0), ...one('waiting', 0)], 1000_000, 0, 1000)).toBe(1000);
    const ready = one('ready', 0)[0];
    const look = (isLogWanted: boolean) => lookDelay(ready ? [{ ...ready, isLogWanted }] : [], 1000_000);
    expect([look(true), look(false)]).toEqual([1500, null]);
  });
});

describe('is it over', () => {
  const calm = { exitCode: null, exitSeenFor: 0, unknownFor: 0 };
  test.each<[object, boolean]>([
    [{ job: null }, false],
    [{ job: job('running') }, false],
    [{ job: job('completed') }, true],
    [{ job: job('out-of-memory') }, true],
    [{ job: job('running'), exitCode: 1 }, false],
    [{ job: job('running'), exitCode: 1, exitSeenFor: 9000 }, true],
    [{ job: job('running'), exitCode: 0, unknownFor: 1 }, true],
    [
      {
        job: { ...job('running'), tasks: { pending: 1, running: 1, completed: 1, failed: 0 } },
        exitCode: 0,
        exitSeenFor: 9000,
      },
      false,
    ],
    [{ job: job('completed'), isArray: true, exitCode: 0, exitSeenFor: 9000 }, false],
    [{ job: job('completed'), isArray: true, exitCode: 0, exitSeenFor: 21_000 }, true],
    [{ job: job('cancelled'), isArray: true }, true],
    [{ job: job('unknown'), isArray: true, exitCode: 0, exitSeenFor: 9000, unknownFor: 1 }, false],
    [{ job: job('unknown'), isArray: true, exitCode: 0, unknownFor: 21_000 }, true],
    [{ job: job('running'), unknownFor: 5000 }, false],
    [{ job: job('running'), unknownFor: 21_000 }, true],
  ])('%o', (view, expected) => {
    expect(isJobOver({ job: null, ...calm, ...view })).toBe(expected);
  });
});

test('only a job that the scheduler itself holds is given up', () => {
  const held = { ...unknownJob('7'), state: 'held', nativeReason: 'no such file: image.sif.' } as const;
  expect(isHeldForGood({ ...held, heldBy: 'system' })).toBe(true);
  expect(isHeldForGood({ ...held, heldBy: 'user' })).toBe(false);
  expect(isHeldForGood(null)).toBe(false);
  expect(heldError('Web', { ...held, heldBy: 'system' })).toMatchObject({
    code: 'job-held',
    message: 'The scheduler holds the job of Web: no such file: image.sif.',
  });
});

describe('why it is over', () => {
  const base = {
    job: job('failed'),
    exitCode: 1,
    problem: null,
    serves: true,
    wasReady: false,
    title: 'Lab',
    resources: { memory: 2000, time: 60 },
    logTail: 'first\nlast words',
  };
  test.each<[object, RegExp | null]>([
    [{ job: job('out-of-memory') }, /^job-failed: Lab ran out of memory on c1; it had asked for 2 GB/],
    [{ exitCode: 137, logTail: 'slurmstepd: error: Detected 1 oom_kill event' }, /ran out of memory/],
    [{ exitCode: 137 }, /ended by signal 9 on c1 before it was ready: last words/],
    [{ job: job('timeout'), wasReady: true }, /reached its time limit of 1 h/],
    [{ job: job('node-fail') }, /the node on c1 failed|node on c1 failed/],
    [{ job: job('preempted') }, /preempted/],
    [{ job: job('cancelled'), wasReady: true }, null],
    [{ job: job('cancelled', { nativeReason: 'by root' }) }, /cancelled on the cluster \(by root\)/],
    [{ exitCode: 0, job: job('completed') }, /ended on c1 before it began to listen/],
    [{ exitCode: 0, job: job('completed'), wasReady: true }, null],
    [{ exitCode: 0, job: job('completed'), serves: false }, null],
    [{ exitCode: 3 }, /ended with exit code 3 on c1 before it was ready: last words\./],
    [
      { exitCode: 127, logTail: 'script.sh: line 3: jupyter: command not found' },
      /^command-missing: jupyter was not found.*module avail jupyter/,
    ],
    [
      { exitCode: 126, logTail: '/x/script.sh: line 2: ./tool: Permission denied' },
      /^command-missing: \.\/tool may not be executed/,
    ],
    [
      { exitCode: 78, problem: { kind: 'module', subject: 'gcc/13' } },
      /^command-missing: The module gcc\/13.*module avail gcc/,
    ],
    [{ exitCode: 78, problem: { kind: 'work-directory', subject: '/scratch/x' } }, /work directory \/scratch\/x/],
    [{ exitCode: 255 }, /ended with exit code 255 on c1 before it was ready/],
    [{ exitCode: 193, wasReady: true }, /ended with exit code 193 on c1: last words/],
    [{ exitCode: 143, wasReady: true }, /ended by signal 15 on c1: last words/],
    [{ exitCode: null, job: job('failed', { signal: 11 }) }, /ended by signal 11 on c1 before it was ready/],
    [
      {
        exitCode: 127,
        logTail: 'a.sh: line 3: nvidia-smi: command not found\nok\na.sh: line 9: jupyter: command not found',
      },
      /^command-missing: jupyter was not found/,
    ],
    [
      {
        logTail:
          'WARNING: Retrying (Retry(total=0)) after connection broken by NewConnectionError("host=\'index.example.org\', port=443: Failed to establish a new connection")\nERROR: No matching distribution found for flask\nTunel: the environment was not installed, as pip says: ERROR: No matching distribution found for flask',
      },
      /^job-failed: c1 cannot reach a package index \(index\.example\.org\), so Lab did not start\. .*“login”.*PIP_INDEX_URL/,
    ],
    [
      { logTail: 'ERROR: No matching distribution found for flsk' },
      /exit code 1 on c1 before it was ready: ERROR: No matching distribution found for flsk\./,
    ],
    [
      { exitCode: null, job: job('failed', { nativeReason: 'launch failed requeued held' }) },
      /failed on c1: launch failed/,
    ],
    [{ exitCode: null, job: job('unknown') }, /no longer knows its job/],
  ])('%o', (change, words) => {
    const error = endingError({ ...base, ...change });
    if (words === null) expect(error).toBeNull();
    else expect(`${error?.code}: ${error?.message} ${error?.hint}`).toMatch(words);
  });
  test.each([
    ['/tmp/x/script.sh: line 12: rstudio-server: command not found', 'rstudio-server'],
    ['/tmp/x/script.sh: 12: rstudio-server: not found', 'rstudio-server'],
    ["/usr/bin/env: 'python9': No such file or directory", 'python9'],
    ['a.sh: line 1: module: command not found\na.sh: line 7: octave: command not found\ndone', 'octave'],
    ['zsh:3: command not found: octave', 'octave'],
    ['octave: Command not found.', 'octave'],
    ['fish: Unknown command: octave', 'octave'],
    ['/tmp/x/script.sh: line 4: exec: octave: not found', 'octave'],
    ["timeout: failed to run command 'octave': No such file or directory", 'octave'],
    ['FATAL:   "octave": executable file not found in $PATH', 'octave'],
    ['Error: crun: executable file `octave` not found in $PATH: No such file or directory', 'octave'],
    ['all is well', null],
  ])('%s', (log, name) => {
    expect(missingCommand(log)).toBe(name);
  });
});

describe('log text', () => {
  test('whole characters only', () => {
    const bytes = Buffer.from('a✓é𝄞');
    for (let length = 0; length <= bytes.length; length += 1) {
      const part = bytes.subarray(0, length);
      expect(part.subarray(0, wholeLength(part)).toString()).not.toContain('\ufffd');
      const rest = bytes.subarray(length);
      expect(rest.subarray(strayStart(rest)).toString()).not.toContain('\ufffd');
    }
  });
  test('parts come once and in order, and old ones are dropped', () => {
    const tail = new LogTail(10);
    const text = Buffer.from('hello ✓ world');
    expect(tail.take(0, text.subarray(0, 7))).toEqual({ offset: 0, next: 6, text: 'hello ' });
    expect(tail.take(6, text.subarray(6))).toEqual({ offset: 6, next: 15, text: '✓ world' });
    expect(tail.take(0, text)).toBeNull();
    expect([tail.text(), tail.next]).toEqual([' ✓ world', 15]);
    expect(tail.take(100, Buffer.from('far'))).toEqual({ offset: 100, next: 103, text: 'far' });
    expect([tail.text(), tail.offset]).toEqual(['far', 100]);
  });
});

test('ids are host labels, directory names and job names', () => {
  for (let count = 0; count < 200; count += 1) {
    expect(metaSchema.shape.id.safeParse(newInstanceId()).success).toBe(true);
  }
});
