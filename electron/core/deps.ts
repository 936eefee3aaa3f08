import type { KeychainProblem } from '../shared/state.ts';

/** What the core is given from outside, so that a test, the command line and the engine can each give their own. */

export interface Clock {
  now(): number;
  /** Resolves after `ms`; rejects with `cancelled` when the signal fires first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Logger {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

export interface Paths {
  /** Settings, clusters, history: everything of ours on this machine, 0700. */
  readonly data: string;
  /** The recipes that ship with the app. */
  readonly recipes: string;
  /** The site profiles that ship with the app. */
  readonly sites: string;
  /** The bundled pages of desktops and terminals, a folder each. */
  readonly pages: string;
  /** The bundled demo cluster's entry file, run with Node. */
  readonly demoCluster: string;
  /** The bundled command line's entry file, run with Node. */
  readonly cli: string;
}

/** Where passwords and passphrases are kept. */
export interface Secrets {
  /** Whether they outlive the process. A system's keychain that does not answer is replaced by memory. */
  readonly kind: 'system' | 'memory';
  /** Why it is only memory; empty when it is the system's. */
  readonly reason: string;
  /** What `reason` says, as a code; null when it is the system's, or was meant to be memory. */
  readonly problem: KeychainProblem | null;
  /** Hears of another `kind`. */
  onChange(listener: () => void): () => void;
  get(account: string): Promise<string | null>;
  set(account: string, secret: string): Promise<void>;
  remove(account: string): Promise<void>;
  /** Accounts that begin with the prefix. */
  list(prefix: string): Promise<string[]>;
}
