#!/usr/bin/env node
// Makes the unpacked app with electron-builder, then proves what matters of it by reading the result.
// `npm run package -- deb AppImage` makes installers instead (their tools are downloaded by electron-builder).
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './setup/paths.mjs';
import { explain, SetupError, step } from './setup/step.mjs';
import { setup } from './setup.mjs';

const needed = [
  'dist/main.js',
  'dist/engine.js',
  'dist/engine-thread.js',
  'dist/preload.cjs',
  'dist/renderer/index.html',
  'package.json',
];
const neededPlain = [
  'dist/cli.js',
  'dist/man/tunel.1',
  'dist/engine-background.js',
  'dist/demo-cluster.js',
  'dist/pages/vnc/page.js',
  'dist/pages/terminal/page.js',
  'recipes',
  'sites',
  'node_modules/keytar/build/Release/keytar.node',
  'node_modules/libsql/package.json',
  'node_modules/ssh2/package.json',
];

function layout(folder) {
  if (process.platform !== 'darwin') {
    const executable = process.platform === 'win32' ? 'Tunel.exe' : 'tunel-desktop';
    return { executable: join(folder, executable), resources: join(folder, 'resources') };
  }
  const contents = join(folder, 'Tunel.app/Contents');
  return { executable: join(folder, 'Tunel.app'), resources: join(contents, 'Resources') };
}

async function checkFuses(executable) {
  const { getCurrentFuseWire, FuseV1Options } = await import('@electron/fuses');
  const { wantedFuses } = await import('./electron-builder.config.mjs');
  const wire = await getCurrentFuseWire(executable);
  const wrong = [];
  for (const [fuse, wanted] of Object.entries(wantedFuses(process.platform))) {
    // The wire holds the characters '0' and '1'.
    const found = String.fromCharCode(wire[fuse]);
    if (found !== (wanted ? '1' : '0')) wrong.push(`${FuseV1Options[fuse]} is ${found}, wanted ${wanted ? 1 : 0}`);
  }
  if (wrong.length > 0) throw new SetupError('The fuses of the packaged app are wrong.', { why: wrong.join('\n') });
  return { note: `${Object.keys(wantedFuses(process.platform)).length} as wanted` };
}

async function checkArchive(resources) {
  const { default: asar } = await import('@electron/asar');
  const archive = join(resources, 'app.asar');
  if (!existsSync(archive)) throw new SetupError(`${archive} is missing.`);
  if (existsSync(join(resources, 'app'))) throw new SetupError('There is a plain app folder beside the archive.');
  const packed = new Set(asar.listPackage(archive).map((name) => name.replaceAll('\\', '/').slice(1)));
  const missing = [
    ...needed.filter((name) => !packed.has(name)),
    ...neededPlain.filter((name) => !existsSync(join(`${archive}.unpacked`, name))),
  ];
  if (missing.length > 0)
    throw new SetupError('The packaged app is not whole.', { why: `missing: ${missing.join(', ')}` });
  return { note: `${packed.size} entries` };
}

/** A link that the system does not pass to the app would open nothing. */
async function checkDesktopEntry(resources) {
  const { desktopEntry } = await import('./electron-builder.config.mjs');
  const lines = readFileSync(join(resources, desktopEntry), 'utf8').split('\n');
  const missing = ['MimeType=x-scheme-handler/tunel;', 'StartupWMClass=tunel-desktop'].filter(
    (line) => !lines.includes(line),
  );
  if (!lines.some((line) => line.startsWith('Exec=') && line.endsWith(' %U'))) missing.push('Exec with %U');
  if (missing.length > 0) throw new SetupError(`${desktopEntry} is wrong.`, { why: `missing: ${missing.join(', ')}` });
  return { note: 'takes tunel:// links' };
}

async function packageApp(targets) {
  const electron = await setup({ for: 'package' });
  const { build, Platform } = await import('electron-builder');
  const { default: config } = await import('./electron-builder.config.mjs');
  const isDir = targets.length === 0;
  if (!isDir && electron.source === 'registry') {
    throw new SetupError('Installers are made with the official Electron only.', {
      why: 'Its download host could not be reached; the runtime of the registry is for development and tests.',
      hint: 'Run this where the host can be reached. `npm run package` alone makes the unpacked app with any runtime.',
    });
  }
  await step('package', () =>
    build({
      projectDir: root,
      targets: Platform.current().createTarget(isDir ? 'dir' : targets),
      config: { ...config, electronDist: electron.dist, electronVersion: electron.version },
      publish: 'never',
    }).then(() => undefined),
  );
  const output = join(root, 'release');
  const name = readdirSync(output).find((entry) => /^(linux|win|mac)(-\w+)?(-unpacked)?$/.test(entry));
  const { executable, resources } = layout(join(output, name));
  await step('fuses', () => checkFuses(executable));
  await step('archive', () => checkArchive(resources));
  if (process.platform === 'linux') await step('desktop entry', () => checkDesktopEntry(resources));
  console.log(`  ${relative(root, executable)}`);
  if (electron.source === 'registry') console.log('  made with the runtime of the registry: to test, not to ship');
}

await packageApp(process.argv.slice(2)).catch((error) => {
  explain(error);
  process.exitCode = 1;
});
