import type { Writable } from 'node:stream';
import type { KeptTerminal, NotKept } from '../../shared/terminals.ts';
import type { CommandStream, Terminal, TerminalSize } from '../ssh/types.ts';

/** A cluster's login node or another node of it, or where an app runs. */
export type Target = { clusterId: string; node?: string | undefined } | { appId: string };

/** What a terminal is opened with. `type`: of the terminal here (`TERM`). */
type TerminalOptions = TerminalSize & { type: string; signal?: AbortSignal };

/** A terminal that may go on without a connection; where it cannot, `notKept` says why. */
export interface KeptOpening extends Terminal {
  readonly kept: KeptTerminal | null;
  readonly notKept: NotKept | null;
}

/** `closed`: the connection to the cluster was closed, and why. */
interface OverConnection {
  readonly closed: AbortSignal;
}

export interface KeptId {
  clusterId: string;
  id: string;
}

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
  openTerminal(target: Target, options: TerminalOptions & { script?: string }): Promise<Terminal>;
  /** As `openTerminal`, for one that goes on where the connection ends, if its node allows that. */
  openKept(
    target: Target,
    options: TerminalOptions & { script?: string; title: string },
  ): Promise<KeptOpening & OverConnection>;
  /** Shows a kept terminal again. @throws AppError `not-found` where it has ended */
  attachKept(
    asked: KeptId,
    options: TerminalOptions,
  ): Promise<Terminal & OverConnection & { readonly kept: KeptTerminal }>;
  /** Oldest first. */
  listKept(clusterId: string, signal?: AbortSignal): Promise<KeptTerminal[]>;
  /** @throws AppError `not-found` where it has ended */
  closeKept(asked: KeptId, signal?: AbortSignal): Promise<void>;
}
