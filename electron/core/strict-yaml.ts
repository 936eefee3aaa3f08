import { type Document, isMap, LineCounter, parseDocument, visit } from 'yaml';
import type { z } from 'zod';

/** What is wrong with a file, at which field and line. */
export interface YamlProblem {
  line: number | null;
  field: string;
  message: string;
}

export type YamlPath = readonly (string | number)[];

type StrictYaml<T> =
  | { data: T; problems: []; lineOf: (path: YamlPath) => number | null }
  | { data: null; problems: YamlProblem[] };

/** Reads YAML that somebody else wrote, by a schema. Nothing in it is run, or expanded beyond fifty aliases of YAML's own. */
export function readStrictYaml<S extends z.ZodType>(
  text: string,
  schema: S,
  limits: { maxBytes: number },
): StrictYaml<z.output<S>> {
  const failed = (...problems: YamlProblem[]) => ({ data: null, problems });
  const whole = (message: string, line = 1): YamlProblem => ({ message, field: '', line });

  if (Buffer.byteLength(text) > limits.maxBytes) return failed(whole(`Larger than ${limits.maxBytes / 1024} KiB.`));
  const nul = text.indexOf('\0');
  if (nul !== -1) {
    return failed(whole('It has a NUL character, so it is not YAML text.', text.slice(0, nul).split('\n').length));
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  if (document.errors.length > 0) {
    return failed(
      ...document.errors.slice(0, maxProblems).map(({ message, pos }) => ({
        message: /call stack/.test(message) ? tooDeep : message,
        field: '',
        line: lines.linePos(pos[0]).line,
      })),
    );
  }
  const twice = doubleKey(document);
  if (twice !== null)
    return failed(whole(`Map keys must be unique; “${twice.key}” is there twice.`, lines.linePos(twice.at).line));
  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: 50 });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return failed(whole(error instanceof RangeError ? tooDeep : reason, firstAlias(document, lines)));
  }
  const lineOf = (path: YamlPath) => findLine(document, lines, path);
  const parsed = schema.safeParse(data);
  if (parsed.success) return { data: parsed.data, problems: [], lineOf };
  return failed(
    ...parsed.error.issues.slice(0, maxProblems).map((issue) => {
      const path = issue.path.filter((part) => typeof part !== 'symbol');
      const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
      const full = unknown === undefined ? path : [...path, unknown];
      return { message: issue.message, field: full.join('.'), line: lineOf(full) };
    }),
  );
}

/** One file can have very many. */
const maxProblems = 50;
const tooDeep = 'It is nested too deep.';

/** The parser's own check compares each key with all others of its map: seconds for a large one. */
function doubleKey(document: Document): { key: string; at: number } | null {
  let found: { key: string; at: number } | null = null;
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<string>();
      for (const { key } of items) {
        const name = String(key);
        if (seen.has(name)) {
          found = { key: name, at: rangeOf(key) ?? 0 };
          return visit.BREAK;
        }
        seen.add(name);
      }
      return undefined;
    },
  });
  return found;
}

/** What cannot be expanded has an alias too many; the first is where to look. */
function firstAlias(document: Document, lines: LineCounter): number {
  let line = 1;
  visit(document, {
    Alias(_, { range }) {
      if (range) line = lines.linePos(range[0]).line;
      return visit.BREAK;
    },
  });
  return line;
}

/** The line of the value at a path, or of the nearest parent that is there. */
function findLine(document: Document, lines: LineCounter, path: YamlPath): number | null {
  for (let length = path.length; length > 0; length--) {
    const parent = document.getIn(path.slice(0, length - 1), true);
    const key = path[length - 1];
    const pair = isMap(parent) ? parent.items.find((item) => String(item.key) === String(key)) : undefined;
    const node: unknown = pair?.key ?? document.getIn(path.slice(0, length), true);
    const range = rangeOf(node);
    if (range !== null) return lines.linePos(range).line;
  }
  return 1;
}

function rangeOf(node: unknown): number | null {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return null;
  const [start] = node.range;
  return typeof start === 'number' ? start : null;
}
