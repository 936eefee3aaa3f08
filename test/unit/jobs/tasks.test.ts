import { describe, expect, it } from 'vitest';
import { arrayOfTasks, chooseTasks, describeTasks, pageOfTasks } from '../../../electron/core/jobs/job-tasks-policy.ts';
import type { JobAnswers } from '../../../electron/core/launchers/common/job-answer.ts';
import type { Section } from '../../../electron/core/launchers/common/remote-script.ts';
import { readPoll as readGridEngine } from '../../../electron/core/launchers/gridengine/parse.ts';
import { readPoll as readCondor } from '../../../electron/core/launchers/htcondor/parse.ts';
import { readPoll as readSlurm } from '../../../electron/core/launchers/slurm/parse.ts';
import { resourcesSchema } from '../../../electron/shared/instances.ts';
import { tasksOf, writeJobArray } from '../../../electron/shared/job-array-policy.ts';
import type { JobTask } from '../../../electron/shared/jobs.ts';
import * as recorded from '../launchers/recorded/slurm.ts';

const sections = (texts: Record<string, string>): Section[] =>
  Object.entries(texts).map(([name, text]) => ({ name, text, exitCode: 0 }));

function tasksIn(answers: JobAnswers, id: string): JobTask[] {
  const answer = answers.get(id);
  return answer?.kind === 'known' ? describeTasks(answer.tasks ?? []) : [];
}

describe('the tasks of an array', () => {
  it('are what squeue and sacct say of each, one that waits in a range too', () => {
    const { squeueArray: queue, sacctArray: history } = recorded;
    const tasks = tasksIn(readSlurm(sections({ queue, uid: '1001', history }), ['125']), '125');
    expect(tasks.map(({ index, state }) => `${index} ${state}`)).toEqual([
      ...['1 completed', '2 failed', '3 active', '4 active', '5 active'],
      ...[6, 7, 8, 9, 10, 11, 12].map((index) => `${index} queued`),
    ]);
    expect(tasks[1]).toMatchObject({
      nativeState: 'FAILED',
      exitCode: 3,
      node: 'c1',
      startedAt: 1_795_339_566_000,
      endedAt: 1_795_339_566_000,
    });
    expect(tasks[5]?.reason).not.toBe('');
  });

  it('are there after their end, those that never began too', () => {
    const history = recorded.sacctArrayEnded;
    const tasks = tasksIn(readSlurm(sections({ queue: '', uid: '1001', history }), ['19']), '19');
    expect(tasks).toHaveLength(11);
    expect(chooseTasks({ name: 'fit' }, tasks, 'failed')).toEqual([2, 3, 4, 6, 7, 8, 9, 10, 11, 12]);
    expect(tasks.at(-1)).toMatchObject({ index: 12, state: 'canceled', node: '', startedAt: null });
  });

  it('are the jobs of one submission to HTCondor', () => {
    const directory = '/home/ada/.tunel/a';
    const ad = (ProcId: number, rest: object) => ({
      ClusterId: 7,
      ProcId,
      Iwd: `${directory}/task-${ProcId}`,
      ...rest,
    });
    const queue = JSON.stringify([ad(2, { JobStatus: 2, RemoteHost: 'slot1@w2', NumJobStarts: 1 })]);
    const history = JSON.stringify([
      ad(1, { JobStatus: 4, ExitCode: 3, ExitBySignal: false, LastRemoteHost: 'slot1@w1', NumJobStarts: 1 }),
      ad(0, { JobStatus: 4, ExitCode: 0, ExitBySignal: false, NumJobStarts: 1 }),
    ]);
    const tasks = tasksIn(readCondor(sections({ queue, history }), [{ id: '7', directory }]), '7');
    expect(tasks.map(({ index, state, exitCode }) => [index, state, exitCode])).toEqual([
      [0, 'completed', 0],
      [1, 'failed', 3],
      [2, 'active', null],
    ]);
  });

  it('are the rows of qstat and the records of accounting', () => {
    const row = (state: string, tasks: string, more = '') =>
      `<job_list><JB_job_number>9</JB_job_number><state>${state}</state>${more}<tasks>${tasks}</tasks></job_list>`;
    const queue = row('r', '4', '<queue_name>all.q@n1</queue_name>') + row('qw', '5-9:2');
    const record = (task: number, failed: number, exit: number) => {
      const fields = new Array<string>(45).fill('0');
      for (const [at, value] of [
        [0, 'all.q'],
        [1, 'n2'],
        [5, '9'],
        [8, '1795339565'],
        [9, '1795339566'],
      ] as const)
        fields[at] = value;
      fields[10] = '1795339567';
      fields[11] = String(failed);
      fields[12] = String(exit);
      fields[35] = String(task);
      return fields.join(':');
    };
    const history = [record(1, 0, 0), record(2, 0, 5), record(3, 0, 1), record(3, 0, 0)].join('\n');
    const tasks = tasksIn(readGridEngine(sections({ queue, history }), ['9']), '9');
    expect(tasks.map(({ index, state, exitCode }) => [index, state, exitCode])).toEqual([
      [1, 'completed', 0],
      [2, 'failed', 5],
      // It ran again.
      [3, 'completed', 0],
      [4, 'active', null],
      [5, 'queued', null],
      [7, 'queued', null],
      [9, 'queued', null],
    ]);
    expect(tasks[1]).toMatchObject({ node: 'n2', endedAt: 1_795_339_567_000 });
  });

  it('come a page at a time, also those of some states', () => {
    const history = recorded.sacctArrayEnded;
    const tasks = tasksIn(readSlurm(sections({ queue: '', uid: '1001', history }), ['19']), '19');
    const first = pageOfTasks(tasks, { states: ['canceled'], limit: 4 });
    expect(first).toMatchObject({ total: 9, next: '7' });
    const rest = pageOfTasks(tasks, { states: ['canceled'], limit: 5, cursor: first.next ?? undefined });
    expect(rest.tasks.map(({ index }) => index)).toEqual([8, 9, 10, 11, 12]);
    expect(rest.next).toBeNull();
    expect(() => pageOfTasks(tasks, { limit: 5, cursor: 'x' })).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });
});

