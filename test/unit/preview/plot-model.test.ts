import { expect, it } from 'vitest';
import {
  extentOf,
  imagePixels,
  linePoints,
  reduceImage,
  shareOf,
} from '../../../renderer/components/preview/hdf5/plot-model.ts';
import { showValue } from '../../../renderer/components/preview/worker/show-value.ts';

it('a line keeps the least and the greatest of each of its columns, and leaves out what is not finite', () => {
  const numbers = Float64Array.from({ length: 100_000 }, (_, index) => (index === 70_000 ? 99 : 0));
  numbers[5] = Number.NaN;
  numbers[6] = Number.POSITIVE_INFINITY;
  const extent = extentOf(numbers);
  expect(extent).toEqual({ low: 0, high: 99 });
  const points = linePoints(numbers, { low: 0, high: 99 });
  expect(points).toContain(',20.0');
  expect(points.split(' ').length).toBeLessThan(1300);
  expect(extentOf(Float64Array.of(Number.NaN))).toBeNull();
});

it('numbers at the limits of their type are drawn', () => {
  const extent = { low: -Number.MAX_VALUE, high: Number.MAX_VALUE };
  expect(shareOf(0, extent)).toBe(0.5);
  expect(shareOf(7, { low: 7, high: 7 })).toBe(0.5);
});

it('an image has no colour where it has no number', () => {
  const pixels = imagePixels(Float64Array.of(0, 1, Number.NaN), { low: 0, high: 1 });
  expect([...pixels]).toEqual([68, 1, 84, 255, 253, 231, 37, 255, 0, 0, 0, 0]);
});

it('an image wider than a canvas can be is drawn by the means of its numbers', () => {
  const columns = 131_072;
  const numbers = Float64Array.from({ length: 2 * columns }, (_, at) => (at < columns ? at % 2 : Number.MAX_VALUE));
  numbers.fill(Number.NaN, columns, columns + 32);
  const drawn = reduceImage({ numbers, rows: 2, columns });
  expect(drawn).toMatchObject({ rows: 2, columns: 4096, blockRows: 1, blockColumns: 32 });
  expect(drawn.numbers).toHaveLength(2 * 4096);
  expect(drawn.numbers[0]).toBeCloseTo(0.5);
  expect(drawn.numbers[4096]).toBeNaN();
  expect((drawn.numbers[4097] ?? 0) / Number.MAX_VALUE).toBeCloseTo(1);
});

it('an image keeps the last numbers of rows and columns that are no multiple of a block', () => {
  const numbers = new Float64Array(4097 * 3).fill(1);
  const drawn = reduceImage({ numbers, rows: 4097, columns: 3 });
  expect(drawn).toMatchObject({ rows: 2049, columns: 3, blockRows: 2, blockColumns: 1 });
  expect(new Set(drawn.numbers)).toEqual(new Set([1]));
});

it('an image that a canvas can have is drawn as it is', () => {
  const image = { numbers: Float64Array.of(1, 2, 3, 4), rows: 2, columns: 2 };
  expect(reduceImage(image)).toMatchObject(image);
});

it.each([
  [1.5, '1.5'],
  [Math.fround(0.1), '0.1'],
  [Math.fround(1 + 2 ** -23), '1.0000001'],
  [0.1, '0.1'],
  [16_777_216, '16777216'],
  [-123_456_784, '-123456784'],
  [Number.NEGATIVE_INFINITY, '-Infinity'],
  [12n, '12'],
  [null, ''],
  ['x'.repeat(300), `${'x'.repeat(200)}…`],
  [new Float32Array(30), `[${'0, '.repeat(20)}…]`],
  [{ a: [1, { b: 2 }] }, '{a: [1, {b: 2}]}'],
  [new Date(Number.NaN), 'not a time'],
])('%s is shown as %s', (value, text) => expect(showValue(value)).toBe(text));
