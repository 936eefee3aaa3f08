import { hasOddBytes, splitName } from '../../../electron/shared/file-names.ts';

const quoteText = (text: string): string => text.replace(/['\\]/g, '\\$&');
const quoteBytes = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');

/** A path as it is copied. The clipboard takes text only: one that is none is written as bash, zsh and ksh read it. */
export function copiedPath(path: string): string {
  if (!hasOddBytes(path)) return path;
  let written = '';
  let isAfterBytes = false;
  for (const part of splitName(path)) {
    const isText = typeof part === 'string';
    // Some shells would take a digit after the bytes as one of their own.
    if (isText && isAfterBytes && /^[0-9a-f]/i.test(part)) written += "'$'";
    written += isText ? quoteText(part) : quoteBytes(part);
    isAfterBytes = !isText;
  }
  return `$'${written}'`;
}
