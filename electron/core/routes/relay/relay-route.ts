import { AppError } from '../../../shared/errors.ts';
import type { Clock } from '../../deps.ts';
import type { Connection } from '../../ssh/types.ts';
import { unlessAborted } from '../../unless-aborted.ts';
import type { RelayTarget } from './frames.ts';
import type { Relay } from './relay.ts';
import type { RelayStream } from './relay-stream.ts';
import { startRelay } from './start-relay.ts';

interface RelayRouteOptions {
  connection: Connection;
  /** The login node's command that runs a command inside the job. */
  enter(command: string): string;
  target: RelayTarget;
  node: string;
  where: string;
  clock: Clock;
}

/** The relay of one instance, shared by all its connections; one that died is started again by the next of them. */
export class RelayRoute {
  readonly #options: RelayRouteOptions;
  readonly #closing = new AbortController();
  #relay: Promise<Relay> | null = null;

  constructor(options: RelayRouteOptions) {
    this.#options = options;
  }

  async open(signal: AbortSignal | undefined): Promise<RelayStream> {
    const relay = await this.ready(signal);
    return relay.open(0, signal);
  }

  /** Started, or why not. Starting may take as long as a scheduler needs to let a command in, at most half a minute. */
  ready(signal: AbortSignal | undefined): Promise<Relay> {
    if (this.#closing.signal.aborted) return Promise.reject(this.#closing.signal.reason);
    this.#relay ??= this.#start();
    return unlessAborted(this.#relay, signal);
  }

  close(): void {
    this.#closing.abort(new AppError('cancelled', 'The route is no longer wanted.'));
    this.#relay?.then(
      (relay) => relay.close(),
      () => undefined,
    );
  }

  #start(): Promise<Relay> {
    const { connection, enter, target, node, where, clock } = this.#options;
    const started = startRelay({
      run: (command, signal) => connection.openCommand(enter(command), { signal }),
      targets: [target],
      node,
      where,
      clock,
      signal: AbortSignal.any([this.#closing.signal, connection.closed]),
    });
    const forget = () => {
      if (this.#relay === started) this.#relay = null;
    };
    started.then((relay) => {
      if (relay.closed.aborted) forget();
      relay.closed.addEventListener('abort', forget, { once: true });
    }, forget);
    return started;
  }
}
