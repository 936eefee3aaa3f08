import { spawn } from 'node:child_process';

const patience = 10_000;

/**
 * Starts a command in a process group of its own and waits for its end. The whole group is asked to end, and then made to,
 * on SIGINT and SIGTERM to us, when the limit is over, and when the command itself is gone but something of it stayed.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, stdio?: import('node:child_process').StdioOptions, limit?: number, onSpawn?: (child: import('node:child_process').ChildProcess) => void }} options limit in milliseconds
 * @returns {Promise<{ code: number, timedOut: boolean, interrupted: boolean }>}
 */
export async function runGroup(command, args, { cwd, env, stdio = 'inherit', limit, onSpawn } = {}) {
  const child = spawn(command, args, { cwd, env, stdio, detached: true });
  onSpawn?.(child);
  const signalGroup = (signal) => {
    try {
      if (child.pid) process.kill(-child.pid, signal);
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  };
  let timedOut = false;
  let interrupted = false;
  let killer;
  const end = () => {
    signalGroup('SIGTERM');
    killer ??= setTimeout(() => signalGroup('SIGKILL'), patience);
  };
  const interrupt = () => {
    interrupted = true;
    end();
  };
  const timer = limit
    ? setTimeout(() => {
        timedOut = true;
        end();
      }, limit)
    : undefined;
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (status, signal) => resolve(status ?? (signal === 'SIGTERM' ? 143 : 1)));
    });
    return { code, timedOut, interrupted };
  } finally {
    clearTimeout(timer);
    clearTimeout(killer);
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    signalGroup('SIGKILL');
  }
}
