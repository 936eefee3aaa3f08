import { AppError } from '../../../electron/shared/errors.ts';
import { message } from '../../../electron/shared/messages.ts';

export const encodingTitles = {
  'utf-8': 'UTF-8',
  'utf-8-bom': 'UTF-8 with BOM',
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE',
  latin1: 'Latin-1',
} as const;
export type Encoding = keyof typeof encodingTitles;

interface DecodedText {
  text: string;
  encoding: Encoding;
}

const marks: readonly { encoding: Encoding; bytes: readonly number[] }[] = [
  { encoding: 'utf-8-bom', bytes: [0xef, 0xbb, 0xbf] },
  { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
];

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Characters of one call of `fromCharCode`. */
const AT_ONCE = 8192;

function fromUnits(length: number, unitAt: (index: number) => number): string {
  let text = '';
  for (let from = 0; from < length; from += AT_ONCE) {
    const units = Array.from({ length: Math.min(AT_ONCE, length - from) }, (_, index) => unitAt(from + index));
    text += String.fromCharCode(...units);
  }
  return text;
}

function decodeUtf16(bytes: Uint8Array, isLittle: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return fromUnits(bytes.length / 2, (index) => view.getUint16(2 * index, isLittle));
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return strict.decode(bytes);
  } catch {
    return null;
  }
}

/**
 * The text that these bytes are, so that encoding it gives the same bytes; null: they are none. Bytes that are no UTF-8 are Latin-1, in
 * which each byte is a character.
 */
export function decodeText(bytes: Uint8Array): DecodedText | null {
  const mark = marks.find((each) => each.bytes.every((byte, index) => bytes[index] === byte));
  const content = bytes.subarray(mark?.bytes.length ?? 0);
  if (mark?.encoding === 'utf-16le' || mark?.encoding === 'utf-16be') {
    if (content.length % 2 === 1) return null;
    const text = decodeUtf16(content, mark.encoding === 'utf-16le');
    return text.includes('\0') ? null : { text, encoding: mark.encoding };
  }
  if (content.includes(0)) return null;
  const text = decodeUtf8(content);
  if (text !== null) return { text, encoding: mark?.encoding ?? 'utf-8' };
  return { text: fromUnits(bytes.length, (index) => bytes[index] ?? 0), encoding: 'latin1' };
}

function encodeUtf16(text: string, isLittle: boolean): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(2 * text.length);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < text.length; index += 1) view.setUint16(2 * index, text.charCodeAt(index), isLittle);
  return bytes;
}

function encodeLatin1(text: string): Uint8Array<ArrayBuffer> {
  const other = /[^\0-\u00ff]/u.exec(text)?.[0];
  if (other !== undefined) {
    throw new AppError('bad-input', message`Latin-1 has no ${{ character: other }}.`, {
      hint: 'Choose UTF-8 as the encoding of the file, or leave the character out.',
    });
  }
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function encodeContent(text: string, encoding: Encoding): Uint8Array<ArrayBuffer> {
  if (encoding === 'latin1') return encodeLatin1(text);
  if (encoding === 'utf-16le' || encoding === 'utf-16be') return encodeUtf16(text, encoding === 'utf-16le');
  return new TextEncoder().encode(text);
}

/** @throws AppError `bad-input` for a character that the encoding does not have */
export function encodeText(text: string, encoding: Encoding): Uint8Array<ArrayBuffer> {
  const mark = marks.find((each) => each.encoding === encoding)?.bytes ?? [];
  const content = encodeContent(text, encoding);
  if (mark.length === 0) return content;
  const bytes = new Uint8Array(mark.length + content.length);
  bytes.set(mark);
  bytes.set(content, mark.length);
  return bytes;
}
