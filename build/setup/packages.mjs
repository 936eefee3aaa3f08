import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { run, SetupError, UP_TO_DATE } from './step.mjs';

const keytar = join(root, 'node_modules/keytar');
const keytarHint = `No prebuilt keytar for ${process.platform}-${process.arch}? Install a C++ compiler and run \`npx node-gyp rebuild\` in node_modules/keytar.`;

/**
 * True when every package of the lock file is installed in its version. npm writes what it installed to a hidden lock file,
 * so this also holds after `npm install NAME`, and fails after a branch switch. Optional packages may be of another platform.
 * @param {Record<string, any>} wanted packages of package-lock.json
 * @param {Record<string, any>} installed packages of node_modules/.package-lock.json
 */
export function isInstalled(wanted, installed) {
  const same = (path, entry) =>
    installed[path]?.version === entry.version && installed[path]?.integrity === entry.integrity;
  const isFree = (entry) => entry.optional || entry.devOptional;
  return (
    Object.entries(wanted).every(
      ([path, entry]) => path === '' || same(path, entry) || (isFree(entry) && !installed[path]),
    ) && Object.keys(installed).every((path) => path in wanted)
  );
}

async function matchesLock() {
  const hidden = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(hidden)) return false;
  const [wanted, installed] = await Promise.all(
    [join(root, 'package-lock.json'), hidden].map(async (file) => JSON.parse(await readFile(file, 'utf8')).packages),
  );
  return isInstalled(wanted, installed);
}

const hasKeytar = () => existsSync(join(keytar, 'build/Release/keytar.node'));

/** Installs the npm packages of the lock file. No package runs a script of its own, except keytar's, which copies a prebuild. */
export async function installPackages() {
  const matches = await matchesLock();
  if (matches && hasKeytar()) return UP_TO_DATE;
  if (!matches) {
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: root,
      timeout: 15 * 60_000,
      hint: 'Check that the npm registry can be reached (`npm ping`) and that package.json and package-lock.json agree, then try again.',
    });
    if (!(await matchesLock())) {
      throw new SetupError('npm ci ended well, but node_modules is not what package-lock.json says.', {
        hint: 'Remove node_modules and try again.',
      });
    }
  }
  await run(process.execPath, ['script/install.js'], { cwd: keytar, timeout: 60_000, hint: keytarHint });
  if (!hasKeytar()) throw new SetupError('keytar has no binary.', { hint: keytarHint });
}
