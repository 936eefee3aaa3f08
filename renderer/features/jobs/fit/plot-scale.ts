import type { FitPoint } from './fit-progress.ts';

export type ScaleKind = 'log' | 'linear';

/** A part of an axis, and where it is drawn. */
export interface Scale {
  ticks: readonly number[];
  /** From 0 to 1. */
  at: (value: number) => number;
}

/** 1, 2 or 5 times a power of ten, so that there are about `count` steps. */
function niceStep(span: number, count: number): number {
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((each) => each * power >= rough) ?? 10;
  return factor * power;
}

function linearScale(least: number, most: number): Scale {
  const span = most - least || Math.abs(most) || 1;
  const step = niceStep(span, 3);
  const low = Math.floor(least / step) * step;
  const high = Math.max(Math.ceil(most / step) * step, low + step);
  const ticks = Array.from({ length: Math.round((high - low) / step) + 1 }, (_, index) => low + index * step);
  return { ticks, at: (value) => (value - low) / (high - low) };
}

/** Of whole powers of ten; with very many, only some have a label. */
function logScale(least: number, most: number): Scale {
  const low = Math.floor(Math.log10(least));
  const high = Math.max(Math.ceil(Math.log10(most)), low + 1);
  const every = Math.ceil((high - low) / 4);
  const ticks = Array.from({ length: Math.floor((high - low) / every) + 1 }, (_, index) => 10 ** (low + index * every));
  return { ticks, at: (value) => (Math.log10(value) - low) / (high - low) };
}

/** Of chi-squared. A logarithm needs values above zero. */
export function valueScale(points: readonly FitPoint[], kind: ScaleKind): Scale {
  const values = points.map(({ value }) => value);
  const least = Math.min(...values);
  const most = Math.max(...values);
  return kind === 'log' && least > 0 ? logScale(least, most) : linearScale(Math.min(least, 0), Math.max(most, 0));
}

/** Of steps, from 0; its end is the last step and no rounder one. */
export function stepScale(last: number): Scale {
  const end = Math.max(last, 1);
  const step = Math.max(1, niceStep(end, 4));
  const ticks = Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step);
  return { ticks, at: (value) => value / end };
}

/** The index of the point whose step is nearest. */
export function nearestPoint(points: readonly FitPoint[], step: number): number {
  const after = points.findIndex((point) => point.step >= step);
  if (after === -1) return points.length - 1;
  const before = points[after - 1];
  const next = points[after];
  return before && next && step - before.step < next.step - step ? after - 1 : after;
}

/** At most `most` of them at even distances, with the first and the last. */
export function evenly<T>(list: readonly T[], most: number): T[] {
  if (list.length <= most) return [...list];
  return Array.from({ length: most }, (_, index) => list[Math.round((index * (list.length - 1)) / (most - 1))] as T);
}
