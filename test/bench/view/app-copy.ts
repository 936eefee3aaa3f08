import { copyFileSync, cpSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

/** The built app in a folder of its own, whose engine answers the probe; returns the folder. */
export function copyApp(into: string): string {
  const folder = join(into, 'tunel');
  const dist = join(folder, 'dist');
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'recipes', 'sites', 'node_modules'])
    symlinkSync(join(root, name), join(folder, name));
  cpSync(join(root, 'dist'), dist, { recursive: true });
  renameSync(join(dist, 'engine-thread.js'), join(dist, 'engine-itself.js'));
  copyFileSync(join(import.meta.dirname, 'engine-probe.mjs'), join(dist, 'engine-probe.mjs'));
  writeFileSync(join(dist, 'engine-thread.js'), "import './engine-probe.mjs';\nimport './engine-itself.js';\n");
  return folder;
}

/** A folder of recipes with the web app of the bench. */
export function writeRecipe(into: string, childFile: string): string {
  const recipe = join(into, 'recipes/bench');
  mkdirSync(recipe, { recursive: true });
  writeFileSync(
    join(recipe, 'app.yaml'),
    `${['launcher: login', 'title: Bench', 'description: What a view is measured with.', 'script: bench.sh', 'needs: { socket: true }', 'serve: { listen: socket, path: / }'].join('\n')}\n`,
  );
  const role = '{\\"role\\":\\"web\\",\\"path\\":\\"$TUNEL_SOCKET\\"}';
  writeFileSync(join(recipe, 'bench.sh'), `#!/bin/sh\nexec '${process.execPath}' '${childFile}' "${role}"\n`);
  return join(into, 'recipes');
}
