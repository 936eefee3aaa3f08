import { execFile } from 'node:child_process';
import { stat, statfs } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { dataDirectory } from '../../electron/client/data-directory.ts';
import type { EngineState } from '../../electron/shared/state.ts';
import type { EngineSession } from '../engine-session.ts';
import { version } from '../version.ts';
import type { KeyReading } from './judge-cluster.ts';
import type { ComputerReading, EngineReading } from './judge-computer.ts';

const run = promisify(execFile);
/** ms. */
const LIMIT = 5000;

export async function readComputer(): Promise<ComputerReading> {
  return { data: await readData(dataDirectory()), ssh: await sshVersion(), agentKeys: await agentKeys() };
}

export async function readEngine({ request }: EngineSession, { system, recipes }: EngineState): Promise<EngineReading> {
  const engine = await request('engine.status', undefined);
  return {
    versions: { tunel: version, engine: engine.version, host: engine.host, node: process.versions.node },
    system,
    recipeProblems: [...new Set(recipes.problems.map(({ recipe }) => recipe))],
  };
}

export async function readKey(file: string): Promise<KeyReading> {
  const path = file.startsWith('~/') ? join(homedir(), file.slice(2)) : file;
  const found = await stat(path).catch(() => null);
  return { file, exists: found !== null, mode: found && modeOf(found.mode) };
}

/** Windows has no such modes. */
const modeOf = (mode: number): number | null => (process.platform === 'win32' ? null : mode & 0o777);

/** Before the first engine there is only the folder above it. */
async function readData(directory: string): Promise<ComputerReading['data']> {
  const found = await stat(directory).catch(() => null);
  const { bavail, bsize } = await statfs(found ? directory : await nearestFolder(directory));
  return { directory, mode: found && modeOf(found.mode), freeBytes: bavail * bsize };
}

async function nearestFolder(path: string): Promise<string> {
  const above = dirname(path);
  if (above === path) return path;
  const found = await stat(above).catch(() => null);
  return found ? above : nearestFolder(above);
}

async function sshVersion(): Promise<string | null> {
  try {
    const { stderr } = await run('ssh', ['-V'], { timeout: LIMIT });
    return stderr.trim();
  } catch {
    // What matters is whether there is one that starts.
    return null;
  }
}

/** `ssh-add -l` exits with 1 where the agent has no key, and with 2 where none answers. */
async function agentKeys(): Promise<number | null> {
  try {
    const { stdout } = await run('ssh-add', ['-l'], { timeout: LIMIT });
    return stdout.trim().split('\n').length;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 1 ? 0 : null;
  }
}
