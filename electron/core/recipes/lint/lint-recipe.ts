import { join } from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import { type LauncherName, launcherNames } from '../../../shared/kinds.ts';
import { type RenderedLaunch, renderPreview } from '../render-launch.ts';
import type { Recipe, Render } from '../types.ts';
import { argsWithoutSample, sampleArgs } from './sample-args.ts';
import { parseShell, runShellcheck } from './shell-check.ts';
import { findOpenLines, lintText } from './text-rules.ts';
import type { Finding } from './types.ts';

export interface LintReport {
  findings: Finding[];
  /** What could not be looked at, and why. */
  skipped: string[];
}

/**
 * Reads a recipe as its author should: its template line by line, then the script it becomes. Nothing of it runs here.
 * @throws AppError only for what is no matter of the recipe
 */
export async function lintRecipe(recipe: Recipe, render: Render, signal?: AbortSignal): Promise<LintReport> {
  const { file, directory } = recipe;
  const template = join(directory, file.script);
  const findings = [...lintFile(recipe), ...lintText(template, recipe.template), ...lintFiles(recipe)];
  let script: string;
  try {
    script = renderSample(recipe, render).rendered.script;
  } catch (thrown) {
    const { code, message, hint } = AppError.from(thrown);
    const unknown = argsWithoutSample(recipe.summary.args);
    if (code === 'bad-input' && unknown.length > 0) {
      const names = unknown.join(', ');
      return {
        findings,
        skipped: [`the script: no value was found that fits the pattern of ${names}; give it a default`],
      };
    }
    const position = /:(\d+)\b/.exec(message);
    const line = position ? Number(position[1]) : null;
    findings.push({ level: 'error', rule: 'template', file: template, line, message, hint: hint ?? '' });
    return { findings, skipped: ['the script: it could not be rendered'] };
  }
  const shell = await parseShell(template, script, signal);
  const checked = await runShellcheck(template, script, signal);
  const inTemplate = createLineMapper(recipe.template, script);
  findings.push(...[...lintIncluded(template, recipe, script), ...shell, ...(checked ?? [])].map(inTemplate));
  return { findings, skipped: checked === null ? ['shellcheck: it is not installed'] : [] };
}

/** A recipe as the form opens, with the first launcher it has. @throws AppError where it does not render */
export function renderSample(recipe: Recipe, render: Render): RenderedLaunch {
  const { launchers, args } = recipe.summary;
  return renderPreview(render, {
    recipe,
    input: { args: sampleArgs(args), runtime: '' },
    launcher: sampleLauncher(launchers),
    home: '/home/user',
    isSent: false,
  });
}

export const sampleLauncher = (launchers: readonly string[]): LauncherName =>
  launcherNames.find((name) => launchers.includes(name)) ?? 'login';

/** Shell scripts by all rules; programs in other languages only by where they listen. */
function lintFiles({ directory, files }: Recipe): Finding[] {
  return [...files].flatMap(([name, bytes]) => {
    const isShell = /\.(sh|bash)$/.test(name);
    if (!isShell && !/\.(py|R|jl|js|mjs|cjs|ts|toml|ini|cfg|conf|ya?ml|json)$/.test(name)) return [];
    const text = Buffer.from(bytes).toString('utf8');
    return (isShell ? lintText : findOpenLines)(join(directory, 'files', name), text);
  });
}

/** Lines that an include or a value brought into the script. */
function lintIncluded(file: string, { template }: Recipe, script: string): Finding[] {
  const written = new Set(template.split('\n'));
  const lines = script.split('\n').map((line) => (written.has(line) ? '' : line));
  return findOpenLines(file, lines.join('\n'));
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
