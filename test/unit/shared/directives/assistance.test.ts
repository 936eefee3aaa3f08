import { describe, expect, test } from 'vitest';
import type { LauncherInfo, Queue } from '../../../../electron/shared/clusters.ts';
import { completeDirective } from '../../../../electron/shared/directives/completion.ts';
import { gridengineDialect } from '../../../../electron/shared/directives/gridengine.ts';
import { htcondorDialect } from '../../../../electron/shared/directives/htcondor.ts';
import { pbsDialect } from '../../../../electron/shared/directives/pbs.ts';
import { directiveProblems } from '../../../../electron/shared/directives/problems.ts';
import { slurmDialect } from '../../../../electron/shared/directives/slurm.ts';
import type { Dialect, Field } from '../../../../electron/shared/directives/types.ts';

const queue = (name: string, more: Partial<Queue> = {}): Queue => ({
  name,
  isDefault: false,
  state: 'UP',
  maxSeconds: 86_400,
  defaultSeconds: null,
  cpusPerNode: 32,
  memoryPerNode: null,
  gpusPerNode: null,
  gpuTypes: [],
  nodes: null,
  cpusTotal: null,
  cpusFree: null,
  ...more,
});
const info: LauncherInfo = {
  name: 'slurm',
  version: '24.11',
  queues: [queue('cpu'), queue('gpu', { gpusPerNode: 4, gpuTypes: ['a100', 'l4'] })],
  accounts: ['film', 'lab'],
  qos: ['normal'],
};

describe('completes', () => {
  /** `|` is where the cursor stands. */
  const labels = (marked: string, dialect: Dialect = slurmDialect): string[] => {
    const at = marked.indexOf('|');
    const found = completeDirective(marked.replace('|', ''), at, dialect, info);
    return found ? found.list.map(({ label }) => label) : [];
  };

  test('options of the scheduler', () => {
    expect(labels('#!/bin/sh\n#SBATCH --ti|\n')).toContain('--time');
    expect(labels('#SBATCH -c 4 -|')).toContain('--mem');
    expect(labels('#SBATCH --ti|')).not.toContain('--wrap');
    expect(labels('#PBS -l wall|', pbsDialect)).toContain('-l walltime');
    expect(labels('#$ -|', gridengineDialect)).toContain('-pe');
    expect(labels('request_|\nqueue\n', htcondorDialect)).toContain('request_memory');
    expect(labels('ls --ti|')).toEqual([]);
    expect(labels('# --ti|')).toEqual([]);
  });

  test("values of this cluster's queues, accounts, qualities of service and GPUs", () => {
    expect(labels('#SBATCH --partition=|')).toEqual(['cpu', 'gpu']);
    expect(labels('#SBATCH -p | --mem=1G')).toEqual(['cpu', 'gpu']);
    expect(labels('#SBATCH -c 2 -p g|')).toEqual(['cpu', 'gpu']);
    expect(labels('#SBATCH -p |')).toEqual(['cpu', 'gpu']);
    expect(labels('#SBATCH --account=f|')).toEqual(['film', 'lab']);
    expect(labels('#SBATCH --qos=|')).toEqual(['normal']);
    expect(labels('#SBATCH -p gpu --gres=|')).toEqual(['gpu:a100:1', 'gpu:l4:1']);
    expect(labels('#PBS -q |', pbsDialect)).toEqual(['cpu', 'gpu']);
  });

  test('what a directive begins with, before the first command only', () => {
    expect(labels('#!/bin/sh\n#SB|')).toEqual(['#SBATCH']);
    expect(labels('#!/bin/sh\nls\n#SB|')).toEqual([]);
  });
});

describe('says of a script', () => {
  const problems = (script: string, dialect: Dialect = slurmDialect, errors?: ReadonlyMap<Field, string>) =>
    directiveProblems(script, dialect, errors).map(({ from, to, level, text }) => [
      level,
      script.slice(from, to),
      text,
    ]);

  test('which options the scheduler does not know, and which Tunel sets', () => {
    expect(problems('#SBATCH --job-name=x --mem=1G --tiem=5 --output=x.log\n')).toEqual([
      ['warning', '--tiem=5', 'This scheduler has no option --tiem.'],
      ['info', '--output=x.log', '--output is left out: Tunel sets it itself.'],
    ]);
    expect(problems('#$ -cwd -zz 1 -l any_thing=1\n', gridengineDialect)).toEqual([
      ['info', '-cwd', '-cwd is left out: Tunel sets it itself.'],
      ['warning', '-zz 1', 'This scheduler has no option -zz.'],
    ]);
  });

  test('which directives come too late', () => {
    expect(problems('#SBATCH -c 1\nls\n#SBATCH -c 2\n')).toEqual([
      ['warning', '#SBATCH -c 2', expect.stringContaining('before the first command only')],
    ]);
    expect(problems('ls\n#$ -V\n', gridengineDialect)).toEqual([]);
  });

  test('which value is over a limit, at the directive that gives it', () => {
    const errors = new Map<Field, string>([
      ['time', 'The queue gpu gives at most 1 d.'],
      ['nodes', 'unseen'],
    ]);
    expect(problems('#SBATCH -t 5 --time=2-0\n', slurmDialect, errors)).toEqual([
      ['error', '--time=2-0', 'The queue gpu gives at most 1 d.'],
    ]);
  });
});
