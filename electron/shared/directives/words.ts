import type { Span } from './types.ts';

/** A word as it is written, with its quotes. */
export interface Word extends Span {
  raw: string;
}

/** The words of a directive's body up to its comment. */
export function splitWords(body: string, offset: number): Word[] {
  const words: Word[] = [];
  for (const match of body.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*'|["'])+/g)) {
    const [raw] = match;
    if (raw.startsWith('#')) break;
    const from = offset + match.index;
    words.push({ raw, from, to: from + raw.length });
  }
  return words;
}

export const unquote = (raw: string): string => raw.replace(/"([^"]*)"|'([^']*)'/g, '$1$2');

/** One word that `unquote` reads as this text. Line breaks, which no directive can hold, become spaces. */
export function quoteWord(text: string): string {
  const line = text.replace(/[\r\n\0]+/g, ' ');
  if (line !== '' && !/[\s"'#[\]<>()&|;*?$`]/.test(line)) return line;
  if (!line.includes('"')) return `"${line}"`;
  return line
    .split(/("+)/)
    .filter((piece) => piece !== '')
    .map((piece) => (piece.startsWith('"') ? `'${piece}'` : `"${piece}"`))
    .join('');
}

/** A word within the one pair of quotes around it, if there is one. */
export function withinQuotes({ raw, from, to }: Word): Word {
  const inner = /^(["'])([^"']*)\1$/.exec(raw)?.[2];
  return inner === undefined ? { raw, from, to } : { raw: inner, from: from + 1, to: to - 1 };
}
