import { diffArrays } from 'diff';
import type { Job } from '../../../electron/shared/jobs.ts';
import { launcherLabel } from '../../../electron/shared/launcher-features.ts';
import { resourceFacts } from '../../text/batch-job.ts';

/** One parameter of two jobs; empty: it has none. */
export interface Parameter {
  name: string;
  first: string;
  second: string;
}

function parametersOf(job: Job, titleOf: (recipe: string, arg: string) => string): [string, string][] {
  const { clusterName, launcher, values } = job;
  const args = Object.entries(values?.args ?? {});
  return [
    ['Cluster', clusterName],
    ['Launcher', launcherLabel(launcher)],
    ['Recipe', values?.recipe ?? ''],
    ...args.map(([name, value]): [string, string] => [titleOf(values?.recipe ?? '', name), String(value)]),
    ...resourceFacts(job),
  ];
}

/** Every parameter of either job, in the order of the first. `titleOf`: what the form of a recipe calls an argument. */
export function compareParameters(
  first: Job,
  second: Job,
  titleOf: (recipe: string, arg: string) => string = (_, arg) => arg,
): Parameter[] {
  const [own, other] = [first, second].map((job) => new Map(parametersOf(job, titleOf)));
  const names = new Set([...(own?.keys() ?? []), ...(other?.keys() ?? [])]);
  return [...names]
    .map((name) => ({ name, first: own?.get(name) ?? '', second: other?.get(name) ?? '' }))
    .filter((parameter) => parameter.first !== '' || parameter.second !== '');
}

export interface DiffLine {
  kind: 'same' | 'first' | 'second';
  text: string;
}

/** Scripts that differ in more lines than this are shown one after the other, since finding the fewest changes takes long. */
const MOST_CHANGES = 1500;

/** The lines of two texts, with as many in common as there can be. */
export function diffLines(first: string, second: string): DiffLine[] {
  const [own, other] = [first.split('\n'), second.split('\n')];
  const parts = diffArrays(own, other, { maxEditLength: MOST_CHANGES }) ?? [
    { value: own, removed: true, added: false },
    { value: other, removed: false, added: true },
  ];
  return parts.flatMap(({ value, removed, added }) => {
    const kind = removed ? 'first' : added ? 'second' : 'same';
    return value.map((text) => ({ kind, text }) as const);
  });
}

/** Unchanged lines around a change that are shown. */
const AROUND = 3;

/** Only the changes and what is around them; `skipped` stands for lines that are left out. */
export function foldSame(lines: readonly DiffLine[]): (DiffLine | { kind: 'skipped'; count: number })[] {
  const changed = lines.flatMap(({ kind }, index) => (kind === 'same' ? [] : [index]));
  const near = new Set(
    changed.flatMap((at) => Array.from({ length: 2 * AROUND + 1 }, (_, step) => at - AROUND + step)),
  );
  const result: (DiffLine | { kind: 'skipped'; count: number })[] = [];
  for (const [index, each] of lines.entries()) {
    const last = result.at(-1);
    if (near.has(index)) result.push(each);
    else if (last?.kind === 'skipped') last.count += 1;
    else result.push({ kind: 'skipped', count: 1 });
  }
  return result;
}
