import type { Connection } from './connection.ts';
import { asTunelError } from './error-conversion.ts';
import { isPassing, pause } from './repeat.ts';
import type { LogPiece, Streams, Transition } from './types.ts';

/** Between two looks where no event says that something has changed, ms. */
const LOOK_AGAIN = 2000;
const RECONNECT = 300;
/** Transitions of one page. */
const PAGE = 500;

/** Wakes whoever waits whenever the engine says that something has changed. */
class ChangeSignal {
  readonly #waiting = new Set<() => void>();
  readonly #life = new AbortController();
  readonly #signal: AbortSignal;

  constructor(connection: Connection, signal: AbortSignal) {
    this.#signal = AbortSignal.any([signal, this.#life.signal]);
    void this.#listen(connection);
  }

  async next(): Promise<void> {
    const timer = new AbortController();
    const changed = new Promise<void>((resolve) => {
      this.#waiting.add(resolve);
    });
    const limit = pause(LOOK_AGAIN, AbortSignal.any([this.#signal, timer.signal]));
    await Promise.race([changed, limit]).finally(() => timer.abort());
    limit.catch(() => undefined);
  }

  end(): void {
    this.#life.abort();
  }

  async #listen(connection: Connection): Promise<void> {
    while (!this.#signal.aborted) {
      try {
        await connection.subscribe(() => this.#wake(), { signal: this.#signal });
      } catch {
        // Who waits looks again by time, and meets the reason where it is more than the end of an engine.
      }
      this.#wake();
      await pause(RECONNECT, this.#signal).catch(() => undefined);
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

interface FollowOptions<T> {
  read: (signal: AbortSignal) => Promise<T>;
  /** What makes two values differ. */
  key: (value: T) => string;
  isOver: (value: T) => boolean;
  signal: AbortSignal | undefined;
}

/** A value whenever it differs from the one before, until it is over; across the end of an engine. */
export async function* followValue<T>(connection: Connection, options: FollowOptions<T>): AsyncGenerator<T> {
  const signal = options.signal ? AbortSignal.any([options.signal, connection.closed]) : connection.closed;
  const changes = new ChangeSignal(connection, signal);
  try {
    for (let seen: string | null = null; ; ) {
      const value = await options.read(signal);
      const key = options.key(value);
      if (key !== seen) yield value;
      if (options.isOver(value)) return;
      seen = key;
      await changes.next();
    }
  } finally {
    changes.end();
  }
}

/** What happens to apps, jobs and clusters, each once and in order, also across the end of an engine. */
export async function* followTransitions(
  connection: Connection,
  { after, signal: given }: { after?: number; signal?: AbortSignal },
): AsyncGenerator<Transition> {
  const signal = given ? AbortSignal.any([given, connection.closed]) : connection.closed;
  let last = after ?? (await newestTransition(connection, signal));
  const changes = new ChangeSignal(connection, signal);
  try {
    for (;;) {
      const page = await connection.repeatable('history.transitions', { after: last, limit: PAGE }, signal);
      for (const transition of page.transitions) {
        last = transition.id;
        yield transition;
      }
      if (page.transitions.length < PAGE) await changes.next();
    }
  } catch (error) {
    // Whoever aborts expects the end of the loop, not a failure.
    if (!signal.aborted) throw error;
  } finally {
    changes.end();
  }
}

async function newestTransition(connection: Connection, signal: AbortSignal): Promise<number> {
  const { transitions } = await connection.repeatable('history.transitions', { limit: 1 }, signal);
  return transitions.at(-1)?.id ?? 0;
}

interface FollowLogOptions {
  input: Streams['instances.followLog']['input'];
  signal: AbortSignal | undefined;
}

/** A log as it grows, all of it and in order, until its app or job is over; across lost connections and the end of an engine. */
export async function* followLog(
  connection: Connection,
  { input, signal }: FollowLogOptions,
): AsyncGenerator<LogPiece> {
  let { offset } = input;
  const within = signal ? AbortSignal.any([signal, connection.closed]) : connection.closed;
  for (;;) {
    try {
      for await (const piece of readLog(connection, { ...input, offset }, within)) {
        offset = piece.next;
        yield piece;
      }
      return;
    } catch (thrown) {
      const error = asTunelError(within.aborted ? within.reason : thrown);
      if (!isPassing(error.code)) throw error;
      await pause(RECONNECT, within);
    }
  }
}

async function* readLog(
  connection: Connection,
  input: Streams['instances.followLog']['input'],
  signal: AbortSignal,
): AsyncGenerator<LogPiece> {
  const { data, closed } = await connection.openStream('instances.followLog', input, signal);
  try {
    let rest = '';
    data.setEncoding('utf8');
    for await (const chunk of data) {
      const lines = `${rest}${chunk}`.split('\n');
      rest = lines.pop() ?? '';
      // The engine wrote it by the contract.
      for (const line of lines) yield JSON.parse(line) as LogPiece;
    }
  } catch (error) {
    // Its end knows best why it ended.
    await closed;
    throw error;
  } finally {
    data.destroy();
  }
  await closed;
}
