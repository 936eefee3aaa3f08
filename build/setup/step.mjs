import { spawn } from 'node:child_process';

/** A failure of the set-up, with what failed, why, and what to do about it. */
export class SetupError extends Error {
  /** @param {string} what @param {{ why?: string, hint?: string, cause?: unknown }} [more] */
  constructor(what, { why, hint, cause } = {}) {
    super(what, { cause });
    this.name = 'SetupError';
    this.why = why;
    this.hint = hint;
  }
}

/** What a step returns when there was nothing to do. */
export const UP_TO_DATE = Symbol('up to date');

/** Seconds since `start` (a `performance.now()` value), for people. */
export function seconds(start) {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}

/**
 * Runs one step and prints one line for it.
 * `work` may return UP_TO_DATE, `{ value, note }` or nothing; the value is handed back.
 */
export async function step(label, work) {
  const start = performance.now();
  const name = label.padEnd(18);
  try {
    const result = await work();
    const upToDate = result === UP_TO_DATE || result?.upToDate;
    const note = result?.note ? `  ${result.note}` : '';
    console.log(upToDate ? `· ${name} up to date${note}` : `✓ ${name} ${seconds(start)}${note}`);
    return result?.value;
  } catch (error) {
    console.error(`✗ ${name} ${seconds(start)}`);
    throw error;
  }
}

/** Prints an error the way a reader can act on it. */
export function explain(error) {
  if (!(error instanceof SetupError)) return console.error(error);
  console.error(`\n${error.message}`);
  if (error.why) console.error(`Why: ${error.why}`);
  if (error.hint) console.error(`What to do: ${error.hint}`);
}

/**
 * Runs a command to its end and returns what it printed. Rejects with a SetupError holding the last lines of its output.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeout?: number, hint?: string }} [options] timeout in milliseconds
 * @returns {Promise<{ stdout: string, stderr: string }>}
 */
export function run(command, args, { cwd, env, timeout, hint } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: env ?? process.env, timeout, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.once('error', (cause) =>
      reject(new SetupError(`${command} cannot be run.`, { why: cause.message, hint, cause })),
    );
    child.once('close', (code, signal) => {
      if (code === 0) return resolve({ stdout, stderr });
      const how = signal
        ? `was ended by ${signal}${timeout ? ` (limit ${timeout / 1000} s)` : ''}`
        : `ended with ${code}`;
      const lines = `${stderr}\n${stdout}`.split('\n').filter((line) => line.trim() && !line.startsWith('npm warn'));
      const why = lines.slice(0, 20).join('\n');
      reject(new SetupError(`\`${[command, ...args].join(' ')}\` ${how}.`, { why, hint }));
    });
  });
}
