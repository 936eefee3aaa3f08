import type { LauncherName } from './kinds.ts';
import type { LaunchProblem } from './launch-problems.ts';
import { type ArrayForm, launcherFeatures } from './launcher-features.ts';

/** `tasks`: numbers and ranges, `atOnce`: how many may run at the same time; empty: all. */
export interface JobArray {
  tasks: string;
  atOnce: string;
}

/** `1-100`, `0-20:2`, each with `%5` for how many at once. */
const range = String.raw`\d+(?:-\d+(?::[1-9]\d*)?)?`;
const oneRange = new RegExp(`^(${range})(?:%([1-9]\\d*))?$`);
/** The same, several with commas between. */
const rangeList = new RegExp(`^(${range}(?:,${range})*)(?:%([1-9]\\d*))?$`);

/** HTCondor numbers the jobs of one submission itself, from 0. */
const forms: Readonly<Record<ArrayForm, RegExp>> = { list: rangeList, range: oneRange, 'from-zero': /^(0-[1-9]\d*)$/ };

interface TaskRange {
  first: number;
  last: number;
  step: number;
}

/** `[1,3-9:2,20-30%4]`, also without its brackets. */
export const readTaskRanges = (text: string): TaskRange[] =>
  [...text.replace(/%.*/, '').matchAll(/(\d+)(?:-(\d+)(?::([1-9]\d*))?)?/g)].map(
    ([, first, last = first, step = 1]) => ({ first: Number(first), last: Number(last), step: Number(step) }),
  );

/** The numbers of the tasks, in order. */
export function* tasksOf(text: string): Generator<number> {
  for (const { first, last, step } of readTaskRanges(text)) {
    for (let task = first; task <= last; task += step) yield task;
  }
}

/** As few ranges as there are without steps, e.g. `3,7,9-12`. `tasks`: ascending, each once. */
function writeRanges(tasks: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const task of tasks) {
    const range = ranges.at(-1);
    if (range && range[1] === task - 1) range[1] = task;
    else ranges.push([task, task]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

/** One range with a step, e.g. `3-9:2`; null: they are none. */
function writeSteps(tasks: readonly number[]): string | null {
  const [first = 0, second = first] = tasks;
  const last = tasks.at(-1) ?? first;
  const step = second - first;
  const isEven = tasks.every((task, index) => task === first + index * step);
  return isEven ? `${first}-${last}:${step}` : null;
}

/** An array of exactly these tasks, as the launcher takes it; null: it cannot have such an array. */
export function writeJobArray(tasks: readonly number[], atOnce: string, launcher: LauncherName): string | null {
  const kind = launcherFeatures[launcher]?.arrays ?? 'none';
  if (kind === 'none') return null;
  const ascending = [...new Set(tasks)].sort((a, b) => a - b);
  const ranges = writeRanges(ascending);
  const limit = atOnce === '' ? '' : `%${atOnce}`;
  const written = [ranges, ...(kind === 'range' ? [writeSteps(ascending) ?? ranges] : [])];
  return written.map((text) => text + limit).find((text) => forms[kind].test(text)) ?? null;
}

/** The tasks of a job array as the launcher takes them; null: no array. */
export function readJobArray(
  array: string,
  launcher: LauncherName,
): { ok: true; array: JobArray | null } | { ok: false; problem: LaunchProblem } {
  if (array === '') return { ok: true, array: null };
  const kind = launcherFeatures[launcher]?.arrays ?? 'none';
  if (kind === 'none')
    return { ok: false, problem: { code: 'array-unsupported', field: 'array', values: { launcher } } };
  const match = forms[kind].exec(array);
  if (match) return { ok: true, array: { tasks: match[1] ?? '', atOnce: match[2] ?? '' } };
  return { ok: false, problem: { code: 'array-invalid', field: 'array', values: { array, launcher, form: kind } } };
}
