import { decodeText, type Encoding } from '../../../components/text-editor/text-encoding.ts';

/** So much of a large file is shown at once, bytes. */
export const PART_BYTES = 512 * 1024;
/** So much of a file that is followed is kept, characters. */
export const FOLLOWED_CHARACTERS = 1024 * 1024;
/** A line that is longer is cut at the edge of a part, bytes. */
const MOST_LINE = 64 * 1024;

const NEWLINE = 0x0a;

/** What of a part of a file is shown, so that it begins and ends with a line where lines are not too long. */
export function cutToLines(
  bytes: Uint8Array,
  { isStart, isEnd }: { isStart: boolean; isEnd: boolean },
): { skipped: number; taken: number } {
  const first = bytes.subarray(0, MOST_LINE).indexOf(NEWLINE);
  const skipped = isStart || first < 0 ? 0 : first + 1;
  if (isEnd) return { skipped, taken: bytes.length - skipped };
  const last = bytes.lastIndexOf(NEWLINE) + 1;
  const end = last > skipped && bytes.length - last < MOST_LINE ? last : bytes.length;
  return { skipped, taken: end - skipped };
}

const labels: Partial<Record<Encoding, string>> = { 'utf-16le': 'utf-16le', 'utf-16be': 'utf-16be' };

/** What decodes parts of a file that begins with these bytes; what is no text becomes a replacement character. */
export function partDecoder(start: Uint8Array): TextDecoder {
  const encoding = decodeText(start.subarray(0, start.length - (start.length % 2)))?.encoding ?? 'utf-8';
  return new TextDecoder(labels[encoding] ?? 'utf-8', { ignoreBOM: false });
}

/** A text that grows, of which the end is kept; a line without an end is cut, too. */
export function appendFollowed(text: string, more: string, most = FOLLOWED_CHARACTERS): string {
  const whole = text + more;
  if (whole.length <= most) return whole;
  const kept = whole.slice(whole.length - Math.floor(most / 2));
  const line = kept.indexOf('\n');
  return line >= 0 && line < MOST_LINE ? kept.slice(line + 1) : kept;
}
