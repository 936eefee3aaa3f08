import { splitName } from './file-names.ts';
import { quote } from './shell-quote.ts';

/** A name as a part of a word of a shell script, byte for byte. */
export function quoteName(name: string): string {
  return splitName(name)
    .map((part) => (typeof part === 'string' ? quote(part) : quoteBytes(part)))
    .join('');
}

/** Bytes above 127 are no text, so the script names them by numbers; the others are control characters, which quotes keep. */
function quoteBytes(bytes: Uint8Array): string {
  const words = [...bytes].map((byte) =>
    byte < 0x80 ? quote(String.fromCharCode(byte)) : `"$(printf '\\${byte.toString(8)}')"`,
  );
  return words.join('');
}