describe('an array of some tasks', () => {
  it.each([
    ['slurm', [12, 3, 7, 9, 10, 11, 3], '', '3,7,9-12'],
    ['slurm', [5], '4', '5%4'],
    ['gridengine', [3, 4, 5], '2', '3-5%2'],
    ['gridengine', [3, 5, 7], '', '3-7:2'],
    ['gridengine', [3], '', '3'],
    ['gridengine', [3, 5, 8], '', null],
    ['htcondor', [0, 1, 2], '', '0-2'],
    ['htcondor', [1, 2], '', null],
    ['login', [1], '', null],
  ] as const)('%s %j', (launcher, tasks, atOnce, expected) => {
    const array = writeJobArray(tasks, atOnce, launcher);
    expect(array).toBe(expected);
    if (array !== null) expect([...tasksOf(array)]).toEqual([...new Set(tasks)].sort((a, b) => a - b));
  });

  const resources = resourcesSchema.parse({ memory: 500 });
  it('replaces the directive of the script, with how many run at once', () => {
    const script = '#!/bin/sh\n#SBATCH --array=0-199%10 --time=5\nrun\n';
    expect(arrayOfTasks({ launcher: 'slurm', script, resources }, [3, 7])).toEqual({
      script: '#!/bin/sh\n#SBATCH --array=3,7%10 --time=5\nrun\n',
      resources: { ...resources, array: '3,7%10' },
    });
    const asked = { ...resources, array: '0-9%2' };
    expect(arrayOfTasks({ launcher: 'slurm', script: 'run\n', resources: asked }, [1])).toEqual({
      resources: { ...resources, array: '1%2' },
    });
  });

  it('says plainly where its scheduler has no such array', () => {
    const run = () => arrayOfTasks({ launcher: 'gridengine', script: null, resources }, [1, 2, 9]);
    expect(run).toThrow(/Grid Engine cannot start the tasks 1, 2, 9 alone/);
    expect(run).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });

  it('is of tasks that there are', () => {
    const history = recorded.sacctArrayEnded;
    const tasks = tasksIn(readSlurm(sections({ queue: '', uid: '1001', history }), ['19']), '19');
    expect(chooseTasks({ name: 'fit' }, tasks, [1, 2])).toEqual([1, 2]);
    expect(() => chooseTasks({ name: 'fit' }, tasks, [1, 5, 99])).toThrow(/no task 5, 99/);
    expect(() => chooseTasks({ name: 'fit' }, tasks.slice(0, 1), 'failed')).toThrow(/No task of fit has failed/);
    expect(() => chooseTasks({ name: 'fit' }, [], 'failed')).toThrow(/no job array/);
  });
});
