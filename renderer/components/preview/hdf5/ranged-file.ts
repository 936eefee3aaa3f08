import { AppError } from '../../../../electron/shared/errors.ts';
import { formatFileSize } from '../../../text/size.ts';
import type { ReadRange } from '../worker/messages.ts';
import { BlockCache } from './block-cache.ts';
import type { Hdf5Library } from './library.ts';

/** So much is read for one question at most, bytes. */
const MOST_BYTES = 64 * 1024 * 1024;
/** So often is one question begun again at most. */
const MOST_ROUNDS = 200;
const IO_ERROR = 29;
let files = 0;

const damaged = (detail: string | undefined) =>
  new AppError('bad-input', 'The file is damaged or incomplete and cannot be read here.', { detail });

/**
 * A file that the library reads at once while its bytes come later: a read of what is not here fails, the bytes are
 * fetched, and the same work begins again.
 */
export class RangedFile {
  readonly #library: Hdf5Library;
  readonly #read: ReadRange;
  readonly #cache: BlockCache;
  /** In the library's file system. */
  readonly #path: string;

  constructor(library: Hdf5Library, size: number, read: ReadRange) {
    this.#library = library;
    this.#read = read;
    this.#cache = new BlockCache(size);
    files += 1;
    this.#path = `/file-${files}`;
    this.#mount();
  }

  /** `work` may be done several times. `mayPrint`: errors that it handles itself may happen in it. @throws AppError */
  async run<Result>(work: () => Result, mayPrint = false): Promise<Result> {
    let budget = MOST_BYTES;
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const { printed } = this.#library;
      printed.length = 0;
      this.#cache.missing.clear();
      const done = attempt(work);
      if (this.#cache.missing.size === 0) {
        if (done.kind === 'failed') throw asAppError(done.error, printed);
        // The library gives what it had where it fails in between.
        if (printed.length > 0 && !mayPrint) throw asAppError(null, printed);
        return done.result;
      }
      budget = await this.#fetchMissing(budget);
    }
    throw new AppError('limit-exceeded', 'What was asked for is spread over too many parts of the file.', {
      hint: 'Download the file, or copy what you need with h5repack or nccopy.',
    });
  }

  /** Opens the file in the library. @throws AppError */
  open(): Promise<InstanceType<Hdf5Library['File']>> {
    return this.run(() => {
      const file = new this.#library.File(this.#path, 'r');
      if (file.file_id < 0n) throw damaged(undefined);
      return file;
    });
  }

  async #fetchMissing(budget: number): Promise<number> {
    let left = budget;
    for (const { offset, length } of this.#cache.missingRanges()) {
      left -= length;
      if (left < 0) {
        throw new AppError(
          'limit-exceeded',
          `More than ${formatFileSize(MOST_BYTES)} of the file would be read for it.`,
          {
            hint: 'Download the file to see all of it.',
          },
        );
      }
      const bytes = await this.#read(offset, length);
      if (bytes.length < length) throw new AppError('file-changed', 'The file became shorter while it was read.');
      this.#cache.put(offset, bytes);
    }
    return left;
  }

  #mount(): void {
    const { FS } = this.#library;
    if (!FS) throw new AppError('internal', 'The HDF5 library has no file system.');
    FS.writeFile(this.#path, new Uint8Array(0));
    const { node } = FS.lookupPath(this.#path, {});
    const cache = this.#cache;
    // The types of the library leave these parts of its file system out.
    const ErrnoError: new (code: number) => Error = Reflect.get(FS, 'ErrnoError');
    const read = (_stream: unknown, buffer: Uint8Array, offset: number, length: number, position: number): number => {
      const count = cache.copy(buffer.subarray(offset, offset + length), position);
      if (count === null) throw new ErrnoError(IO_ERROR);
      return count;
    };
    Object.defineProperty(node, 'usedBytes', { get: () => cache.size });
    Object.assign(node, { stream_ops: { ...Reflect.get(node, 'stream_ops'), read } });
  }
}

type Done<Result> = { kind: 'done'; result: Result } | { kind: 'failed'; error: unknown };

function attempt<Result>(work: () => Result): Done<Result> {
  try {
    return { kind: 'done', result: work() };
  } catch (error) {
    return { kind: 'failed', error };
  }
}

/** The library names the cause in the last of the lines that it prints. */
function asAppError(error: unknown, printed: readonly string[]): AppError {
  if (error instanceof AppError) return error;
  const said = printed.filter((line) => /^\s+#\d+/.test(line)).at(-1);
  return damaged(said?.replace(/^.*\.c line \d+ in /, '') ?? (error instanceof Error ? error.message : String(error)));
}
