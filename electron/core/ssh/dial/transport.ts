import type { Cluster } from '../../../shared/clusters.ts';
import type { AppError } from '../../../shared/errors.ts';
import type { SessionMemory } from '../auth/session-memory.ts';
import type { Connection, HopReason } from '../types.ts';

/** What opens connections to clusters, by whatever SSH program. */
export interface Transport {
  /** Every hop's host key is checked, every hop signs in by itself; errors name the hop. */
  dial(cluster: Cluster, watcher: DialWatcher, signal: AbortSignal): Promise<Dialed>;
}

/** What one dial reports to its owner while it works, and what it may use. */
export interface DialWatcher {
  memory: SessionMemory;
  /** Nobody asked for this dial, see `SignIn`. */
  isAutomatic?: boolean;
  /** Nobody is to be asked: rejects with `sign-in-needed` instead. */
  asksNothing?: boolean;
  /** Saves and forgets nothing: no host key, no secret, no reply. */
  keepsNothing?: boolean;
  /** A server refused what was offered, or ended the connection instead of answering it. */
  onRefused?(): void;
  onAsking?(asking: boolean): void;
  onRoundTrip?(ms: number): void;
  /** The sign-in worked, but nothing runs before the password is changed. */
  onPasswordExpired?(error: AppError): void;
}

/** A node's dial, or a second one, is not the cluster's: its questions and round trips do not show in the cluster's state. */
export function quietWatcher({ memory, keepsNothing }: DialWatcher, reason: HopReason): DialWatcher {
  return { memory, keepsNothing, isAutomatic: reason !== 'user', asksNothing: reason === 'poll' };
}

/** A connection as its owner holds it. */
export interface OwnedConnection extends Connection {
  /** Ends it for good; the first reason stays. */
  close(reason?: AppError): void;
  /** One round trip, ms. */
  ping(): Promise<number>;
}

export interface Dialed<C extends OwnedConnection = OwnedConnection> {
  connection: C;
  /** `a key`, `a password and a code`, ... of the last hop. */
  how: string;
}
