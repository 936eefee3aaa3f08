/** Blocks that are compared; a copy goes on at the beginning of one. */
export const BLOCK = 256 * 1024;
/** Of the part that was written before, as many blocks have to be those of the source. */
const END_BLOCKS = 4;
/** As many blocks behind them may have been written, too, unknown to us: channels of an upload write in turns. */
const MOST_BLOCKS = 256;

export interface BlockRange {
  first: number;
  count: number;
}

/** Which blocks of a part and of its source are compared. `written`: bytes that are known to be in the part; null: none of use. */
export function blocksToCompare(written: number): BlockRange | null {
  const last = Math.floor(written / BLOCK);
  if (last === 0) return null;
  const first = Math.max(0, last - END_BLOCKS);
  return { first, count: last - first + MOST_BLOCKS };
}

/** Where the copy goes on: behind the last block that is the same, or at the beginning where the end of the part is another. */
export function resumeOffset(written: number, part: readonly string[], source: readonly string[]): number {
  const range = blocksToCompare(written);
  if (!range) return 0;
  let same = 0;
  while (same < part.length && part[same] === source[same]) same += 1;
  const known = Math.floor(written / BLOCK) - range.first;
  return same < known ? 0 : (range.first + same) * BLOCK;
}
