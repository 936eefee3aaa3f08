/** A file is read in blocks of so many bytes. */
export const BLOCK_BYTES = 128 * 1024;
/** So many bytes of a file are kept at most. */
const KEPT_BYTES = 64 * 1024 * 1024;

/** The blocks of a file that were read, and which were asked for in vain. */
export class BlockCache {
  readonly size: number;
  /** Asked for, and not there. */
  readonly missing = new Set<number>();
  readonly #blocks = new Map<number, Uint8Array>();

  constructor(size: number) {
    this.size = size;
  }

  /** Copies from the file, shorter at its end. null: a block is missing. */
  copy(target: Uint8Array, position: number): number | null {
    const length = Math.max(0, Math.min(target.length, this.size - position));
    const end = position + length;
    let isWhole = true;
    for (let at = position; at < end; ) {
      const number = Math.floor(at / BLOCK_BYTES);
      const next = Math.min(end, (number + 1) * BLOCK_BYTES);
      const block = this.#blocks.get(number);
      if (block) {
        const from = at - number * BLOCK_BYTES;
        target.set(block.subarray(from, from + next - at), at - position);
        this.#use(number, block);
      } else {
        this.missing.add(number);
        isWhole = false;
      }
      at = next;
    }
    return isWhole ? length : null;
  }

  /** The missing blocks as ranges of bytes, neighbours in one. */
  missingRanges(): { offset: number; length: number }[] {
    const ranges: { offset: number; length: number }[] = [];
    for (const number of [...this.missing].sort((a, b) => a - b)) {
      const offset = number * BLOCK_BYTES;
      const length = Math.min(BLOCK_BYTES, this.size - offset);
      const last = ranges.at(-1);
      if (last && last.offset + last.length === offset) last.length += length;
      else ranges.push({ offset, length });
    }
    return ranges;
  }

  /** Keeps what was read from `offset`, where a block begins. */
  put(offset: number, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
      const number = (offset + at) / BLOCK_BYTES;
      this.missing.delete(number);
      this.#use(number, bytes.subarray(at, at + BLOCK_BYTES));
    }
    while (this.#blocks.size * BLOCK_BYTES > KEPT_BYTES) {
      const [oldest] = this.#blocks.keys();
      if (oldest === undefined) return;
      this.#blocks.delete(oldest);
    }
  }

  #use(number: number, block: Uint8Array): void {
    this.#blocks.delete(number);
    this.#blocks.set(number, block);
  }
}
