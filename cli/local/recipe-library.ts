import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { folderRecipes } from '../../electron/core/folders/folder-recipes.ts';
import { createRecipeLibrary } from '../../electron/core/recipes/library.ts';
import { includesFolder, type RecipeFolder, recipesInFolders } from '../../electron/core/recipes/recipe-folders.ts';
import { sourceFolder } from '../../electron/core/recipes/sources/sources.ts';
import { folderSchema } from '../../electron/shared/folders.ts';
import { sourceSchema } from '../../electron/shared/sources.ts';
import { installedPaths } from '../paths.ts';

const settingsSchema = z.object({ data: z.object({ recipeFolders: z.array(z.string()) }) });
const foldersSchema = z.object({ data: z.array(z.object({ folder: folderSchema })) });
const sourcesSchema = z.object({ data: z.array(sourceSchema) });

/** Every recipe the desktop app knows, in its order; those of a folder given on the command line come first. */
export function openLibrary(given?: string) {
  const { data, recipes } = installedPaths();
  const settings = read(join(data, 'settings.json'), settingsSchema);
  const sources = read(join(data, 'sources.json'), sourcesSchema);
  const own = read(join(data, 'folders.json'), foldersSchema);
  const includes = join(recipes, includesFolder);
  const folders: RecipeFolder[] = [
    ...(given ? [{ path: resolve(given), source: given }] : []),
    ...(settings?.data.recipeFolders ?? []).map((path) => ({ path, source: path })),
    ...(sources?.data ?? []).map((source) => ({ path: sourceFolder(data, source), source: source.url })),
  ];
  const library = createRecipeLibrary([
    recipesInFolders({ folders: () => folders, includes }),
    folderRecipes({ folders: () => own?.data.map(({ folder }) => folder) ?? [], templates: includes }),
    recipesInFolders({ folders: () => [{ path: recipes, source: 'shipped' }], includes }),
  ]);
  return { library, includes };
}

/** A file that cannot be read is reported by the commands that change it. */
function read<S extends z.ZodType>(path: string, schema: S): z.output<S> | null {
  try {
    return schema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data ?? null;
  } catch {
    return null;
  }
}
