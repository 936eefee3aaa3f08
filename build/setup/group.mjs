import { spawn } from 'node:child_process';

const patience = 10_000;
/** For a command that stops what it started elsewhere before it ends its own processes. */
const longPatience = 25_000;

/**
 * Starts a command in a process group of its own and waits for its end. On SIGINT and SIGTERM to us and when the limit is over
 * the whole group is asked to end, or the command alone where `endsItsOwn`; what is left after 10 s (25 s), or when the command itself
 * is gone, is made to.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, stdio?: import('node:child_process').StdioOptions, limit?: number, endsItsOwn?: boolean, onSpawn?: (child: import('node:child_process').ChildProcess) => void }} options limit in milliseconds
 * @returns {Promise<{ code: number, timedOut: boolean, interrupted: boolean }>}
 */
export async function runGroup(
  command,
  args,
  { cwd, env, stdio = 'inherit', limit, endsItsOwn = false, onSpawn } = {},
) {
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
    if (endsItsOwn) child.kill('SIGTERM');
    else signalGroup('SIGTERM');
    killer ??= setTimeout(() => signalGroup('SIGKILL'), endsItsOwn ? longPatience : patience);
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
