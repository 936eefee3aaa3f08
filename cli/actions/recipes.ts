import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError } from '../../electron/shared/errors.ts';
import { message } from '../../electron/shared/messages.ts';
import { withEngine } from '../engine-session.ts';
import { describePath } from '../explain-path.ts';
import type { JsonOption } from '../json-option.ts';
import { formatDateTime, printDone, printJson, printProgress, printTable } from '../output.ts';

export function listRecipeFolders({ json }: JsonOption): Promise<void> {
  return withEngine(async ({ request }) => {
    const { settings, recipes } = (await request('app.state', undefined)).state;
    const folders = settings.recipeFolders.map((path) => {
      return { path, recipes: recipes.list.filter(({ source }) => source === path).map(({ name }) => name) };
    });
    if (json) return printJson(folders);
    printTable(
      ['FOLDER', 'RECIPES'],
      folders.map(({ path, recipes: names }) => [path, names.join(', ')]),
    );
  });
}

/** Uses the recipes of a folder on this computer. @throws AppError `bad-input` for a folder of another kind */
export function addRecipeFolder(folder: string, { json }: JsonOption): Promise<void> {
  const path = resolve(folder);
  checkFolder(path);
  return withEngine(async ({ request }) => {
    const { recipeFolders } = (await request('app.state', undefined)).state.settings;
    if (!recipeFolders.includes(path)) await request('settings.save', { recipeFolders: [...recipeFolders, path] });
    const { list, problems } = (await request('app.state', undefined)).state.recipes;
    const names = list.filter(({ source }) => source === path).map(({ name }) => name);
    const wrong = problems.filter(({ file }) => file.startsWith(path));
    if (json) return printJson({ path, recipes: names, problems: wrong });
    printProgress(`${path} is used: ${names.length === 0 ? 'it has no recipe yet' : names.join(', ')}.`);
    for (const { file, message: text } of wrong) printProgress(`${file}: ${text}`);
    if (names[0]) printProgress(`Run one with: tunel run-app CLUSTER ${names[0]}. Undo: tunel recipes remove ${path}`);
  });
}

export function removeRecipeFolder(folder: string, { json }: JsonOption): Promise<void> {
  return withEngine(async ({ request }) => {
    const { recipeFolders } = (await request('app.state', undefined)).state.settings;
    const path = recipeFolders.find((known) => known === folder || known === resolve(folder));
    if (path === undefined) {
      throw new AppError('not-found', message`${{ path: folder }} is no folder whose recipes are used.`, {
        hint: 'See them with: tunel recipes list',
      });
    }
    await request('settings.save', { recipeFolders: recipeFolders.filter((known) => known !== path) });
    printDone({ json }, { path }, `${path} is used no more; its files stay.`);
  });
}

/** Reads all recipe folders again, as after an edit that was not noticed. */
export function reloadRecipes(options: JsonOption): Promise<void> {
  return withEngine(async ({ request }) => {
    await request('recipes.reload', undefined);
    const { list, problems } = (await request('app.state', undefined)).state.recipes;
    const names = list.map(({ name }) => name);
    printDone(options, { recipes: names, problems }, `${names.length} recipes, ${problems.length} problems.`);
  });
}

/** How often each recipe was launched, the most used first. */
export function showRecipeUse({ json }: JsonOption): Promise<void> {
  return withEngine(async ({ request }) => {
    const { recipes } = await request('history.recipeUse', undefined);
    const sorted = recipes.toSorted((a, b) => b.times - a.times);
    if (json) return printJson(sorted);
    printTable(
      ['RECIPE', 'LAUNCHES', 'LAST'],
      sorted.map(({ recipe, times, lastAt }) => [recipe, String(times), formatDateTime(lastAt)]),
    );
  });
}

function checkFolder(path: string): void {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new AppError('not-found', message`There is no folder ${{ path }}.`, { hint: 'Check the path.' });
  }
  const known = describePath(path);
  if (known && known.kind !== 'recipes') {
    throw new AppError('bad-input', message`${{ path }} is no folder with recipes. ${{ what: known.message }}`, {
      hint: known.hint,
    });
  }
}
