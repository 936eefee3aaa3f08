import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRecipeLibrary } from '../../../electron/core/recipes/library.ts';
import { recipesInFolders } from '../../../electron/core/recipes/recipe-folders.ts';
import { createRender } from '../../../electron/core/recipes/render.ts';
import { launcherNames } from '../../../electron/shared/kinds.ts';
import { fitsPattern } from '../../../electron/shared/pattern.ts';
import type { RecipeArg } from '../../../electron/shared/recipes.ts';
import { quote } from '../../../electron/shared/shell-quote.ts';

const root = join(import.meta.dirname, '../../..');
const shipped = join(root, 'recipes');
const library = createRecipeLibrary([recipesInFolders({ folders: () => [{ path: shipped, source: 'shipped' }] })]);
const recipes = library.list().map(({ name }) => library.get(name));
const icons = readFileSync(join(root, 'renderer/components/icons.tsx'), 'utf8');

/** Their words are in a page they share. */
const elsewhere = new Set(['code-server', 'desktop', 'files', 'rstudio', 'terminal']);

/** What a shell would read as more than a word, were it not quoted. */
const hostile = `a'b"c $(touch pwned) \`touch pwned\` ; touch pwned\n& | > x \\ * ~ {{ 1 }} {% if %} é`;
const secret = 'the-secret-of-an-argument';

function sample(arg: RecipeArg, text: string): string | number | boolean {
  switch (arg.type ?? 'string') {
    case 'number':
      return arg.min ?? 1;
    case 'boolean':
      return true;
    case 'choice': {
      const [choice] = (arg.choices ?? []).slice(-1);
      return typeof choice === 'string' ? choice : (choice?.value ?? '');
    }
    case 'secret':
      return secret;
    default: {
      if (arg.pattern === undefined || fitsPattern(arg.pattern, text) === true) return text;
      return String(arg.default ?? text.replaceAll('\n', ' '));
    }
  }
}

const renderOf = (recipe: (typeof recipes)[number], text: string | null): string =>
  createRender(join(shipped, 'templates'))({
    recipe,
    args: text === null ? {} : Object.fromEntries(recipe.summary.args.map((arg) => [arg.name, sample(arg, text)])),
    launcher: 'slurm',
    home: '/home/ada',
    directory: '/home/ada/.tunel/abc',
    workDirectory: '/home/ada',
    modules: [],
    port: recipe.file.serve?.listen === 'port' ? 20_000 : '',
  }).script;

test('every recipe that comes with the app can be read', () => {
  expect(library.problems()).toEqual([]);
  expect(recipes.length).toBeGreaterThanOrEqual(16);
});

describe.each(recipes.map((recipe) => ({ name: recipe.summary.name, recipe })))('$name', ({ name, recipe }) => {
  const { summary, file } = recipe;

  test('says what it is and what it needs', () => {
    for (const field of ['title', 'icon', 'category', 'description', 'requires', 'docs'] as const) {
      expect(file[field], field).toBeTruthy();
    }
    expect(icons).toMatch(new RegExp(`^ {2}'?${summary.icon}'?: Icon`, 'm'));
    for (const arg of summary.args) expect(arg.title, arg.name).toBeTruthy();
    expect(launcherNames).toEqual(expect.arrayContaining(summary.launchers));
  });

  test('has a page that names every field', () => {
    if (elsewhere.has(name)) return;
    const text = readFileSync(join(root, 'docs/recipes', `${name}.md`), 'utf8');
    expect(text.split('\n')[0]).toBe(`# ${summary.title}`);
    for (const arg of summary.args) expect(text).toContain(`| ${arg.title} |`);
  });

  test('asks for resources, and knows when it is ready', () => {
    for (const field of ['cpus', 'memory', 'time'] as const)
      expect(summary.resources[field]?.default).toBeGreaterThan(0);
    if (!summary.serves) return;
    expect(file.serve?.ready.path).toMatch(/^\//);
    // What listens on a port can be reached by everyone on its node, so it has to ask for the token.
    if (file.serve?.listen === 'port') expect(file.serve.token ?? file.serve.login).toBeDefined();
  });

  test.each([
    ['its defaults', null],
    ['plain values', '/data/my file.py'],
    ['hostile values', hostile],
    ['values like options', '--help'],
  ])('its script with %s is a script, and opens nothing to others', (_, text) => {
    const script = renderOf(recipe, text);
    const checked = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
    expect(checked.stderr).toBe('');
    expect(checked.status).toBe(0);
    expect(script).not.toMatch(/0\.0\.0\.0|\[::\]/);
    expect(script).not.toMatch(/(^|[\s"'=])\/tmp\/(?!\.X11-unix\/)/m);
    expect(script).not.toContain(secret);
    // A command line can be read by everyone on the node: only the shell's own commands may be given the token.
    for (const line of script.split('\n').filter((line) => /\$\(\s*(cat|<).*TOKEN_FILE/.test(line))) {
      expect(line).toMatch(/^\s*(\(umask 077 && )?(printf |\[ |(export )?[A-Za-z_]+=)/);
    }
  });

  test('its files open nothing to others', () => {
    for (const [path, bytes] of recipe.files) {
      expect(Buffer.from(bytes).toString('utf8'), path).not.toMatch(/0\.0\.0\.0|["']\/tmp\//);
    }
  });
});

describe('what a user typed is one word, and never run', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tunel-catalogue-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(recipes.map((recipe) => [recipe.summary.name, recipe] as const))('%s', (_, recipe) => {
    const script = renderOf(recipe, hostile);
    // No program is found, so that the script comes as far as it can without any.
    const bin = join(folder, 'bin');
    const run = `PATH=${quote(bin)}; TUNEL_DIR=${quote(folder)} TUNEL_SOCKET=s TUNEL_TOKEN_FILE=/dev/null\n${script}`;
    spawnSync('/bin/bash', ['-c', run], { cwd: folder, encoding: 'utf8', timeout: 10_000 });
    expect(readdirSync(folder)).not.toContain('pwned');
  });

  test('the words of a command line keep their quotes', () => {
    const words = readFileSync(join(shipped, 'templates/bash/tunel/words.sh'), 'utf8');
    const split = (text: string) =>
      execFileSync('bash', ['-c', `${words}\nsplit "$1"; printf '%s\\0' "\${words[@]}"`, 'bash', text], {
        cwd: folder,
        encoding: 'utf8',
      }).split('\0');
    expect(split(`--a "b c" 'd "e"' f\\ g $(touch pwned) *`)).toEqual([
      ...['--a', 'b c', 'd "e"', 'f g', '$(touch', 'pwned)', '*', ''],
    ]);
    expect(() => split(`it's`)).toThrow(/not closed/);
    expect(readdirSync(folder)).not.toContain('pwned');
  });
});
