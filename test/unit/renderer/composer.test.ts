import { afterEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../../electron/shared/errors.ts';
import { resourcesSchema } from '../../../electron/shared/instances.ts';
import type { Job } from '../../../electron/shared/jobs.ts';
import { textChange } from '../../../renderer/components/text-editor/text-change.ts';
import {
  draftOf,
  emptyDraft,
  fieldsOf,
  isArray,
  launcherOf,
  resourcesOf,
  translate,
  withField,
  withName,
  withScript,
  withText,
} from '../../../renderer/features/jobs/composer/draft.ts';
import { draftProblems, type Typed } from '../../../renderer/features/jobs/composer/draft-problems.ts';
import { makeJob } from '../../../renderer/features/jobs/composer/use-sending.ts';
import { parseDuration } from '../../../renderer/text/duration.ts';

const job = (more: Partial<Job>): Job => ({
  id: 'a',
  clusterId: 'c',
  clusterName: 'c',
  name: 'fit',
  launcher: 'slurm',
  directory: '/d',
  script: '#!/bin/bash\n#SBATCH --time=5\nls\n',
  resources: resourcesSchema.parse({}),
  modules: [],
  values: null,
  createdAt: 0,
  submittedAt: null,
  startedAt: null,
  endedAt: null,
  state: 'new',
  native: null,
  error: null,
  archived: false,
  rerunOf: null,
  ...more,
});

describe('a job that is composed', () => {
  test('says the same in its form and its script', () => {
    const draft = withField(draftOf(job({})), 'slurm', 'cpus', 4);
    expect(draft.script).toBe('#!/bin/bash\n#SBATCH --time=5\n#SBATCH --cpus-per-task=4\nls\n');
    expect(fieldsOf(draft, 'slurm')).toMatchObject({ time: 5, cpus: 4 });
    expect(fieldsOf(withText(draft, 'slurm', 'script', '#SBATCH -c 9\n'), 'slurm')).toMatchObject({
      time: null,
      cpus: 9,
    });
    expect(withField(draft, 'login', 'cpus', 1)).toBe(draft);
  });

  test('takes a script with its own name, and is named after the file only where it has none', () => {
    const script = '#!/bin/bash\n#SBATCH --job-name=fit\n';
    expect(withScript(emptyDraft('c'), 'slurm', script, 'run')).toMatchObject({ script, name: 'fit' });
    expect(withScript(emptyDraft('c'), 'slurm', 'ls\n', 'run')).toMatchObject({ script: 'ls\n', name: 'run' });
    expect(withScript({ ...emptyDraft('c'), name: 'old' }, 'slurm', 'ls\n', 'run').name).toBe('old');
  });

  test.each([
    ['slurm', '0-9,12%3'],
    ['lsf', '1-9%3'],
    ['gridengine', '1-9%3'],
    ['pbs', '0-9%3'],
    ['htcondor', '0-19'],
  ] as const)('of %s has the array that is typed letter by letter', (launcher, text) => {
    const begun = withField(emptyDraft('c'), launcher, 'name', 'fit');
    const typed = Array.from(text, (_, index) => text.slice(0, index + 1));
    const draft = typed
      .filter((each) => isArray(each, launcher))
      .reduce((all, each) => withField(all, launcher, 'array', each), begun);
    expect(fieldsOf(draft, launcher)).toMatchObject({ name: 'fit', array: text });
    expect(fieldsOf(withField(draft, launcher, 'array', ''), launcher)).toMatchObject({ name: 'fit', array: '' });
  });

  test('is not submitted with another time or array than its form shows', () => {
    const draft = { ...draftOf(job({})), name: 'fit' };
    const problems = (typed: Typed) => [
      ...draftProblems(draft, fieldsOf(draft, 'slurm'), 'slurm', undefined, typed).keys(),
    ];
    expect(problems({})).toEqual(['clusterId']);
    expect(problems({ time: '8 x', array: '0-' })).toEqual(['clusterId', 'time', 'array']);
    expect(problems({ time: '8 h', array: '0-9' })).toEqual(['clusterId']);
  });

  test('is named by its directive, and names it where there is one', () => {
    const named = withText(emptyDraft('c'), 'slurm', 'script', '#SBATCH -J a\n');
    expect(named.name).toBe('a');
    expect(withName(named, 'slurm', 'b c').script).toBe('#SBATCH -J "b c"\n');
    expect(withName(emptyDraft('c'), 'slurm', 'b').script).toBe(emptyDraft('c').script);
    const grid = withText(emptyDraft('c'), 'gridengine', 'script', '#$ -N a\n');
    expect(withName(grid, 'gridengine', 'b c')).toMatchObject({ name: 'b c', script: '#$ -N b_c\n' });
  });

  test('takes what an earlier job asked for beside its script', () => {
    const resources = resourcesSchema.parse({ time: 60, queue: 'long', options: ['--constraint=avx2'] });
    const draft = draftOf(job({ resources }));
    expect(draft.script).toBe('#!/bin/bash\n#SBATCH --time=01:00:00\n#SBATCH --partition=long\nls\n');
    expect(resourcesOf(draft, 'slurm')).toEqual(resourcesSchema.parse({ options: ['--constraint=avx2'] }));
  });

  test('asks HTCondor in lines of its submit file', () => {
    const resources = resourcesSchema.parse({ memory: 2048, array: '0-4', options: ['rank = KFlops'] });
    const draft = draftOf(job({ launcher: 'htcondor', script: 'ls\n', resources }));
    expect(draft.script).toBe('ls\n');
    expect(resourcesOf(withField(draft, 'htcondor', 'cpus', 2), 'htcondor')).toEqual({ ...resources, cpus: 2 });
  });

  test('asks for the same at another scheduler, but for what is of its cluster', () => {
    const script = '#SBATCH --time=60 -c 2 -p long\nls\n';
    const moved = translate({ ...emptyDraft('c'), script }, 'slurm', 'pbs');
    expect(moved.script).toBe(`#PBS -l walltime=01:00:00\n#PBS -l select=1:ncpus=2\n${script}`);
    expect(fieldsOf(moved, 'pbs')).toMatchObject({ time: 60, cpus: 2, queue: '' });
  });

  test('has mistakes where something is missing', () => {
    const draft = { ...emptyDraft(''), script: ' ' };
    expect([...draftProblems(draft, fieldsOf(draft, 'slurm'), 'slurm', undefined).keys()]).toEqual([
      'name',
      'clusterId',
      'script',
    ]);
    expect(launcherOf(draft, undefined)).toBe('slurm');
  });
});

test('reads durations as people and schedulers write them', () => {
  expect(
    ['90', '8 h', '1 h 30 min', '2 d 4 h', '1:30', '01:30:00', '2-00:00:00', '90m', '1.5h'].map(parseDuration),
  ).toEqual([90, 480, 90, 3120, 90, 90, 2880, 90, 90]);
  expect(['', '0', 'soon', '3 weeks', '8 h x'].map(parseDuration)).toEqual([null, null, null, null, null]);
});

test('changes the least of a text', () => {
  for (const [before, after] of [
    ['abc', 'abc'],
    ['abc', 'axc'],
    ['aa', 'aaa'],
    ['', 'x'],
    ['abab', 'ab'],
  ] as const) {
    const change = textChange(before, after);
    const made = change ? before.slice(0, change.from) + change.insert + before.slice(change.to) : before;
    expect(made).toBe(after);
  }
  expect(textChange('line 1\nline 2\n', 'line 1\nnew\nline 2\n')).toEqual({ from: 7, to: 7, insert: 'new\n' });
});

afterEach(() => vi.unstubAllGlobals());

test('a copy of a job that could not be changed is changed by the next try, and no second one is made', async () => {
  const calls: string[] = [];
  const invoke = async (name: string, { id, key }: { id: string; key?: string }) => {
    calls.push(`${name} ${id} ${key ?? ''}`);
    if (calls.length === 2) throw new AppError('bad-input', 'There is no such queue.');
    return job({ id: 'copy' });
  };
  vi.stubGlobal('window', { tunel: { invoke } });
  const composing = { serial: 1, source: { kind: 'copy', job: job({}) } } as const;
  const copied = { current: null };
  const make = (key: string) => makeJob(composing, { draft: draftOf(job({})), launcher: 'slurm' }, key, copied);
  await expect(make('k1')).rejects.toThrow('There is no such queue.');
  expect((await make('k2')).id).toBe('copy');
  expect(calls).toEqual(['jobs.rerun a k1', 'jobs.update copy ', 'jobs.update copy ']);
});
