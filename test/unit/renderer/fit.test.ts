import { describe, expect, it } from 'vitest';
import type { FileEntry } from '../../../electron/shared/files.ts';
import { describeFit } from '../../../renderer/features/jobs/fit/describe-fit.ts';
import {
  emptyProgress,
  isNearBound,
  lastPoint,
  parseCost,
  readProgress,
} from '../../../renderer/features/jobs/fit/fit-progress.ts';
import { formatValue } from '../../../renderer/features/jobs/fit/format-fit.ts';
import { evenly, nearestPoint, stepScale, valueScale } from '../../../renderer/features/jobs/fit/plot-scale.ts';
import { plotsFirst } from '../../../renderer/features/jobs/fit/plots-first.ts';

/** What bumps 1.0.5 printed of the recipe's example, and what it printed when that was resumed. */
const first = `# bumps example.py --batch --session=run.h5
# burn: 100 # steps: 100, # draws: 2000
step 1 cost 1585.24(29)
                                  offset ....|..... -8.81616e-07 in [-5, 5]
                                   slope ..|.......          1 in [0, 5]
step 91 cost 0.86(29)
step 178 cost 0.86(29)
UserWarning: Did not converge!
step 201 cost 0.86(29) [final]
                                  offset ......|...    1.03449 in [-5, 5]
                                   slope ...|......    1.99712 in [0, 5]
time 2.3 seconds`.split('\n');
const resumed = `# burn: 100 # steps: 100, # draws: 2000
step 101 cost 0.86(29)
step 165 cost 0.84(29)
step 200 cost 0.84(29) [final]
                                  offset ......|...    1.03691 in [-5, 5]`.split('\n');

const read = (lines: readonly string[]) => readProgress(emptyProgress, lines);

describe('what bumps prints', () => {
  it('is a curve, the steps it wants, and its parameters', () => {
    const progress = read(first);
    expect(progress.points.map(({ step }) => step)).toEqual([1, 91, 178, 201]);
    expect(progress.points[0]?.value).toBe(1585.24);
    expect(progress).toMatchObject({ total: 200, isFinal: true });
    expect(progress.parameters).toEqual([
      { name: 'offset', value: 1.03449, low: -5, high: 5 },
      { name: 'slope', value: 1.99712, low: 0, high: 5 },
    ]);
    expect(describeFit(progress, true)).toBe('Step 201 of 201.');
  });

  it('goes on after what was there when it is resumed, whatever it calls its steps', () => {
    const progress = read([...first, ...resumed]);
    expect(progress.points.map(({ step }) => step)).toEqual([1, 91, 178, 201, 202, 266, 301]);
    expect(progress.total).toBe(301);
    expect(progress.parameters).toHaveLength(1);
  });

  it('counts on where a fit begins anew', () => {
    const lines = ['step 1 cost 9', 'step 5 cost 4', 'step 5 cost 4 [final]', 'step 1 cost 8', 'step 3 cost 3.1(2)'];
    expect(read(lines).points.map(({ step }) => step)).toEqual([1, 5, 6, 8]);
  });

  it('says that it stopped before its end', () => {
    const progress = read(['# burn: 20 # steps: 80, # draws: 800', 'step 40 cost 7.1(3)', 'step 41 cost 7(3) [final]']);
    expect(describeFit(progress, true)).toBe('Stopped at step 41 of 100.');
    expect(describeFit(progress, false)).toBe('Step 41 of 100.');
    expect(describeFit(emptyProgress, true)).toBe('');
  });

  it('has costs that are no number, names with spaces and parameters without bounds', () => {
    expect(parseCost('1.2(inf)e-5')).toBe(1.2e-5);
    const progress = read([
      'step 1 cost inf',
      'step 2 cost NaN [out of bounds]',
      'step 3 cost 2.5',
      '                           film rho, top |.........          0 in [0, inf)',
      'Traceback (most recent call last):',
    ]);
    expect(progress.points).toEqual([{ step: 3, value: 2.5 }]);
    expect(progress.parameters).toEqual([{ name: 'film rho, top', value: 0, low: 0, high: Number.POSITIVE_INFINITY }]);
  });

  it('is thinned out, and keeps its last point', () => {
    const lines = Array.from({ length: 10_000 }, (_, index) => `step ${index + 1} cost 5.0(1)`);
    const progress = read(lines);
    expect(progress.points.length).toBeLessThan(2100);
    expect(lastPoint(progress)?.step).toBe(10_000);
  });
});

it('knows a parameter near a bound', () => {
  const parameter = { name: 'a', low: 5, high: 15 };
  expect(isNearBound({ ...parameter, value: 14.9 })).toBe(true);
  expect(isNearBound({ ...parameter, value: 14 })).toBe(false);
  expect(isNearBound({ ...parameter, value: 5, high: Number.POSITIVE_INFINITY })).toBe(false);
});

describe('the plot', () => {
  const points = [1, 50, 100].map((step) => ({ step, value: 200 / step }));
  it('has a few round labels', () => {
    expect(valueScale(points, 'log').ticks).toEqual([1, 10, 100, 1000]);
    expect(valueScale(points, 'linear').ticks).toEqual([0, 100, 200]);
    expect(stepScale(1240).ticks).toEqual([0, 500, 1000]);
    expect(stepScale(1).ticks).toEqual([0, 1]);
  });
  it('is linear where a logarithm cannot be', () => {
    expect(valueScale([{ step: 1, value: -1 }], 'log').ticks).toEqual([-1, -0.5, 0]);
  });
  it('finds the point under the pointer', () => {
    expect([-5, 20, 30, 80, 500].map((step) => nearestPoint(points, step))).toEqual([0, 0, 1, 2, 2]);
  });
  it('has a table with the first and the last row', () => {
    expect(evenly([1, 2, 3, 4, 5], 3)).toEqual([1, 3, 5]);
  });
  it('writes numbers short', () => {
    expect([1585.24, 0.86, 0, -8.8e-7, 2e6, Number.NaN].map(formatValue)).toEqual([
      ...['1,585', '0.86', '0', '-8.8E-7', '2E6', 'not known'],
    ]);
  });
});

it('shows plots before tables, and no archives', () => {
  const names = ['a.par', 'a-chain.mc.gz', 'a-model0.png', 'sub'];
  const entries = names.map((name) => ({ name, kind: name === 'sub' ? 'folder' : 'file' }) as FileEntry);
  expect(plotsFirst(entries).map(({ name }) => name)).toEqual(['a-model0.png', 'a.par']);
});
