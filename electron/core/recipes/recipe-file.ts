import { AppError } from '../../shared/errors.ts';
import { formProblems } from '../../shared/form-problems.ts';
import { message } from '../../shared/messages.ts';
import { patternProblem } from '../../shared/pattern.ts';
import { type RecipeFile, type RecipeProblem, recipeFileSchema } from '../../shared/recipes.ts';
import { parseBind } from '../runtimes/bind-policy.ts';
import { parseImage } from '../runtimes/image-policy.ts';
import { readStrictYaml, type YamlPath, type YamlProblem } from '../strict-yaml.ts';

const maxBytes = 64 * 1024;

type ParsedRecipeFile =
  | { file: RecipeFile; problems: []; lineOf: (path: YamlPath) => number | null }
  | { file: null; problems: RecipeProblem[] };

/** Reads `app.yaml`. Each problem names the field and the line. */
export function parseRecipeFile(recipe: string, path: string, text: string): ParsedRecipeFile {
  const failed = (problems: YamlProblem[]): ParsedRecipeFile => ({
    file: null,
    problems: problems.map((problem) => ({ recipe, file: path, ...problem })),
  });
  const read = readStrictYaml(text, recipeFileSchema, { maxBytes });
  if (read.data === null) return failed(read.problems);
  const bad = badPattern(read.data) ?? badContainer(read.data);
  if (bad) return failed([{ message: bad.message, field: bad.field, line: read.lineOf(bad.path) }]);
  const form = formProblems(read.data.args ?? [], read.data.resources);
  if (form.length > 0) {
    return failed(form.map(({ message, path: at }) => ({ message, field: at.join('.'), line: read.lineOf(at) })));
  }
  return { file: read.data, problems: [], lineOf: read.lineOf };
}

interface BadField {
  message: string;
  field: string;
  path: (string | number)[];
}

function badPattern(file: RecipeFile): BadField | null {
  for (const [index, arg] of (file.args ?? []).entries()) {
    if (arg.pattern === undefined) continue;
    const message = patternProblem(arg.pattern);
    if (message) return { message, field: `args.${index}.pattern`, path: ['args', index, 'pattern'] };
  }
  return null;
}

function badContainer({ container }: RecipeFile): BadField | null {
  if (!container) return null;
  const checks: [(string | number)[], () => unknown][] = [
    [['image'], () => parseImage(container.image, '')],
    ...(container.binds ?? []).map((bind, index): [(string | number)[], () => unknown] => [
      ['binds', index],
      () => parseBind(bind),
    ]),
  ];
  for (const [field, check] of checks) {
    try {
      check();
    } catch (error) {
      const { message, hint } = AppError.from(error);
      const path = ['container', ...field];
      return { message: hint ? `${message} ${hint}` : message, field: path.join('.'), path };
    }
  }
  return null;
}

/** One AppError for all problems of a recipe. */
export function recipeInvalid(problems: readonly RecipeProblem[]): AppError {
  const [first] = problems;
  const where = (problem: RecipeProblem) =>
    `${problem.file}${problem.line === null ? '' : `:${problem.line}`}${problem.field === '' ? '' : ` (${problem.field})`}`;
  return new AppError(
    'recipe-invalid',
    first
      ? message`Recipe “${{ recipe: first.recipe }}” has errors: ${{ problem: first.message }} At ${{ position: where(first) }}.`
      : 'The recipe has errors.',
    {
      hint: 'Mend the file, then reload the recipes.',
      detail: problems.map((problem) => `${where(problem)}: ${problem.message}`).join('\n'),
    },
  );
}
