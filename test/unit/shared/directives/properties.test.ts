import { describe, expect, test } from 'vitest';
import { setField } from '../../../../electron/shared/directives/edit.ts';
import { readFields } from '../../../../electron/shared/directives/fields.ts';
import { dialects } from '../../../../electron/shared/directives/index.ts';
import { readDirectives, splitLines } from '../../../../electron/shared/directives/script.ts';
import type { Dialect, DirectiveFields, Field } from '../../../../electron/shared/directives/types.ts';

/** The same numbers in every run. */
function randomSource(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const bodies: Record<string, readonly string[]> = {
  slurm: [
    '-c 4',
    '--mem=8G',
    '--time 60',
    '-p long',
    '--gres=gpu:1',
    '--exclusive',
    '-N 2',
    '--mail-type="END,FAIL"',
    '-J "a b"',
  ],
  pbs: ['-q long', '-l walltime=1:00:00', '-l select=1:ncpus=2:mpiprocs=2', '-V', '-N x', '-m ae', '-l place=excl'],
  gridengine: ['-q all.q', '-pe smp 4', '-l h_rt=60,h_vmem=2G', '-cwd', '-t 1-9', '-j y'],
  lsf: ['-q long', '-n 4', '-W 60', '-R "span[hosts=1]"', '-J x', '-x', '-R "rusage[mem=2GB]"'],
  htcondor: ['request_cpus = 2', 'rank = KFlops', 'request_memory = 100', '+Project = "x"', 'output = a.out'],
};
const others = ['', '# a comment', 'echo "$x" \'y\'', '\t# indented', '#!not first', 'cd /tmp  # there'];

function randomScript(dialect: Dialect, random: (below: number) => number): string {
  const pick = (list: readonly string[]): string => list[random(list.length)] ?? '';
  const ending = random(4) === 0 ? '\r\n' : '\n';
  const lines = Array.from({ length: random(8) }, () => {
    if (random(3) === 0) return pick(dialect.prefix === '' ? others.slice(0, 2) : others);
    if (dialect.prefix === '') return pick(bodies[dialect.launcher] ?? []);
    const count = 1 + random(2);
    const options = Array.from({ length: count }, () => pick(bodies[dialect.launcher] ?? []));
    return `${dialect.prefix} ${options.join(random(2) ? ' ' : '  ')}${random(3) ? '' : ' # why'}`;
  });
  const text = [...(random(3) ? ['#!/bin/sh'] : []), ...lines].join(ending);
  return random(3) ? `${text}${ending}` : text;
}

const numbers = [1, 2, 7, 60, 90, 1000, 1500, 4096];
const texts = ['a', 'long', 'x-1.y', 'z_2'];
const values: { [F in Field]: readonly DirectiveFields[F][] } = {
  name: texts,
  queue: texts,
  account: texts,
  qos: texts,
  gpuType: texts,
  output: texts,
  array: ['0-9', '0-4'],
  dependency: ['afterok:12', 'afterany:3:4'],
  mailType: ['END', 'ae'],
  mailUser: ['ada@example.org'],
  time: numbers,
  cpus: [1, 2, 7, 64],
  memory: numbers,
  gpus: [1, 2, 8],
  nodes: [1, 2, 16],
};
const fields = Object.keys(values) as Field[];

describe.each(Object.values(dialects).filter((dialect) => dialect !== null))('$launcher: a script', (dialect) => {
  const random = randomSource(dialect.launcher.length * 7919);
  const scripts = Array.from({ length: 150 }, () => randomScript(dialect, random));

  test('is its lines, and each directive stands where it says', () => {
    for (const script of scripts) {
      expect([...splitLines(script)].map(({ from, end }) => script.slice(from, end)).join('')).toBe(script);
      for (const { from, to, directives } of readDirectives(script, dialect)) {
        for (const directive of directives) {
          expect(directive.from).toBeGreaterThanOrEqual(from);
          expect(directive.to).toBeLessThanOrEqual(to);
          const written = script.slice(directive.valueSpan.from, directive.valueSpan.to);
          expect(written.replace(/["']/g, '')).toBe((directive.value ?? '').replace(/["']/g, ''));
        }
      }
    }
  });

  const settable = fields.filter((field) => dialect.slots.some((slot) => slot.fields.includes(field)));

  test.each(settable)('has the %s that was set, and setting it again changes nothing', (field) => {
    for (const script of scripts) {
      // The kind of a GPU stands with their number.
      const base = field === 'gpuType' ? setField(script, dialect, 'gpus', 1) : script;
      const value = values[field][random(values[field].length)] ?? null;
      const changed = setField(base, dialect, field, value);
      expect(readFields(changed, dialect)[field], base).toBe(value);
      expect(setField(changed, dialect, field, value)).toBe(changed);
    }
  });

  test.each(settable)('keeps all lines that are no directive when %s is set or cleared', (field) => {
    const kept = (script: string): string[] => {
      const read = new Set(readDirectives(script, dialect).map(({ from }) => from));
      const lines = [...splitLines(script)].filter(({ from }) => !read.has(from)).map(({ text }) => text);
      // Comments behind options are counted below.
      return lines.filter((text) => text !== '# why');
    };
    const comments = (script: string): number => script.split('# why').length;
    for (const script of scripts) {
      const value = values[field][0] ?? null;
      const set = setField(script, dialect, field, value);
      expect(kept(set), script).toEqual(kept(script));
      const cleared = setField(script, dialect, field, null);
      expect(kept(cleared), script).toEqual(kept(script));
      expect([comments(set), comments(cleared)], script).toEqual([comments(script), comments(script)]);
    }
  });

  test.each(settable)('says nothing of %s that was cleared', (field) => {
    for (const script of scripts) {
      const cleared = readFields(setField(script, dialect, field, null), dialect)[field];
      // A request that counts nodes has at least one, and one for several nodes has at least one core on each.
      if (field === 'nodes' || field === 'cpus') expect([null, 1], script).toContain(cleared);
      else expect(cleared === null || cleared === '', script).toBe(true);
    }
  });

  test.each(settable)('keeps the other fields when %s is set', (field) => {
    for (const script of scripts) {
      const before = readFields(script, dialect);
      const after = readFields(setField(script, dialect, field, values[field][1] ?? null), dialect);
      for (const other of fields) {
        // These stand in one number: per core, per node, or with the GPUs. An array of LSF has a name.
        if (['cpus', 'nodes', 'memory', 'gpus', 'gpuType', field].includes(other)) continue;
        if (dialect.launcher === 'lsf' && other === 'name' && before.name === '') continue;
        expect(after[other], `${other} of ${script}`).toBe(before[other]);
      }
    }
  });
});
