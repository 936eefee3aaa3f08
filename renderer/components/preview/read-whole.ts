import { AppError } from '../../../electron/shared/errors.ts';
import { joinBytes } from '../../stream-bytes.ts';
import { formatFileSize } from '../../text/size.ts';
import type { ReadPart } from './use-preview.ts';

/** A larger file is not read as a whole, bytes. */
const WHOLE_LIMIT = 32 * 1024 * 1024;
const PART_BYTES = 4 * 1024 * 1024;

/** The text of a file that can only be shown as a whole. @throws AppError */
export async function readWhole(read: ReadPart, size: number, signal: AbortSignal): Promise<string> {
  if (size > WHOLE_LIMIT) {
    throw new AppError(
      'limit-exceeded',
      `The file is ${formatFileSize(size)} long; files of more than ${formatFileSize(WHOLE_LIMIT)} are not shown as a page.`,
      {
        hint: 'Show it as text, or download it.',
      },
    );
  }
  const parts: Uint8Array[] = [];
  for (let at = 0; at < size; ) {
    const part = await read(at, Math.min(PART_BYTES, size - at), signal);
    if (part.length === 0) break;
    parts.push(part);
    at += part.length;
  }
  return new TextDecoder().decode(joinBytes(parts));
}
