import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';

const sources = ['electron', 'cli', 'sdk', 'renderer', 'build', 'package-lock.json', 'package.json', 'tsconfig.json'];
const stamp = join(root, 'dist/.inputs');

function* files(path) {
  const info = statSync(path, { throwIfNoEntry: false });
  if (!info) return;
  if (info.isFile()) yield `${path}:${info.size}:${info.mtimeMs}`;
  else if (info.isDirectory()) for (const name of readdirSync(path).sort()) yield* files(join(path, name));
}

/** A hash over name, size and time of everything that goes into dist. */
export function hashInputs() {
  const hash = createHash('sha256');
  for (const source of sources) for (const line of files(join(root, source))) hash.update(`${line}\n`);
  return hash.digest('hex');
}

/** True when dist was made of exactly these inputs. */
export function isBuilt() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hashInputs();
}

/** Writes down what dist was made of: the hash from before the build, so that a change during it is noticed. */
export function markBuilt(hash) {
  writeFileSync(stamp, hash);
}
