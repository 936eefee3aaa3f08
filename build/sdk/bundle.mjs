import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../setup/paths.mjs';
import { SetupError } from '../setup/step.mjs';
import { loadContract } from './contract.mjs';
import { typesFile } from './typescript-types.mjs';

/** Makes the SDK for Node, which needs no other package, and its types. */
export async function bundleSdk(shared, requireBanner, target = join(root, 'dist/sdk')) {
  const { build, formatMessages } = await import('esbuild');
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  try {
    await build({
      ...shared,
      entryPoints: { index: join(root, 'sdk/index.ts') },
      outdir: target,
      splitting: true,
      format: 'esm',
      banner: { js: requireBanner },
    });
  } catch (error) {
    if (!error.errors) throw error;
    const why = (await formatMessages(error.errors.slice(0, 10), { kind: 'error', color: false })).join('');
    throw new SetupError('sdk/ cannot be bundled.', { why: why.trim(), hint: 'Mend the file it names.' });
  }
  await writeTypes(target);
}

/** The declarations of the sources, with the types of the contract written out, so that they need no library. */
async function writeTypes(target) {
  const folder = await mkdtemp(join(tmpdir(), 'tunel-sdk-types-'));
  try {
    await declare(folder);
    const declarations = join(folder, 'out/sdk');
    for (const name of await readdir(declarations)) {
      const text = await readFile(join(declarations, name), 'utf8');
      if (name !== 'types.d.ts' && isSelfContained(text)) await writeFile(join(target, name), withJs(text));
    }
    await writeFile(join(target, 'types.d.ts'), typesFile(await loadContract()));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The others are not part of what `index.d.ts` leads to. */
const isSelfContained = (text) => !text.includes("'../electron/");
const withJs = (text) => text.replaceAll(/(from '\.\/[\w-]+)\.ts'/g, "$1.js'");

async function declare(folder) {
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      stripInternal: true,
      rootDir: root,
      outDir: join(folder, 'out'),
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
    },
    include: [],
    files: [join(root, 'sdk/index.ts')],
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  try {
    await promisify(execFile)(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder]);
  } catch (error) {
    throw new SetupError('The types of sdk/ cannot be made.', {
      why: `${error.stdout ?? ''}${error.stderr ?? ''}`.trim(),
      hint: 'Mend the file it names.',
      cause: error,
    });
  }
}
