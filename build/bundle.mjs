#!/usr/bin/env node
// Makes dist/: Node's side with esbuild, the pages with Vite.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { chmod, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleSdk } from './sdk/bundle.mjs';
import { hashInputs, markBuilt } from './setup/inputs.mjs';
import { root } from './setup/paths.mjs';
import { explain, run, SetupError, step } from './setup/step.mjs';

const dist = join(root, 'dist');

// CommonJS packages inside an ES module still ask for Node's own modules by require().
const requireBanner =
  "import { createRequire as createRequireForBundle } from 'node:module';\nconst require = createRequireForBundle(import.meta.url);";

// Packages with native parts are found in node_modules at run time. They are CommonJS: an `import { name }` left in the bundle
// would fail in Node, so each becomes a module that requires the real one.
const outside = {
  name: 'outside',
  setup(build) {
    const filter = /^(libsql|keytar|ssh2)(\/|$)/;
    build.onResolve({ filter }, ({ path, kind }) =>
      kind === 'require-call' ? { path, external: true } : { path, namespace: 'outside' },
    );
    build.onLoad({ filter: /./, namespace: 'outside' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'silent',
  external: ['electron'],
  plugins: [outside],
};

const entries = [
  { in: 'electron/main.ts', out: 'main.js' },
  { in: 'electron/engine.ts', out: 'engine.js' },
  { in: 'electron/engine-thread.ts', out: 'engine-thread.js' },
  { in: 'electron/engine-background.ts', out: 'engine-background.js' },
  { in: 'electron/core/demo/server.ts', out: 'demo-cluster.js' },
];

/** The names of the contract, for the preload, which passes no others on. */
async function contractNames() {
  const { build } = await import('esbuild');
  const made = await build({
    ...shared,
    sourcemap: false,
    entryPoints: [join(root, 'electron/shared/contract/index.ts')],
    format: 'esm',
    write: false,
  });
  const source = Buffer.from(made.outputFiles[0].contents).toString('base64');
  const { requests, events, windowStreams } = await import(`data:text/javascript;base64,${source}`);
  return {
    CONTRACT_REQUESTS: JSON.stringify(Object.keys(requests)),
    CONTRACT_EVENTS: JSON.stringify(Object.keys(events)),
    CONTRACT_STREAMS: JSON.stringify(windowStreams),
  };
}

function options(entry, names) {
  const source = join(root, entry.in);
  if (entry.in.startsWith('electron/preload/')) {
    return { ...shared, entryPoints: [source], outfile: join(dist, entry.out), format: 'cjs', define: names };
  }
  return {
    ...shared,
    entryPoints: [source],
    outfile: join(dist, entry.out),
    format: 'esm',
    banner: { js: requireBanner },
  };
}

async function bundleEntry(entry, names) {
  const { build, formatMessages } = await import('esbuild');
  try {
    await build(options(entry, names));
  } catch (error) {
    if (!error.errors) throw error;
    const why = (await formatMessages(error.errors.slice(0, 10), { kind: 'error', color: false })).join('');
    throw new SetupError(`${entry.in} cannot be bundled.`, { why: why.trim(), hint: 'Mend the file it names.' });
  }
}

/**
 * The command line in parts, so that a command loads only what it needs. All of them are in dist/ itself, from where the
 * command line finds its files.
 */
async function bundleCommandLine() {
  const { build, formatMessages } = await import('esbuild');
  for (const name of readdirSync(dist).filter((each) => each.startsWith('cli'))) rmSync(join(dist, name));
  try {
    await build({
      ...shared,
      entryPoints: { cli: join(root, 'cli/main.ts') },
      outdir: dist,
      chunkNames: 'cli-[name]-[hash]',
      splitting: true,
      minify: true,
      format: 'esm',
      banner: { js: requireBanner },
    });
  } catch (error) {
    if (!error.errors) throw error;
    const why = (await formatMessages(error.errors.slice(0, 10), { kind: 'error', color: false })).join('');
    throw new SetupError('cli/ cannot be bundled.', { why: why.trim(), hint: 'Mend the file it names.' });
  }
  const entry = join(dist, 'cli.js');
  await writeFile(entry, `#!/usr/bin/env node\n${readFileSync(entry, 'utf8')}`);
  await chmod(entry, 0o755);
  await writeManual(entry);
}

/** The command line itself knows its manual pages. */
async function writeManual(entry) {
  const folder = join(dist, 'man');
  await rm(folder, { recursive: true, force: true });
  await run(process.execPath, [entry, 'manual', '--folder', folder], { timeout: 60_000 });
}

async function bundlePages() {
  const { build } = await import('vite');
  try {
    await build({ configFile: join(root, 'build/vite.config.ts'), logLevel: 'error' });
  } catch (error) {
    throw new SetupError('renderer/ cannot be built.', {
      why: error.message,
      hint: 'Mend the file it names.',
      cause: error,
    });
  }
}

/** Pages that the gateway serves for apps without one, each in a folder of its own, and the license of what is in them. */
const ownPages = { vnc: '@novnc/novnc/LICENSE.txt', terminal: '@xterm/xterm/LICENSE' };

async function bundleOwnPage([name, license]) {
  const { build, formatMessages } = await import('esbuild');
  const source = join(root, 'renderer/pages', name);
  const target = join(dist, 'pages', name);
  try {
    await build({
      bundle: true,
      minify: true,
      platform: 'browser',
      // Both engines the app runs on: Electron 33 is Chromium 130.
      target: 'chrome130',
      format: 'esm',
      legalComments: 'linked',
      logLevel: 'silent',
      entryPoints: { page: join(source, 'main.ts') },
      outdir: target,
    });
    await build({
      bundle: true,
      minify: true,
      logLevel: 'silent',
      loader: { '.woff2': 'file' },
      assetNames: 'mono',
      entryPoints: { page: join(source, 'page.css') },
      outdir: target,
    });
  } catch (error) {
    if (!error.errors) throw error;
    const why = (await formatMessages(error.errors.slice(0, 10), { kind: 'error', color: false })).join('');
    throw new SetupError(`renderer/pages/${name} cannot be bundled.`, {
      why: why.trim(),
      hint: 'Mend the file it names.',
    });
  }
  await copyFile(join(source, 'index.html'), join(target, 'index.html'));
  await copyFile(join(root, 'node_modules', license), join(target, 'LICENSE.txt'));
}

function preloadSources() {
  const folder = join(root, 'electron/preload');
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.ts')) : [];
}

/** Makes dist anew. */
export async function bundle() {
  const hash = hashInputs();
  const preloads = preloadSources().map((name) => ({
    in: `electron/preload/${name}`,
    out: `${basename(name, '.ts')}.cjs`,
  }));
  const all = [...entries, ...preloads];
  const missing = [...all.map((entry) => entry.in), 'cli/main.ts', 'renderer/index.html'].filter(
    (path) => !existsSync(join(root, path)),
  );
  if (missing.length > 0) throw new SetupError(`The checkout is not whole: ${missing.join(', ')} is missing.`);
  await rm(join(dist, '.inputs'), { force: true });
  await mkdir(dist, { recursive: true });
  const names = await contractNames();
  const work = [
    ...all.map((entry) => bundleEntry(entry, names)),
    bundleCommandLine(),
    ...Object.entries(ownPages).map(bundleOwnPage),
    bundlePages(),
    bundleSdk(shared, requireBanner),
  ];
  const failed = (await Promise.allSettled(work)).filter((result) => result.status === 'rejected');
  if (failed.length > 0) throw failed[0].reason;
  markBuilt(hash);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await step('build', bundle).catch((error) => {
    explain(error);
    process.exit(1);
  });
}
