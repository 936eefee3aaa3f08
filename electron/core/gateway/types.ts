import type { Duplex } from 'node:stream';
import type { ViewAccess } from '../../shared/contract/instances.ts';
import type { Serve } from '../../shared/recipes.ts';

/** What the gateway must know of one instance. */
export interface GatewayTarget {
  id: string;
  serve: Serve;
  /** The name on the cluster, for `serve.login`. */
  user: string;
  /** The instance's own secret, for `serve.token` and `serve.login`. */
  token: string;
  /** A channel to the endpoint; rejects while there is none. */
  open(signal?: AbortSignal): Promise<Duplex>;
  /** Shown by the waiting page and by held requests while `open` rejects. */
  status(): { state: 'up' | 'down' | 'ended'; message: string };
}

/** The loopback server in front of every instance: TLS, pinned, 403 to whoever lacks the secret. */
export interface Gateway {
  start(): Promise<void>;
  /** Adds or replaces. */
  add(target: GatewayTarget): void;
  remove(id: string): Promise<void>;
  access(id: string): ViewAccess;
  /** One-time link for the user's own browser: within a minute it sets a cookie, then it is spent. */
  browserLink(id: string): Promise<string>;
  /** Requests held while a tunnel was down go on. */
  wake(id: string): void;
  dispose(): Promise<void>;
}
