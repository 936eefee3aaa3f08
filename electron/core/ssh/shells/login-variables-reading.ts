import type { Shell } from '../types.ts';
import { loginVariablesText, parseLoginVariables, readLoginVariables, showLoginVariables } from './login-variables.ts';

const LOGIN_SHELL_MS = 30_000;

/** What several scripts run after, so that one login shell serves them all, whether they run together or apart. */
export class LoginVariablesReading {
  readonly together = readLoginVariables;
  readonly #shell: Shell;
  readonly #signal: AbortSignal | undefined;
  #hasFailed = false;

  constructor(shell: Shell, signal?: AbortSignal) {
    this.#shell = shell;
    this.#signal = signal;
  }

  /** The login shell was too slow or failed, so that nothing is known of its variables. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Shell text that sets what one login shell says; where it fails nothing, so that no script starts another. */
  async apart(): Promise<string> {
    try {
      const options = { signal: this.#signal, timeoutMs: LOGIN_SHELL_MS };
      return loginVariablesText(parseLoginVariables((await this.#shell.run(showLoginVariables, options)).stdout));
    } catch {
      this.#hasFailed = true;
      return loginVariablesText({});
    }
  }
}
