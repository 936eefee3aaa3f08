import { AppError } from '../../shared/errors.ts';
import type { FileInfo, FilePart } from '../../shared/files.ts';
import { message } from '../../shared/messages.ts';

/**
 * Where a download begins and how much it gives at most; undefined: to the end of the file.
 * @param file what the file is; null: not known
 * @throws AppError `conflict` for what is no file
 */
export function partOf(
  { offset, length }: Pick<FilePart, 'offset' | 'length'>,
  file: FileInfo | null,
): { offset: number; maxBytes: number | undefined } {
  if (file && file.kind !== 'file') throw new AppError('conflict', message`${{ path: file.path }} is no file.`);
  const size = file?.size ?? null;
  // Files such as those of /proc have a size of 0, whatever they hold.
  if (size === null || size === 0) return { offset: Math.max(offset, 0), maxBytes: length };
  const from = offset < 0 ? Math.max(size + offset, 0) : offset;
  return { offset: from, maxBytes: Math.min(length ?? size, Math.max(size - from, 0)) };
}

/** @throws AppError `file-changed` where another file is there than the caller expects */
export async function checkVersion(file: Promise<FileInfo>, path: string, expected: string): Promise<void> {
  const version = await file.then(
    // What is there without a version is something, too.
    (found) => found.version ?? found.kind,
    (error: unknown) => {
      if (AppError.from(error).code === 'not-found') return '';
      throw error;
    },
  );
  if (version === expected) return;
  throw fileChanged(path);
}

export const fileChanged = (path: string): AppError =>
  new AppError('file-changed', message`${{ path }} is not what it is expected to be.`, {
    hint: 'Read it again before you replace it.',
  });
