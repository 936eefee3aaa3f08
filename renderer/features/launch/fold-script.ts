/** Lines of a script that are shown, or folded to one line that says what they are. */
export type ScriptBlock =
  | { kind: 'lines'; from: number; lines: string[] }
  | { kind: 'fold'; from: number; lines: string[]; title: string };

/** Shorter parts are shown: a line in their place would save nothing. */
const LEAST_FOLDED = 4;

/** Where a part that begins on this line ends, and what it is; null: no part begins here. */
function partAt(lines: readonly string[], at: number): { end: number; what: string } | null {
  const line = lines[at] ?? '';
  const name = /^([A-Za-z_][A-Za-z0-9_]*)\(\) *[{(]$/.exec(line)?.[1];
  if (name !== undefined) return endingWith(lines, at, /^[})]/, `of ${name}`);
  const word = /<<-?\s*(['"]?)([A-Za-z_][A-Za-z0-9_]*)\1/.exec(line)?.[2];
  if (word !== undefined) return endingWith(lines, at, new RegExp(`^\\t*${word}$`), 'of a file it writes');
  return null;
}

function endingWith(lines: readonly string[], from: number, last: RegExp, what: string) {
  const end = lines.findIndex((line, index) => index > from && last.test(line));
  return end < 0 ? null : { end: end + 1, what };
}

/** Folds the functions of a script and the files that it writes, so that what it does with them is in sight. */
export function foldScript(text: string): ScriptBlock[] {
  const lines = text.replace(/\n$/, '').split('\n');
  const blocks: ScriptBlock[] = [];
  for (let at = 0; at < lines.length; ) {
    const part = partAt(lines, at);
    if (part && part.end - at >= LEAST_FOLDED) {
      const folded = lines.slice(at, part.end);
      blocks.push({ kind: 'fold', from: at, lines: folded, title: `${folded.length} lines ${part.what}` });
      at = part.end;
      continue;
    }
    const last = blocks.at(-1);
    if (last?.kind === 'lines') last.lines.push(lines[at] ?? '');
    else blocks.push({ kind: 'lines', from: at, lines: [lines[at] ?? ''] });
    at += 1;
  }
  return blocks;
}
