import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { createRecipeLibrary } from '../../electron/core/recipes/library.ts';
import { type LintReport, lintRecipe } from '../../electron/core/recipes/lint/lint-recipe.ts';
import { sampleArgs } from '../../electron/core/recipes/lint/sample-args.ts';
import type { Finding } from '../../electron/core/recipes/lint/types.ts';
import { includesFolder, recipesInFolders } from '../../electron/core/recipes/recipe-folders.ts';
import { createRender } from '../../electron/core/recipes/render.ts';
import type { RecipeLibrary } from '../../electron/core/recipes/types.ts';
import { AppError } from '../../electron/shared/errors.ts';
import type { RecipeProblem } from '../../electron/shared/recipes.ts';
import { withEngineState } from '../engine-session.ts';
import { describePath, explainPath } from '../explain-path.ts';
import { findCluster } from '../find-in-state.ts';
import type { JsonOption } from '../json-option.ts';
import { printJson, printProgress } from '../output.ts';
import { installedPaths } from '../paths.ts';
import { openLibrary } from './recipe-library.ts';

export interface LintOptions extends JsonOption {
  recipes?: string;
  cluster?: string;
  strict?: boolean;
}

export async function lint(name: string | undefined, options: LintOptions): Promise<void> {
  const { names, library } = await explainPath(name ?? '', () => choose(name, options));
  const render = createRender(join(installedPaths().recipes, includesFolder));
  const findings: Finding[] = library.problems().map(asFinding);
  const skipped = new Set<string>();
  const add = (report: LintReport) => {
    findings.push(...report.findings);
    for (const text of report.skipped) skipped.add(text);
  };
  for (const each of names) add(await lintRecipe(library.get(each), render));
  if (options.cluster) add(await askScheduler(options.cluster, names, library));
  const errors = findings.filter(({ level }) => level === 'error' || options.strict).length;
  if (options.json) printJson({ recipes: names, findings, skipped: [...skipped] });
  else printFindings(findings, names.length, [...skipped]);
  if (errors > 0) process.exitCode = 1;
}

/** A folder with an `app.yaml` is a recipe by itself, wherever it is; a folder of such folders has several. */
function choose(name: string | undefined, options: LintOptions): { names: string[]; library: RecipeLibrary } {
  if (name !== undefined && existsSync(join(name, 'app.yaml'))) {
    const path = resolve(name);
    const own = createRecipeLibrary([recipesInFolders({ folders: () => [{ path: dirname(path), source: path }] })]);
    const here = own.problems().filter(({ recipe }) => recipe === basename(path));
    const names = here.length > 0 ? [] : [own.get(basename(path)).summary.name];
    // Others beside it are not asked about.
    return { names, library: { ...own, problems: () => here } };
  }
  if (name !== undefined && describePath(name)?.kind === 'recipes') {
    const path = resolve(name);
    const library = createRecipeLibrary([recipesInFolders({ folders: () => [{ path, source: path }] })]);
    return { names: library.list().map((summary) => summary.name), library };
  }
  const { library } = openLibrary(options.recipes);
  if (name === undefined) return { names: library.list().map((summary) => summary.name), library };
  return { names: [library.get(name).summary.name], library: { ...library, problems: () => [] } };
}

/** The options of a job are known best by the scheduler that takes it. */
async function askScheduler(cluster: string, names: readonly string[], library: RecipeLibrary): Promise<LintReport> {
  const report: LintReport = { findings: [], skipped: [] };
  await withEngineState({ connects: true }, async ({ request, state }) => {
    const { id } = findCluster(state(), cluster);
    for (const name of names) {
      const { summary, directory } = library.get(name);
      try {
        const { launcher, answer } = await request('recipes.verify', {
          clusterId: id,
          recipe: name,
          args: sampleArgs(summary.args),
        });
        if (answer === null) report.skipped.push(`the options of ${name}: ${launcher} cannot be asked about a job`);
        else printProgress(`${name}: ${launcher} would take it. ${answer}`);
      } catch (thrown) {
        const { code, message, hint, detail } = AppError.from(thrown);
        if (code === 'not-found') report.skipped.push(`the options of ${name}: ${message}`);
        else {
          const text = [message, detail].filter(Boolean).join(' ');
          const file = join(directory, 'app.yaml');
          report.findings.push({
            level: 'error',
            rule: 'scheduler',
            file,
            line: null,
            message: text,
            hint: hint ?? '',
          });
        }
      }
    }
  });
  return report;
}

const asFinding = ({ file, line, field, message }: RecipeProblem): Finding => ({
  level: 'error',
  rule: 'recipe-file',
  file,
  line,
  message: field === '' ? message : `${field}: ${message}`,
  hint: '',
});

function printFindings(findings: readonly Finding[], recipes: number, skipped: readonly string[]): void {
  for (const { level, rule, file, line, message, hint } of findings) {
    process.stdout.write(`${file}${line === null ? '' : `:${line}`}: ${level}: ${message} [${rule}]\n`);
    if (hint) process.stdout.write(`    ${hint}\n`);
  }
  const count = (level: Finding['level']) => findings.filter((finding) => finding.level === level).length;
  printProgress(`${recipes} recipes, ${count('error')} errors, ${count('warning')} warnings`);
  for (const part of skipped) printProgress(`Not checked: ${part}.`);
}
