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

/** Above this many pairs of lines, a changed part is shown as a whole. */
const MOST_PAIRS = 4_000_000;

const line =
  (kind: DiffLine['kind']) =>
  (text: string): DiffLine => ({ kind, text });

/** The lines of two texts, with as many in common as there can be. */
export function diffLines(first: string, second: string): DiffLine[] {
  const a = first.split('\n');
  const b = second.split('\n');
  const least = Math.min(a.length, b.length);
  let start = 0;
  while (start < least && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < least - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  return [
    ...a.slice(0, start).map(line('same')),
    ...diffPart(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...a.slice(a.length - end).map(line('same')),
  ];
}

function diffPart(a: readonly string[], b: readonly string[]): DiffLine[] {
  if (a.length * b.length > MOST_PAIRS) return [...a.map(line('first')), ...b.map(line('second'))];
  const width = b.length + 1;
  const common = countCommon(a, b, width);
  const result: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const left = a[i];
    const right = b[j];
    if (left !== undefined && left === right) {
      result.push({ kind: 'same', text: left });
      i += 1;
      j += 1;
    } else if (left !== undefined && (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0)) {
      result.push({ kind: 'first', text: left });
      i += 1;
    } else if (right !== undefined) {
      result.push({ kind: 'second', text: right });
      j += 1;
    } else {
      result.push({ kind: 'first', text: left ?? '' });
      i += 1;
    }
  }
  return result;
}

/** At `i * width + j`: how many lines the ends of both from there on have in common at most. */
function countCommon(a: readonly string[], b: readonly string[], width: number): Uint32Array {
  const common = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const below = common[(i + 1) * width + j] ?? 0;
      const right = common[i * width + j + 1] ?? 0;
      common[i * width + j] = a[i] === b[j] ? (common[(i + 1) * width + j + 1] ?? 0) + 1 : Math.max(below, right);
    }
  }
  return common;
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
