/** So many columns of a line are drawn. */
const COLUMNS = 600;

export interface Extent {
  low: number;
  high: number;
}

/** The least and the greatest of the numbers that are finite; null: there are none. */
export function extentOf(numbers: Float64Array): Extent | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const number of numbers) {
    if (!Number.isFinite(number)) continue;
    if (number < low) low = number;
    if (number > high) high = number;
  }
  return low > high ? null : { low, high };
}

/** Where a number lies between the least and the greatest, 0 to 1. */
export const shareOf = (number: number, { low, high }: Extent): number =>
  high === low ? 0.5 : (number / 2 - low / 2) / (high / 2 - low / 2);

/** A line in a square of 1000 × 1000, where each column keeps its least and its greatest number. */
export function linePoints(numbers: Float64Array, extent: Extent): string {
  const columns = Math.min(COLUMNS, numbers.length);
  const points: string[] = [];
  for (let column = 0; column < columns; column += 1) {
    const from = Math.floor((column * numbers.length) / columns);
    const part = numbers.subarray(from, Math.floor(((column + 1) * numbers.length) / columns));
    const found = extentOf(part);
    if (!found) continue;
    const x = columns === 1 ? 500 : (column * 1000) / (columns - 1);
    const y = (number: number) => (980 - 960 * shareOf(number, extent)).toFixed(1);
    points.push(`${x.toFixed(1)},${y(found.low)}`);
    if (found.high > found.low) points.push(`${x.toFixed(1)},${y(found.high)}`);
  }
  return points.join(' ');
}

/** Chromium draws no canvas that is much wider, and no screen shows more of one. */
const MOST_SIDE = 4096;

export interface ImageNumbers {
  numbers: Float64Array;
  rows: number;
  columns: number;
}

/** An image that can be drawn: each of its numbers is the mean of a block of `blockRows` × `blockColumns` of those given. */
export function reduceImage({ numbers, rows, columns }: ImageNumbers): ImageNumbers & {
  blockRows: number;
  blockColumns: number;
} {
  const blockRows = Math.ceil(rows / MOST_SIDE);
  const blockColumns = Math.ceil(columns / MOST_SIDE);
  const blocks = { blockRows, blockColumns };
  if (blockRows <= 1 && blockColumns <= 1) return { numbers, rows, columns, ...blocks };
  const shape = { rows: Math.ceil(rows / blockRows), columns: Math.ceil(columns / blockColumns) };
  const means = new Float64Array(shape.rows * shape.columns);
  const counts = new Uint32Array(means.length);
  for (let at = 0; at < numbers.length; at += 1) {
    const number = numbers[at] ?? Number.NaN;
    if (!Number.isFinite(number)) continue;
    const row = Math.floor(Math.floor(at / columns) / blockRows);
    const block = row * shape.columns + Math.floor((at % columns) / blockColumns);
    const count = (counts[block] ?? 0) + 1;
    counts[block] = count;
    // The sum of numbers at the limits of their type would not be finite.
    const mean = means[block] ?? 0;
    means[block] = mean + (number / count - mean / count);
  }
  for (let block = 0; block < means.length; block += 1) if (counts[block] === 0) means[block] = Number.NaN;
  return { numbers: means, ...shape, ...blocks };
}

/** Dark blue over green to yellow, which keeps its order in grey and for colour-blind eyes. */
const COLOURS = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
] as const;

/** The pixels of an image, and none where a number is not finite. */
export function imagePixels(numbers: Float64Array, extent: Extent): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(numbers.length * 4);
  for (let at = 0; at < numbers.length; at += 1) {
    const number = numbers[at] ?? Number.NaN;
    if (!Number.isFinite(number)) continue;
    const place = shareOf(number, extent) * (COLOURS.length - 1);
    const index = Math.min(COLOURS.length - 2, Math.floor(place));
    const part = place - index;
    for (let channel = 0; channel < 3; channel += 1) {
      const before = COLOURS[index]?.[channel] ?? 0;
      const after = COLOURS[index + 1]?.[channel] ?? 0;
      pixels[at * 4 + channel] = before + (after - before) * part;
    }
    pixels[at * 4 + 3] = 255;
  }
  return pixels;
}
