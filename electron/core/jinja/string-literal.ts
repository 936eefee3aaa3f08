const simple: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
const escapes = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|(.))/gsu;

/**
 * Escapes of a text in a template as Python's `unicode-escape` reads them; unknown ones stay as they are.
 * @returns null when one is malformed
 */
export function unescapeString(text: string): string | null {
  let malformed = false;
  const result = text.replace(
    escapes,
    (whole: string, x?: string, u?: string, U?: string, octal?: string, other?: string) => {
      const point = octal ? Number.parseInt(octal, 8) : Number.parseInt(x ?? u ?? U ?? '', 16);
      if (other === undefined) {
        if (point <= 0x10ffff) return String.fromCodePoint(point);
        malformed = true;
        return '';
      }
      // Jinja2 writes what is not ASCII as an escape first, so a backslash before it escapes that one's backslash.
      if (other > '\x7f') return backslashed(other);
      malformed ||= 'xuUN'.includes(other);
      return simple[other] ?? whole;
    },
  );
  return malformed ? null : result;
}

function backslashed(char: string): string {
  const hex = (char.codePointAt(0) ?? 0).toString(16);
  if (hex.length <= 2) return `\\x${hex.padStart(2, '0')}`;
  return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
