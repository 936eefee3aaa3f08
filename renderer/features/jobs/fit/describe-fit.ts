import { type FitProgress, lastPoint } from './fit-progress.ts';
import { formatStep } from './format-fit.ts';

/** How far it is; empty: no step is done. */
export function describeFit(progress: FitProgress, isOver: boolean): string {
  const last = lastPoint(progress);
  if (!last) return '';
  const { total } = progress;
  const of = total === null ? '' : ` of ${formatStep(Math.max(total, last.step))}`;
  const isShort = isOver && total !== null && last.step < total - 1;
  return `${isShort ? 'Stopped at step' : 'Step'} ${formatStep(last.step)}${of}.`;
}
