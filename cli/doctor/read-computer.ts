import { execFile } from 'node:child_process';
import { stat, statfs } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { EngineState } from '../../electron/shared/state.ts';
import type { EngineSession } from '../engine-session.ts';
import { version } from '../version.ts';
import type { ComputerReading } from './findings.ts';

const run = promisify(execFile);
/** ms. */
const LIMIT = 5000;

export async function readComputer({ request }: EngineSession, state: EngineState): Promise<ComputerReading> {
  const { system, recipes } = state;
  const engine = await request('engine.status', undefined);
  const { bavail, bsize } = await statfs(system.dataDirectory);
  const { mode } = await stat(system.dataDirectory);
  return {
    versions: { tunel: version, engine: engine.version, host: engine.host, node: process.versions.node },
    data: {
      directory: system.dataDirectory,
      // Windows has no such modes.
      mode: process.platform === 'win32' ? null : mode & 0o777,
      freeBytes: bavail * bsize,
    },
    system,
    ssh: await sshVersion(),
    agentKeys: await agentKeys(),
    recipeProblems: [...new Set(recipes.problems.map(({ recipe }) => recipe))],
  };
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
