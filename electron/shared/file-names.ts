/**
 * A name on a cluster is bytes. Those that are no text, and control characters, are each one character of our own in it: the lone
 * surrogate U+DC00 and the byte (for bytes above 127 as `surrogateescape` of Python does). Every name then is one line of text, which
 * leads back to the same bytes.
 */
const BYTE_MARK = 0xdc00;
const markedBytes = /[\udc01-\udcff]+/gu;

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeStrictly(bytes: Uint8Array): string | null {
  try {
    const text = strict.decode(bytes);
    return /[^\P{Cc}\t]/u.test(text) ? null : text;
  } catch {
    return null;
  }
}

/** How many bytes a character has, by its first byte. */
const lengthOf = (first: number): number => (first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4);

/** The name or path that these bytes are. */
export function decodeName(bytes: Uint8Array): string {
  const whole = decodeStrictly(bytes);
  if (whole !== null) return whole;
  let name = '';
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] ?? 0;
    const length = lengthOf(byte);
    const character = at + length <= bytes.length ? decodeStrictly(bytes.subarray(at, at + length)) : null;
    name += character ?? String.fromCharCode(BYTE_MARK + byte);
    at += character === null ? 1 : length;
  }
  return name;
}

/** Whether a name or path has bytes that are no text. */
export const hasOddBytes = (name: string): boolean => /[\udc01-\udcff]/u.test(name);

/** The parts of a name or path: text, and between them bytes that are no text. */
export function splitName(name: string): (string | Uint8Array)[] {
  const parts: (string | Uint8Array)[] = [];
  let at = 0;
  for (const { 0: marked, index } of name.matchAll(markedBytes)) {
    if (index > at) parts.push(name.slice(at, index));
    parts.push(Uint8Array.from(marked, (character) => character.charCodeAt(0) - BYTE_MARK));
    at = index + marked.length;
  }
  if (at < name.length) parts.push(name.slice(at));
  return parts;
}

const escapes: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r', 27: '\\e' };

const escapeByte = (byte: number): string => escapes[byte] ?? `\\x${byte.toString(16).padStart(2, '0')}`;

/** A name to be shown: what is no text, or would change the direction of the text around it, is written out, as in `mess\xffung`. */
export function displayName(name: string): string {
  return splitName(name)
    .map((part) =>
      typeof part === 'string'
        ? part.replace(/[\t\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (character) =>
            character === '\t' ? '\\t' : `\\u${character.charCodeAt(0).toString(16)}`,
          )
        : [...part].map(escapeByte).join(''),
    )
    .join('');
}
