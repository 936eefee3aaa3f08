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
