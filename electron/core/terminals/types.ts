import type { Writable } from 'node:stream';
import type { CommandStream, Terminal, TerminalSize } from '../ssh/types.ts';

/** A cluster's login node or another node of it, or where an app runs. */
export type Target = { clusterId: string; node?: string | undefined } | { appId: string };

/** Commands and shells on a cluster or inside a running app's job. */
export interface Terminals {
  /**
   * Runs POSIX sh text. The stream ends with the command; `stderr` takes its error output.
   * @throws AppError `conflict` for an app that does not run, else as `Connection.openCommand`
   */
  openCommand(
    target: Target,
    script: string,
    options: { signal?: AbortSignal; stderr?: Writable; isWorkspace?: boolean },
  ): Promise<CommandStream>;
  /** An interactive shell, or (not for an app) a script on a terminal. @throws AppError as `openCommand` */
  openTerminal(
    target: Target,
    options: TerminalSize & { type: string; script?: string; signal?: AbortSignal },
  ): Promise<Terminal>;
}
