import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type Folder, folderKindWords } from '../../shared/folders.ts';
import type { RecipeFileInput } from '../../shared/recipes.ts';
import { rescaleCluster, runFolderScript } from './run-folder-script.ts';

/** Any answer but an error of the server's own: whether it wants a password or has no page there is not ours to judge. */
const answers = [200, 204, 301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 421];

/** Installing an environment may take long, and counts as start. */
const readySeconds = 1800;

const icons: Partial<Record<Folder['start']['kind'], string>> = {
  flask: 'flask',
  django: 'django',
  rescale: 'rocket',
  static: 'world',
};

/** `app.yaml` of a folder's own recipe. */
export function recipeOfFolder({ id, title, source, start }: Folder): RecipeFileInput {
  const from = source.kind === 'git' ? `${source.url} at ${source.commit.slice(0, 12)}` : source.path;
  return {
    launcher: 'slurm',
    launchers_supported: ['htcondor', 'gridengine', 'pbs', 'lsf', 'login'],
    script: 'start.sh',
    title,
    icon: icons[start.kind] ?? 'app',
    category: 'Your folders',
    description: `${folderKindWords[start.kind]} from ${from}`.slice(0, 4000),
    resources: { cpus: { default: 1 }, time: { default: 120 } },
    serve: {
      listen: start.listen,
      scheme: start.kind === 'rescale' ? 'https' : 'http',
      path: '/',
      basePath: start.kind === 'rescale' ? `/notebooks/${rescaleCluster(id)}` : '',
      ready: { path: '/', status: answers, timeout: readySeconds },
      host: 'localhost',
    },
  };
}

/** Writes a folder's recipe below `recipes`, whole or not at all; the helpers come from the shipped templates. */
export function writeFolderRecipe(folder: Folder, recipes: string, templates: string): void {
  const target = join(recipes, folder.id);
  const fresh = join(recipes, `.${folder.id}.new`);
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(join(fresh, 'files'), { recursive: true, mode: 0o700 });
  const write = (name: string, text: string) => writeFileSync(join(fresh, name), text, { mode: 0o600 });
  write('app.yaml', stringify(recipeOfFolder(folder)));
  write('start.sh', '#!/bin/bash\nexec bash "$TUNEL_DIR/files/run-folder.sh"\n');
  write('files/run-folder.sh', runFolderScript(folder.id, folder.start));
  const helpers = join(templates, 'folders');
  if (folder.start.kind === 'rescale')
    cpSync(join(helpers, 'rescale'), join(fresh, 'files/rescale'), { recursive: true });
  for (const name of ['serve_wsgi.py', 'serve_static.py']) cpSync(join(helpers, name), join(fresh, 'files', name));
  const ofRecipe = join(templates, '../streamlit/files/serve.py');
  if (folder.start.kind === 'streamlit') cpSync(ofRecipe, join(fresh, 'files/serve_streamlit.py'));
  rmSync(target, { recursive: true, force: true });
  renameSync(fresh, target);
}
