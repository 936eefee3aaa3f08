import { beforeEach, describe, expect, it } from 'vitest';
import { resourcesSchema } from '../../../electron/shared/instances.ts';
import { compareParameters, diffLines, foldSame } from '../../../renderer/features/jobs/compare-jobs-model.ts';
import { clearMarks, toggleMark, useMarkedJobs } from '../../../renderer/features/jobs/marked-jobs.ts';
import { fixtureBatchJob } from '../../helpers/fixtures/jobs.ts';

const texts = (lines: readonly { kind: string; text?: string; count?: number }[]) =>
  lines.map(({ kind, text, count }) => `${kind} ${text ?? count}`);

it('compares what two jobs were asked for', () => {
  const resources = (over: object) => resourcesSchema.parse({ time: 240, ...over });
  const values = (steps: number) => ({ recipe: 'bumps', args: { steps, ...(steps > 5 && { seed: 1 }) } });
  const first = fixtureBatchJob({ id: 'a', name: 'a', resources: resources({ memory: 500 }), values: values(5) });
  const second = fixtureBatchJob({ id: 'b', name: 'b', resources: resources({ cpus: 4 }), values: values(9) });
  const all = compareParameters(first, second, (_, arg) => arg.toUpperCase());
  const differing = all.filter((each) => each.first !== each.second);
  expect(differing.map(({ name }) => name)).toEqual(['STEPS', 'Memory', 'SEED', 'Cores']);
  expect(differing[0]).toEqual({ name: 'STEPS', first: '5', second: '9' });
  expect(differing[1]?.second).toBe('');
  expect(all.find(({ name }) => name === 'Recipe')).toEqual({ name: 'Recipe', first: 'bumps', second: 'bumps' });
});

describe('the lines of two scripts', () => {
  it('are the same where they are', () => {
    expect(texts(diffLines('a\nb\nc', 'a\nx\nc\nd'))).toEqual(['same a', 'first b', 'second x', 'same c', 'second d']);
    expect(texts(diffLines('a', 'a'))).toEqual(['same a']);
    expect(texts(diffLines('', 'a'))).toEqual(['first ', 'second a']);
    expect(texts(diffLines('a\na', 'a'))).toEqual(['same a', 'first a']);
  });

  it('give both texts back', () => {
    const one = 'p\nq\nr\ns\nq\nt';
    const other = 'q\nr\nu\nq\nq\nt\np';
    const lines = diffLines(one, other);
    const without = (kind: string) =>
      lines
        .filter((each) => each.kind !== kind)
        .map(({ text }) => text)
        .join('\n');
    expect(without('second')).toBe(one);
    expect(without('first')).toBe(other);
  });

  it('do not take long where nothing is the same', () => {
    const many = (word: string) => Array.from({ length: 3000 }, (_, index) => `${word}${index}`).join('\n');
    expect(diffLines(many('a'), many('b'))).toHaveLength(6000);
  });

  it('are left out far from a change', () => {
    const lines = diffLines('1\n2\n3\n4\n5\n6\na', '1\n2\n3\n4\n5\n6\nb');
    expect(texts(foldSame(lines))).toEqual(['skipped 3', 'same 4', 'same 5', 'same 6', 'first a', 'second b']);
  });
});

describe('marks', () => {
  beforeEach(clearMarks);
  it('are on two jobs at most', () => {
    for (const id of ['a', 'b', 'c']) toggleMark(id);
    expect(useMarkedJobs.getState().ids).toEqual(['b', 'c']);
    toggleMark('b');
    expect(useMarkedJobs.getState().ids).toEqual(['c']);
  });
});
