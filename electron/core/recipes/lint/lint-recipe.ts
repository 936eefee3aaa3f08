import { join } from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import type { LaunchInput } from '../../../shared/instances.ts';
import { launcherNames } from '../../../shared/kinds.ts';
import type { RecipeArg } from '../../../shared/recipes.ts';
import { renderPreview } from '../render-launch.ts';
import type { Recipe, Render } from '../types.ts';
import { parseShell, runShellcheck } from './shell-check.ts';
import { lintText } from './text-rules.ts';
import type { Finding } from './types.ts';

export interface LintReport {
  findings: Finding[];
  /** What could not be looked at, and why. */
  skipped: string[];
}

/** A value a form could have, for the arguments a recipe demands. */
function sample(arg: RecipeArg): string | number | boolean {
  if (arg.choices?.[0] !== undefined) return typeof arg.choices[0] === 'string' ? arg.choices[0] : arg.choices[0].value;
  if (arg.type === 'number') return arg.min ?? 1;
  if (arg.type === 'boolean') return true;
  return arg.type === 'path' ? '/home/user/file' : 'value';
}

/** The form as it opens, with something in each field that must not be empty. */
export function sampleArgs(args: readonly RecipeArg[]): LaunchInput['args'] {
  const missing = args.filter((arg) => arg.required && arg.default === undefined);
  return Object.fromEntries(missing.map((arg) => [arg.name, sample(arg)]));
}

/**
 * Reads a recipe as its author should: its template line by line, then the script it becomes. Nothing of it runs here.
 * @throws AppError only for what is no matter of the recipe
 */
export async function lintRecipe(recipe: Recipe, render: Render, signal?: AbortSignal): Promise<LintReport> {
  const { file, directory, summary } = recipe;
  const template = join(directory, file.script);
  const findings = [...lintFile(recipe), ...lintText(template, recipe.template)];
  for (const [name, bytes] of recipe.files) {
    if (!/\.(sh|bash)$/.test(name)) continue;
    findings.push(...lintText(join(directory, 'files', name), Buffer.from(bytes).toString('utf8')));
  }
  let script: string;
  try {
    script = renderPreview(render, {
      recipe,
      input: { args: sampleArgs(summary.args), runtime: '' },
      launcher: launcherNames.find((name) => summary.launchers.includes(name)) ?? 'login',
      home: '/home/user',
      isSent: false,
    }).rendered.script;
  } catch (thrown) {
    const { message, hint } = AppError.from(thrown);
    const position = /:(\d+)\b/.exec(message);
    const line = position ? Number(position[1]) : null;
    findings.push({ level: 'error', rule: 'template', file: template, line, message, hint: hint ?? '' });
    return { findings, skipped: ['the script: it could not be rendered'] };
  }
  const shell = await parseShell(template, script, signal);
  const checked = await runShellcheck(template, script, signal);
  const inTemplate = createLineMapper(recipe.template, script);
  findings.push(...[...shell, ...(checked ?? [])].map(inTemplate));
  return { findings, skipped: checked === null ? ['shellcheck: it is not installed'] : [] };
}

/** Findings of the recipe file alone. */
function lintFile({ file, directory }: Recipe): Finding[] {
  if (file.serve?.listen !== 'port' || file.serve.token || file.serve.login) return [];
  return [
    {
      level: 'warning',
      rule: 'port-without-token',
      file: join(directory, 'app.yaml'),
      line: null,
      message: 'The app listens on a port and asks for no token: every user of the node can use it.',
      hint: 'Let it listen on a socket, or demand a token and name it in serve.token.',
    },
  ];
}

/** Moves a finding of the rendered script to the template's line, where the same line stands there exactly once. */
function createLineMapper(template: string, script: string): (finding: Finding) => Finding {
  const written = template.split('\n');
  const rendered = script.split('\n');
  return (finding) => {
    if (finding.line === null) return finding;
    const text = rendered[finding.line - 1] ?? '';
    const matches = written.flatMap((line, index) => (line === text ? [index + 1] : []));
    if (text.trim() !== '' && matches.length === 1) return { ...finding, line: matches[0] ?? null };
    const message = `${finding.message} (line ${finding.line} of the rendered script: ${text.trim().slice(0, 120)})`;
    return { ...finding, line: null, message };
  };
}
