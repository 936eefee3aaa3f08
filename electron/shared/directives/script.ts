import type { Dialect, DirectiveLine } from './types.ts';

/** A line of a text with its ending; together they are the text. */
interface TextLine {
  text: string;
  from: number;
  end: number;
}

export function* splitLines(script: string): Generator<TextLine> {
  let from = 0;
  while (from < script.length) {
    const newline = script.indexOf('\n', from);
    const end = newline === -1 ? script.length : newline + 1;
    const to = newline === -1 ? end : newline > from && script[newline - 1] === '\r' ? newline - 1 : newline;
    yield { text: script.slice(from, to), from, end };
    from = end;
  }
}

/** The directives that the scheduler would find in a script. */
export function readDirectives(script: string, dialect: Dialect): DirectiveLine[] {
  const found: DirectiveLine[] = [];
  let line = 0;
  for (const { text, from, end } of splitLines(script)) {
    const at = dialect.bodyAt(text);
    if (at !== null) {
      const bodyFrom = from + at;
      const directives = dialect.readBody(text.slice(at), bodyFrom);
      if (directives.length > 0 || dialect.prefix !== '') {
        found.push({ line, from, to: from + text.length, end, bodyFrom, directives });
      }
    }
    if (dialect.endsAt(text)) break;
    line += 1;
  }
  return found;
}
