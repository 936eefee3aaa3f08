import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRecipeLibrary } from '../../../../electron/core/recipes/library.ts';
import { lintRecipe } from '../../../../electron/core/recipes/lint/lint-recipe.ts';
import { recipesInFolders } from '../../../../electron/core/recipes/recipe-folders.ts';
import { createRender } from '../../../../electron/core/recipes/render.ts';
import { mayDo } from '../../../../electron/core/recipes/sources/review-policy.ts';

const includes = resolve(import.meta.dirname, '../../../../recipes/templates');
const render = createRender(includes);
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-review-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function review(yaml: string, script: string, files: Record<string, string> = {}): Promise<string[]> {
  const all = { 'app.yaml': `script: run.sh\ndescription: D\n${yaml}`, 'run.sh': script, ...files };
  for (const [name, text] of Object.entries(all)) {
    const path = join(folder, name.startsWith('/') ? name : `r/${name}`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  const library = createRecipeLibrary([
    recipesInFolders({ folders: () => [{ path: folder, source: 'test' }], includes }),
  ]);
  const recipe = library.get('r');
  return mayDo(recipe, render, (await lintRecipe(recipe, render)).findings);
}

const socketOfOurs = 'launcher: slurm\nserve: { listen: socket }\n';
const privateSocket = 'Is told to listen on a socket in a folder which only you can enter.';
const wide = (where: string) => `Listens on every network of its node (${where}): whoever reaches the node reaches it.`;

test('a legacy recipe that binds 0.0.0.0 says so, whatever it promises', async () => {
  const lines = await review('launcher: slurm\nneeds: { socket: true }\n', '#!/bin/bash\nuwsgi --http 0.0.0.0:8080\n');
  expect(lines).toContain(wide('run.sh:2'));
  expect(lines.join('\n')).not.toContain(privateSocket);
});

test.each([
  ['a container that publishes a port', 'docker run -d -p 8080:80 nginx'],
  ['a server of Python’s own', 'python3 -m http.server $TUNEL_PORT'],
  ['a VNC server', 'vncserver :1 -geometry 800x600'],
  ['a bridge to VNC', 'websockify 6080 localhost:5901'],
])('%s listens on every network unless it is told otherwise', async (_, line) => {
  expect(await review('launcher: slurm\n', `#!/bin/bash\n${line}\n`)).toContain(wide('run.sh:2'));
});

test.each([
  'docker run -d -p 127.0.0.1:8080:80 nginx',
  'python3 -m http.server --bind 127.0.0.1 $TUNEL_PORT',
  'vncserver :1 -localhost yes',
  'websockify --unix-listen=$TUNEL_SOCKET localhost:5901',
  'docker run --rm -v /data:/data image',
])('%s does not', async (line) => {
  expect((await review(socketOfOurs, `#!/bin/bash\n${line}\n`)).join('\n')).not.toContain('every network');
});

test('what an include, a value or a program of the recipe opens counts as well', async () => {
  const lines = await review(
    socketOfOurs,
    '#!/bin/bash\n{% include "open.sh" %}\npython3 "$TUNEL_DIR/files/app.py"\n',
    {
      'open.sh': 'app --host 0.0.0.0\n',
      'files/app.py': 'import app\napp.run(host="0.0.0.0")\n',
    },
  );
  expect(lines.find((line) => line.startsWith('Listens on every network'))).toMatch(/files\/app\.py:2/);
  expect(lines.find((line) => line.startsWith('Listens on every network'))).toMatch(/run\.sh/);
});

test('a private socket is said only where nothing opens more', async () => {
  expect(await review(socketOfOurs, '#!/bin/bash\napp --unix "$TUNEL_SOCKET"\n')).toContain(privateSocket);
});

test('a legacy recipe asks for what its script asks for, and post runs only there', async () => {
  const script = '#!/bin/bash\n#SBATCH --cpus-per-task=64 --mem=8G -t 2:00:00 -p big\n#SBATCH --constraint=ib\necho\n';
  const lines = await review('launcher: slurm\ncommands: { post: cat secret }\n', script);
  expect(lines).toContain('Asks for 64 cores, 8192 MiB, 120 minutes, the queue big, --constraint=ib.');
  expect(lines).toContain('Runs on the login node once it has started: cat secret');
  const ours = await review('launcher: slurm\ntitle: T\ncommands: { post: cat secret }\n', script);
  expect(ours.join('\n')).not.toMatch(/64 cores|login node/);
});

test('a batch job shows no page, which does not say that it opens nothing', async () => {
  const lines = await review('launcher: slurm\n', '#!/bin/bash\ngunicorn -b 0.0.0.0:80 a:b\n');
  expect(lines).toContain('Shows no page: it is a batch job.');
  expect(lines).toContain(wide('run.sh:2'));
  expect(lines.join('\n')).not.toContain('Opens nothing');
});

test('a script that does not render has no claim', async () => {
  expect(await review(socketOfOurs, 'echo {{ 1 // 0 }}\n')).toContain(
    'Where it listens is not known: its script could not be rendered.',
  );
});
