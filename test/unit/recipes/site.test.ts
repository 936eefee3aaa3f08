import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recipeSite } from '../../../cli/local/docgen/site.ts';
import { createRecipeLibrary } from '../../../electron/core/recipes/library.ts';
import { recipesInFolders } from '../../../electron/core/recipes/recipe-folders.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-site-'));
  const recipe = join(folder, 'a b/<i>x</i>');
  mkdirSync(recipe, { recursive: true });
  writeFileSync(
    join(recipe, 'app.yaml'),
    `launcher: slurm\nscript: run.sh\ndescription: '<script>alert("1")</script> & "more"'\nexamples: "a --x='<b>'"\n`,
  );
  writeFileSync(join(recipe, 'run.sh'), 'echo "<img src=x>" {{ args.extra }}\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a site has an index, a page for each recipe and library.json, with everything escaped', () => {
  const library = createRecipeLibrary([
    recipesInFolders({
      folders: () => [
        { path: folder, source: 'test' },
        { path: join(import.meta.dirname, '../../../recipes'), source: 'shipped' },
      ],
    }),
  ]);
  const recipes = library.list().map(({ name }) => library.get(name));
  const files = recipeSite(recipes);
  expect([...files.keys()]).toContain('recipes/a b/_i_x_/i_.html'.replace('_i_x_/i_', '<i>x</i>'));
  expect([...files.keys()]).toContain('recipes/jupyter.html');
  for (const [name, text] of files) {
    if (!name.endsWith('.html')) continue;
    expect(text).not.toMatch(/<script>alert|<img|<i>x/);
    expect(text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  }
  expect(files.get('index.html')).toContain('recipes/a%20b/%3Ci%3Ex%3C/i%3E.html');
  const written = JSON.parse(files.get('library.json') ?? '');
  expect(written.recipes).toHaveLength(recipes.length);
  expect(files.get('recipes/a b/<i>x</i>.html')).toContain('--extra');
});

test('arguments that only the script and its includes use are offered, and marked', () => {
  const library = createRecipeLibrary([
    recipesInFolders({
      folders: () => [{ path: join(import.meta.dirname, '../../fixtures/tunel-recipes'), source: 'test' }],
      includes: join(import.meta.dirname, '../../../recipes/templates'),
    }),
  ]);
  expect(library.problems()).toEqual([]);
  const undeclared = library.get('slurm/port/files').summary.args.filter((arg) => arg.undeclared);
  expect(undeclared.map(({ name }) => name)).toContain('port');
  expect(undeclared[0]?.description).toBe('Used by the script; the recipe says nothing about it.');
  const wsgi = library.get('slurm/socket/wsgi').summary.args;
  const types = Object.fromEntries(wsgi.map(({ name, type }) => [name, type ?? 'string']));
  expect(types).toMatchObject({ user: 'string', pass: 'secret' });
});
