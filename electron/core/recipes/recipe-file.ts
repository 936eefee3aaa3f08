import { type Document, isMap, LineCounter, parseDocument } from 'yaml';
import { AppError } from '../../shared/errors.ts';
import { type RecipeFile, type RecipeProblem, recipeFileSchema } from '../../shared/recipes.ts';

const maxBytes = 256 * 1024;

export type ParsedRecipeFile = { file: RecipeFile; problems: [] } | { file: null; problems: RecipeProblem[] };

/** Reads `app.yaml`. Each problem names the field and the line; nothing in it is run or expanded beyond YAML's own aliases. */
export function parseRecipeFile(recipe: string, path: string, text: string): ParsedRecipeFile {
  const problem = (message: string, field = '', line: number | null = null): RecipeProblem => ({
    recipe,
    file: path,
    line,
    field,
    message,
  });
  const failed = (...problems: RecipeProblem[]): ParsedRecipeFile => ({ file: null, problems });

  if (Buffer.byteLength(text) > maxBytes) return failed(problem(`Larger than ${maxBytes / 1024} KiB.`));
  if (text.includes('\0')) return failed(problem('It has a NUL character, so it is not YAML text.'));
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  if (document.errors.length > 0) {
    return failed(...document.errors.map((error) => problem(error.message, '', lines.linePos(error.pos[0]).line)));
  }
  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: 50 });
  } catch (error) {
    return failed(problem(error instanceof Error ? error.message : String(error)));
  }
  const parsed = recipeFileSchema.safeParse(data);
  if (parsed.success) {
    const bad = badPattern(parsed.data);
    if (bad) return failed(problem(bad.message, bad.field, lineOf(document, lines, bad.path)));
    return { file: parsed.data, problems: [] };
  }
  return failed(
    ...parsed.error.issues.map((issue) => {
      const path = issue.path.filter((part) => typeof part !== 'symbol');
      const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
      const full = unknown === undefined ? path : [...path, unknown];
      return problem(issue.message, full.join('.'), lineOf(document, lines, full));
    }),
  );
}

function badPattern(file: RecipeFile): { message: string; field: string; path: (string | number)[] } | null {
  for (const [index, arg] of (file.args ?? []).entries()) {
    if (arg.pattern === undefined) continue;
    try {
      new RegExp(`^(?:${arg.pattern})$`, 'u');
    } catch (error) {
      const message = `Not a regular expression: ${error instanceof Error ? error.message : String(error)}`;
      return { message, field: `args.${index}.pattern`, path: ['args', index, 'pattern'] };
    }
  }
  return null;
}

/** The line of the value at a path, or of the nearest parent that is there. */
function lineOf(document: Document, lines: LineCounter, path: readonly (string | number)[]): number | null {
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

/** One AppError for all problems of a recipe. */
export function recipeInvalid(problems: readonly RecipeProblem[]): AppError {
  const [first] = problems;
  const where = (problem: RecipeProblem) =>
    `${problem.file}${problem.line === null ? '' : `:${problem.line}`}${problem.field === '' ? '' : ` (${problem.field})`}`;
  return new AppError(
    'recipe-invalid',
    `Recipe “${first?.recipe}” has errors: ${first?.message} At ${first && where(first)}.`,
    {
      hint: 'Mend the file, then reload the recipes.',
      detail: problems.map((problem) => `${where(problem)}: ${problem.message}`).join('\n'),
    },
  );
}
