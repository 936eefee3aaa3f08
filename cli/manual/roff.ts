/** Text in the language of manual pages, in which a backslash and a dot or quote at the begin of a line mean something. */
export const escapeRoff = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/gm, '\\&')
    .replace(/[^\p{ASCII}]/gu, (character) => `\\[u${hexOf(character)}]`);

const hexOf = (character: string): string =>
  (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');

/** A line of text; what is between backquotes is bold. */
export const roffText = (text: string): string =>
  text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .split('`')
    .map((part, index) => (index % 2 === 1 ? bold(part) : escapeRoff(part)))
    .join('');

export const bold = (text: string): string => `\\fB${escapeRoff(text)}\\fR`;

/** An argument of a macro may have spaces. */
const quote = (text: string): string => `"${escapeRoff(text).replaceAll('"', '\\(dq')}"`;

export const header = (name: string, version: string): string =>
  `.TH ${quote(name.toUpperCase())} 1 "" ${quote(`Tunel ${version}`)} "Tunel Desktop"`;
export const section = (title: string): string => `.SH ${quote(title)}`;
export const subsection = (title: string): string => `.SS ${quote(title)}`;
export const paragraph = (text: string): string => `.PP\n${roffText(text)}`;
/** A term and what it means. */
export const item = (term: string, meaning: string): string => `.TP\n${bold(term)}\n${roffText(meaning) || '\\&'}`;
/** Lines as they are, e.g. commands to copy. */
export const verbatim = (lines: readonly string[]): string =>
  ['.PP', '.nf', ...lines.map((line) => escapeRoff(line) || '\\&'), '.fi'].join('\n');
/** A command line, whose names are bold, on a line of its own. */
export const usageLine = (words: string, rest: string): string =>
  `${`${bold(words)} ${escapeRoff(rest)}`.trimEnd()}\n.br`;
