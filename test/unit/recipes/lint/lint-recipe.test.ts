import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createRecipeLibrary } from '../../../../electron/core/recipes/library.ts';
import { lintRecipe } from '../../../../electron/core/recipes/lint/lint-recipe.ts';
import { recipesInFolders } from '../../../../electron/core/recipes/recipe-folders.ts';
import { createRender } from '../../../../electron/core/recipes/render.ts';

const shipped = resolve(import.meta.dirname, '../../../../recipes');
const folder = mkdtempSync(join(tmpdir(), 'tunel-lint-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const render = createRender(join(shipped, 'templates'));

function write(name: string, script: string, more = ''): void {
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, 'run.sh'), script);
  writeFileSync(join(folder, name, 'app.yaml'), `launcher: login\nscript: run.sh\ndescription: A test\n${more}`);
}

async function lint(name: string) {
  const library = createRecipeLibrary([recipesInFolders({ folders: () => [{ path: folder, source: 'test' }] })]);
  return (await lintRecipe(library.get(name), render)).findings;
}

test('every shipped recipe is without an error', async () => {
  const library = createRecipeLibrary([recipesInFolders({ folders: () => [{ path: shipped, source: 'shipped' }] })]);
  expect(library.problems()).toEqual([]);
  const found = await Promise.all(library.list().map(({ name }) => lintRecipe(library.get(name), render)));
  expect(found.flatMap(({ findings }) => findings.filter(({ level }) => level === 'error'))).toEqual([]);
});

test('bash says where it cannot read a script, by the line of the template', async () => {
  write('syntax', '#!/bin/bash\n{% if args.x %}\necho x\n{% endif %}\nif true; then\necho ))\nfi\n');
  expect(await lint('syntax')).toContainEqual(
    expect.objectContaining({ level: 'error', rule: 'syntax', line: 6, file: join(folder, 'syntax/run.sh') }),
  );
});

test('shellcheck’s findings are told by the line of the template', async () => {
  write('check', '#!/bin/bash\n{# a comment #}\ncd "$1"\nrm -rf work\n');
  expect(await lint('check')).toContainEqual(expect.objectContaining({ rule: 'SC2164', line: 3 }));
});

test('an app on a port without a token', async () => {
  write('port', 'exec app --port "$TUNEL_PORT"\n', 'serve: { listen: port }\n');
  expect((await lint('port')).map(({ rule }) => rule)).toEqual(['port-without-token']);
});

test('a template that fails with the values of a form', async () => {
  write('broken', 'echo {{ 1 // 0 }}\n');
  expect(await lint('broken')).toEqual([
    expect.objectContaining({ rule: 'template', level: 'error', file: join(folder, 'broken/run.sh'), line: 1 }),
  ]);
});

test('required arguments get a value, so that the script can be looked at', async () => {
  write(
    'asks',
    'echo {{ tunel.quoted.n }}\n',
    'args: [{ name: n, description: N, type: number, min: 3, required: true }]\n',
  );
  expect(await lint('asks')).toEqual([]);
});

test('a pattern for which no value is known skips the script instead of blaming it', async () => {
  const arg = "{ name: n, description: N, pattern: '(?P<odd>[0-9a-f]{31}Q{7})', required: true }";
  write('odd', 'echo {{ tunel.quoted.n }}\n', `args: [${arg}]\n`);
  const library = createRecipeLibrary([recipesInFolders({ folders: () => [{ path: folder, source: 'test' }] })]);
  expect(await lintRecipe(library.get('odd'), render)).toEqual({
    findings: [],
    skipped: ['the script: no value was found that fits the pattern of n; give it a default'],
  });
});

test('a value that fits a pattern is given to the script', async () => {
  write(
    'model',
    'echo {{ tunel.quoted.n }}\n',
    "args: [{ name: n, description: N, pattern: '.*\\.py', required: true }]\n",
  );
  expect(await lint('model')).toEqual([]);
});

test('a recipe of Tunel’s is read with the variables that its launch gives it', async () => {
  mkdirSync(join(folder, 'tunels'));
  writeFileSync(join(folder, 'tunels/run.sh'), '#!/bin/bash\n{% if singularity %}\necho ))\n{% endif %}\n');
  writeFileSync(join(folder, 'tunels/app.yaml'), 'launcher: singularity\nscript: run.sh\ndescription: A test\n');
  expect(await lint('tunels')).toContainEqual(expect.objectContaining({ rule: 'syntax', line: 3 }));
});
