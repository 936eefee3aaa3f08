import { AppError } from '../../../../electron/shared/errors.ts';
import type { FileSource } from '../file-source.ts';

/** How often a file is looked at, ms. */
export const FOLLOW_MS = 1500;
/** Bytes that are read at once. */
const PIECE = 256 * 1024;

interface FollowOptions {
  source: Pick<FileSource, 'stat' | 'readPart'>;
  path: string;
  /** Where it begins; of a shorter file, at its start. */
  offset: number;
  signal: AbortSignal;
  /** Rejects when the signal fires. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  onBytes: (bytes: Uint8Array) => void;
  /** It was cut off, or another file has its name: it is read from its start. */
  onReplaced: () => void;
  /** Why it cannot be read now; null: it can again. */
  onProblem: (error: AppError | null) => void;
}

const inodeOf = (version: string | null): string => version?.split('-').at(-1) ?? '';

/** Gives what is added to a file, as `tail -F` does, until the signal fires. It goes on after a lost connection. */
export async function followFile(options: FollowOptions): Promise<void> {
  const { source, path, signal, sleep, onBytes, onReplaced, onProblem } = options;
  let { offset } = options;
  let inode: string | null = null;
  let hasProblem = false;
  const look = async () => {
    const { size, version } = await source.stat(path, signal);
    const isOther = inode !== null && inode !== inodeOf(version);
    inode = inodeOf(version);
    if (isOther || (size ?? 0) < offset) {
      offset = 0;
      onReplaced();
    }
    while (offset < (size ?? 0)) {
      const bytes = await source.readPart(path, offset, Math.min(PIECE, (size ?? 0) - offset), signal);
      if (signal.aborted || bytes.length === 0) return;
      offset += bytes.length;
      onBytes(bytes);
    }
  };
  while (!signal.aborted) {
    try {
      await look();
      if (hasProblem && !signal.aborted) onProblem(null);
      hasProblem = false;
    } catch (error) {
      if (signal.aborted) return;
      const problem = AppError.from(error);
      // A new file may have the inode of one that was removed.
      if (problem.code === 'not-found') inode = '';
      hasProblem = true;
      onProblem(problem);
    }
    await sleep(FOLLOW_MS, signal).catch(() => undefined);
  }
}
