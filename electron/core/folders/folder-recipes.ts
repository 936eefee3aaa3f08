import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Folder, folderKindNames, folderRecipePrefix } from '../../shared/folders.ts';
import { type RecipeFileInput, type RecipeProblem, recipeFileSchema } from '../../shared/recipes.ts';
import { readTree } from '../recipes/files.ts';
import { summarize } from '../recipes/summarize.ts';
import type { Recipe, RecipeProvider } from '../recipes/types.ts';
import { isForRescale, rescaleCluster } from './rescale-script.ts';
import { runFolderScript } from './run-folder-script.ts';

/** Any answer but an error of the server's own: whether it wants a password or has no page there is not ours to judge. */
const answers = [200, 204, 301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 421];

/** An app that has a page below its prefix shows it there: 404 means that it took another prefix. */
const pages = answers.filter((status) => status !== 404);

/** Installing an environment may take long, and counts as start. */
const readySeconds = 1800;

const icons: Partial<Record<Folder['start']['kind'], string>> = {
  flask: 'flask',
  django: 'django',
  rescale: 'rocket',
  static: 'world',
};

/** `app.yaml` of a folder's own recipe. */
function recipeOfFolder({ id, title, source, start }: Folder): RecipeFileInput {
  const from = source.kind === 'git' ? `${source.url} at ${source.commit.slice(0, 12)}` : source.path;
  return {
    launcher: 'slurm',
    launchers_supported: ['htcondor', 'gridengine', 'pbs', 'lsf', 'login'],
    script: 'start.sh',
    title,
    icon: icons[start.kind] ?? 'app',
    category: 'Your folders',
    description: `${folderKindNames[start.kind]} from ${from}`.slice(0, 4000),
    resources: { cpus: { default: 1 }, time: { default: 120 } },
    serve: {
      listen: start.listen,
      scheme: start.kind === 'rescale' ? 'https' : 'http',
      path: '/',
      basePath: isForRescale(start) ? `/notebooks/${rescaleCluster(id)}` : '',
      ready: { path: '/', status: isForRescale(start) ? pages : answers, timeout: readySeconds },
      host: 'localhost',
    },
  };
}

const template = '#!/bin/bash\nexec bash "$TUNEL_DIR/files/run-folder.sh"\n';

interface FolderRecipesDeps {
  folders: () => readonly Folder[];
  /** The shipped includes, which hold the helpers of folders. */
  templates: string;
  onChange?: RecipeProvider['onChange'];
}

/**
 * A recipe for each of the user's folders. They are made in memory, so that an update of the app changes how a folder is
 * run, and no process reads what another one writes.
 */
export function folderRecipes({
  folders,
  templates,
  onChange = () => () => undefined,
}: FolderRecipesDeps): RecipeProvider {
  return {
    find: () => ({
      recipes: folders().map((folder) => {
        const name = folderRecipePrefix + folder.id;
        return { name, path: name, read: () => readFolderRecipe(name, folder, templates) };
      }),
      problems: [],
    }),
    onChange,
  };
}

function readFolderRecipe(name: string, folder: Folder, templates: string): Recipe | RecipeProblem[] {
  const parsed = recipeFileSchema.safeParse(recipeOfFolder(folder));
  if (!parsed.success) {
    return parsed.error.issues.map(({ path, message }) => {
      return { recipe: name, file: name, line: null, field: path.join('.'), message };
    });
  }
  const file = parsed.data;
  return {
    summary: summarize(name, file, 'Your folders', template),
    file,
    directory: '',
    template,
    files: filesOfFolder(folder, templates),
  };
}

/** What the start lines of Tunel call; the user may have changed the line to one of another kind. */
const everywhere = ['serve_wsgi.py', 'serve_static.py', 'run_python.py', 'listen_on_socket.cjs'];
const helpersOf = ({ kind }: Folder['start']): string[] =>
  kind === 'compute-studio' ? [...everywhere, 'serve_compute_studio.py'] : everywhere;

function filesOfFolder({ id, start }: Folder, templates: string): Map<string, Uint8Array> {
  const helpers = join(templates, 'folders');
  const files = new Map<string, Uint8Array>([['run-folder.sh', Buffer.from(runFolderScript(id, start))]]);
  for (const name of helpersOf(start)) files.set(name, readFileSync(join(helpers, name)));
  if (start.kind === 'rescale') {
    for (const [name, bytes] of readTree(join(helpers, 'rescale'))) files.set(`rescale/${name}`, bytes);
  }
  if (start.kind === 'streamlit') {
    files.set('serve_streamlit.py', readFileSync(join(templates, '../streamlit/files/serve.py')));
  }
  return files;
}
