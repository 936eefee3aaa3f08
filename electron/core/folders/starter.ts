import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import { starterKinds } from '../../shared/starter-kinds.ts';
import { includesFolder, startersFolder } from '../recipes/recipe-folders.ts';

/** Below the recipes. */
const servers: Partial<Record<(typeof starterKinds)[number], string>> = {
  static: `${includesFolder}/folders/serve_static.py`,
  streamlit: 'streamlit/files/serve.py',
};

/**
 * Writes a small app that runs as a folder and is a recipe as well, with tests and a README.
 * @throws AppError `bad-input` (kind, name), `conflict` (the folder is there)
 */
export function writeStarter(
  recipes: string,
  kind: string,
  name: string,
  parent: string,
): { path: string; files: string[] } {
  const known = starterKinds.find((starter) => starter === kind);
  if (!known) {
    throw new AppError('bad-input', message`There is no kind “${{ kind }}”.`, {
      hint: message`Choose one of: ${{ kinds: starterKinds.join(', ') }}.`,
    });
  }
  if (!/^[a-z][a-z0-9-]{0,40}$/.test(name)) {
    throw new AppError('bad-input', message`“${{ name }}” is no name for an app.`, {
      hint: 'Small letters, digits and -, beginning with a letter.',
    });
  }
  const path = join(parent, name);
  if (existsSync(path))
    throw new AppError('conflict', message`${{ path }} is there already.`, { hint: 'Choose another name.' });
  mkdirSync(parent, { recursive: true });
  cpSync(join(recipes, startersFolder, known), path, { recursive: true });
  cpSync(join(recipes, startersFolder, 'gitignore'), join(path, '.gitignore'));
  // What serves such folders goes along with the app.
  const server = servers[known];
  if (server) cpSync(join(recipes, server), join(path, 'files/serve.py'));
  const files = filesBelow(path);
  const title = name.replaceAll('-', ' ').replace(/^./, (letter) => letter.toUpperCase());
  for (const file of files) {
    const text = readFileSync(join(path, file), 'utf8');
    writeFileSync(join(path, file), text.replaceAll('@NAME@', name).replaceAll('@TITLE@', title));
  }
  return { path, files };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => relative('.', name).split(sep).join('/'))
    .sort();
}
