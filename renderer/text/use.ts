import type { RecipeUse } from '../../electron/shared/contract/history.ts';
import { formatDay } from './time.ts';

const timesUsed = ['', 'once', 'twice'];

/** `used 41 times, today`; empty: never. */
export function describeUse(use: RecipeUse | undefined, now: number): string {
  if (!use || use.times === 0) return '';
  return `used ${timesUsed[use.times] ?? `${use.times} times`}, ${formatDay(use.lastAt, now)}`;
}
