/** What a fit printed so far, read line by line as bumps' console monitor writes it. */

export interface FitPoint {
  /** Steps done so far; those of a fit that was continued or began anew are counted on. */
  step: number;
  /** Chi-squared. */
  value: number;
}

export interface FitParameter {
  name: string;
  value: number;
  low: number;
  high: number;
}

export interface FitProgress {
  points: readonly FitPoint[];
  /** The step at which it would be done; null: it does not say. */
  total: number | null;
  /** The last table of parameters. */
  parameters: readonly FitParameter[];
  /** It said that it is done, by itself or because its time was up. */
  isFinal: boolean;
  /** What is added to the steps that it prints. */
  offset: number;
  /** The table that is being read goes on with the next line. */
  isInTable: boolean;
}

export const emptyProgress: FitProgress = {
  points: [],
  total: null,
  parameters: [],
  isFinal: false,
  offset: 0,
  isInTable: false,
};

/** More points are thinned out: the plot is not so wide. */
const MOST_POINTS = 2000;

const stepLine = /^step (\d+) cost (\S+)( \[final\])?/;
const planLine = /^# burn: (\d+) # steps: (\d+),/;
const parameterLine = /^ *(.+?) [.|<>]{10} +(\S+) in (?:\[(\S+)|\(-inf), (?:(\S+)\]|inf\))$/;

/** `1.84(26)`, `1.2(3)e-5`; NaN where it is no number. */
export const parseCost = (text: string): number => Number(text.replace(/\([^)]*\)/, ''));

export const lastPoint = ({ points }: FitProgress): FitPoint | null => points.at(-1) ?? null;

function readStep(progress: FitProgress, match: RegExpExecArray): FitProgress {
  const printed = Number(match[1]);
  const value = parseCost(match[2] ?? '');
  const isFinal = match[3] !== undefined;
  const before = lastPoint(progress);
  const last = before?.step ?? 0;
  // The last step is printed once more at the end.
  const isRepeated = isFinal && printed + progress.offset === last;
  const offset = printed + progress.offset > last || isRepeated ? progress.offset : last + 1 - printed;
  const next = { ...progress, isFinal, offset, isInTable: false };
  if (!Number.isFinite(value) || isRepeated) return next;
  return { ...next, points: [...progress.points, { step: printed + offset, value }] };
}

function readPlan(progress: FitProgress, match: RegExpExecArray): FitProgress {
  const last = lastPoint(progress)?.step ?? 0;
  // A fit that goes on has its burn-in behind it.
  const burn = last === 0 ? Number(match[1]) : 0;
  return { ...progress, total: last + burn + Number(match[2]), isFinal: false, isInTable: false };
}

function readParameter(progress: FitProgress, match: RegExpExecArray): FitProgress {
  const [, name = '', value, low, high] = match;
  const read: FitParameter = {
    name,
    value: Number(value),
    low: low === undefined ? Number.NEGATIVE_INFINITY : Number(low),
    high: high === undefined ? Number.POSITIVE_INFINITY : Number(high),
  };
  return { ...progress, parameters: [...(progress.isInTable ? progress.parameters : []), read], isInTable: true };
}

function readLine(progress: FitProgress, line: string): FitProgress {
  const step = stepLine.exec(line);
  if (step) return readStep(progress, step);
  const plan = planLine.exec(line);
  if (plan) return readPlan(progress, plan);
  const parameter = parameterLine.exec(line);
  return parameter ? readParameter(progress, parameter) : { ...progress, isInTable: false };
}

/** Every second point, and the last one. */
const thinOut = (points: readonly FitPoint[]): FitPoint[] =>
  points.filter((_, index) => index % 2 === 0 || index === points.length - 1);

/** Takes whole lines. */
export function readProgress(progress: FitProgress, lines: readonly string[]): FitProgress {
  let next = progress;
  for (const line of lines) {
    next = readLine(next, line);
    if (next.points.length > MOST_POINTS) next = { ...next, points: thinOut(next.points) };
  }
  return next;
}

/** It lies in the outermost fiftieth of its range. */
export function isNearBound({ value, low, high }: FitParameter): boolean {
  const margin = (high - low) / 50;
  return Number.isFinite(margin) && (value - low < margin || high - value < margin);
}
