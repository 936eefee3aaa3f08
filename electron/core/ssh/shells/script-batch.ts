import { randomBytes } from 'node:crypto';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import type { RunOptions, RunResult, Shell } from '../types.ts';
import { MarkedOutput, markScript } from './run-protocol.ts';

interface Part {
  nonce: string;
  script: string;
  options: RunOptions;
  resolve(result: RunResult): void;
  reject(error: AppError): void;
}

/**
 * Collects scripts that only look and runs them as one command, one after the other, each as if alone. What is run after
 * `send` goes to the shell directly.
 */
export class ScriptBatch implements Shell {
  readonly #shell: Shell;
  readonly #parts: Part[] = [];
  #isSent = false;

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  run(script: string, options: RunOptions = {}): Promise<RunResult> {
    if (this.#isSent || options.stdin) return this.#shell.run(script, options);
    return new Promise((resolve, reject) => {
      this.#parts.push({ nonce: randomBytes(16).toString('hex'), script, options, resolve, reject });
    });
  }

  /**
   * `first`: shell text that all of them run after. Never rejects: each script gets its own result or error. One that hangs
   * would keep the others from theirs, so that after a timeout each is run by itself, after the text of `apart`.
   */
  async send(first: { together: string; apart(): Promise<string> }, options: RunOptions): Promise<void> {
    this.#isSent = true;
    const parts = this.#parts.splice(0);
    const script = [first.together, ...parts.map((part) => markScript(part.script, part.nonce)), 'exit 0'].join('\n');
    try {
      const result = await this.#shell.run(script, { maxBytes: 16 * 1024 * 1024, ...options });
      for (const part of parts) settle(part, result);
    } catch (error) {
      const reason = AppError.from(error);
      if (reason.code === 'timeout') await this.#runApart(parts, await first.apart());
      else for (const part of parts) part.reject(reason);
    }
  }

  async #runApart(parts: readonly Part[], first: string): Promise<void> {
    for (const { script, options, resolve, reject } of parts) {
      this.#shell.run(`${first}\n${script}`, options).then(resolve, reject);
    }
  }
}

function settle({ nonce, resolve, reject }: Part, { stdout, stderr }: RunResult): void {
  const out = new MarkedOutput(nonce, Number.POSITIVE_INFINITY);
  out.push(Buffer.from(stdout));
  const err = new MarkedOutput(nonce, Number.POSITIVE_INFINITY);
  err.push(Buffer.from(stderr));
  if (out.exitCode === null) reject(new AppError('command-failed', message`A script ended before it finished.`));
  else resolve({ stdout: out.bytes.toString('utf8'), stderr: err.bytes.toString('utf8'), exitCode: out.exitCode });
}
