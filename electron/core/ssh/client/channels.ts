import { Duplex } from 'node:stream';
import type { Client, ClientChannel, PseudoTtyOptions, SFTPWrapper } from 'ssh2';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import type { Clock } from '../../deps.ts';
import { printable } from '../dial/connect-errors.ts';
import { REMOTE_COMMAND } from '../shells/run-protocol.ts';
import { ChannelQueue } from './channel-queue.ts';
import { ReceiveWindow } from './receive-window.ts';
import { controlChannel, controlSftp } from './ssh2-flow.ts';
import { mendSessions } from './ssh2-sessions.ts';

/** RFC 4254, 5.1. */
const PROHIBITED = 1;
const REFUSED_TRIES = 6;

type Opened<T> = (error: Error | undefined, channel: T) => void;

interface ChannelsOptions {
  client: Client;
  node: string;
  clock: Clock;
  /** Fires with the connection. */
  closed: AbortSignal;
  /** To the server and back, ms; null: not measured yet. */
  roundTripMs(): number | null;
}

/** All channels of one client: opens them, counts the session ones, ends every one when the connection does. */
export class Channels {
  readonly #client: Client;
  readonly #node: string;
  readonly #clock: Clock;
  readonly #closed: AbortSignal;
  readonly #roundTripMs: () => number | null;
  readonly #queue = new ChannelQueue();
  readonly #live = new Set<Duplex>();
  #sessionsStarted = 0;
  #transfers = 0;
  /** Who waits for a channel. One listener on `closed` serves them all: a busy connection has dozens at a time. */
  readonly #opening = new Set<(reason: unknown) => void>();

  constructor({ client, node, clock, closed, roundTripMs }: ChannelsOptions) {
    this.#client = client;
    this.#node = node;
    this.#clock = clock;
    this.#closed = closed;
    this.#roundTripMs = roundTripMs;
    mendSessions(client);
    closed.addEventListener('abort', () => this.#destroyAll(), { once: true });
  }

  /** An exec channel that runs the one remote command. Waits its turn, after a refusal only while `isWorthWaiting`. */
  exec(signal: AbortSignal, isWorthWaiting: () => boolean = () => true): Promise<ClientChannel> {
    return this.#session<ClientChannel>(
      signal,
      (done) => this.#client.exec(REMOTE_COMMAND, done),
      (channel) => channel,
      isWorthWaiting,
    ).catch(this.#execRefused);
  }

  /** The server has opened a session and runs no command in it. */
  readonly #execRefused = (error: unknown): never => {
    throw error instanceof AppError ? error : sessionError(error, this.#node);
  };

  /** An exec channel on a terminal: the login shell, or the command that reads what to run. */
  terminal(
    asked: PseudoTtyOptions,
    command: string | null,
    signal: AbortSignal,
    isWorthWaiting: () => boolean,
  ): Promise<ClientChannel> {
    return this.#session(
      signal,
      (done) => (command === null ? this.#client.shell(asked, done) : this.#client.exec(command, { pty: asked }, done)),
      (channel) => channel,
      isWorthWaiting,
    );
  }

  get sessionLimit(): number {
    return this.#queue.limit;
  }

  /** The server is known to hold one more session than are open now. */
  get isRoomProven(): boolean {
    return this.#queue.proven > this.#queue.open;
  }

  /** Ending what `tryExtraSftp` opened lets in whoever waits. */
  get isFullByExtra(): boolean {
    return this.#queue.isFullByExtra;
  }

  /** Sessions that copy files or are wanted for it, without the extra ones. */
  get transfers(): number {
    return this.#transfers;
  }

  /** How many wait for a session. */
  get waiting(): number {
    return this.#queue.waiting;
  }

  /** Sessions of any kind that the server has started. */
  get sessionsStarted(): number {
    return this.#sessionsStarted;
  }

  /** `listener` runs whenever somebody begins to wait for a session. */
  onWait(listener: () => void): void {
    this.#queue.onWait = listener;
  }

  /** As `exec`, at once; null: no session is left here, or the server refuses one, which lowers the limit. */
  async tryExec(signal: AbortSignal): Promise<ClientChannel | null> {
    const start = (done: Opened<ClientChannel>) => this.#client.exec(REMOTE_COMMAND, done);
    const channel = await this.#trySession(this.#queue.tryEnter(), signal, start).catch(this.#execRefused);
    return channel && this.#track(channel);
  }

  /** As `sftp`, at once, for whoever ends it when somebody waits; null where no session would stay free for others. */
  async tryExtraSftp(signal: AbortSignal): Promise<SFTPWrapper | null> {
    const leave = this.#queue.tryEnterExtra();
    if (!leave) return null;
    try {
      const channel = await this.#trySession<SFTPWrapper>(leave, signal, (done) => this.#client.sftp(done));
      if (!channel || this.#queue.waiting === 0) return channel;
      channel.end();
      return null;
    } finally {
      this.#queue.extraSettled();
    }
  }

  /** An sftp channel. The error of a server that does not have it, or whose login files print into it, comes as it is. */
  async sftp(signal: AbortSignal): Promise<SFTPWrapper> {
    this.#transfers++;
    try {
      const channel = await this.#session<SFTPWrapper>(
        signal,
        (done) => this.#client.sftp(done),
        () => null,
        () => true,
      );
      channel.once('close', () => this.#transfers--);
      return channel;
    } catch (error) {
      this.#transfers--;
      throw error;
    }
  }

  /** A Unix socket on that node. */
  async socket(path: string, signal?: AbortSignal): Promise<Duplex> {
    try {
      return this.#track(
        await this.#open<ClientChannel>(signal, (done) => this.#client.openssh_forwardOutStreamLocal(path, done)),
      );
    } catch (error) {
      throw forwardError(error, this.#node, `the socket ${path}`);
    }
  }

  /** A TCP port seen from that node. */
  async port(host: string, port: number, signal?: AbortSignal): Promise<Duplex> {
    try {
      return this.#track(
        await this.#open<ClientChannel>(signal, (done) => this.#client.forwardOut('127.0.0.1', 0, host, port, done)),
      );
    } catch (error) {
      throw forwardError(error, this.#node, `${host}:${port}`);
    }
  }

  async #trySession<T extends ClientChannel | SFTPWrapper>(
    leave: (() => void) | null,
    signal: AbortSignal,
    start: (done: Opened<T>) => void,
  ): Promise<T | null> {
    if (!leave) return null;
    try {
      const channel = await this.#open<T>(signal, start);
      this.#accept(channel, leave);
      return channel;
    } catch (error) {
      const isRefusal = error instanceof Error && typeof Reflect.get(error, 'reason') === 'number';
      if (isRefusal) this.#queue.refused();
      leave();
      if (!isRefusal) throw error;
      return null;
    }
  }

  async #session<T extends ClientChannel | SFTPWrapper>(
    signal: AbortSignal,
    start: (done: Opened<T>) => void,
    asStream: (channel: T) => Duplex | null,
    isWorthWaiting: () => boolean,
  ): Promise<T> {
    for (let tries = 1; ; tries++) {
      const leave = await this.#queue.enter(AbortSignal.any([signal, this.#closed]));
      try {
        const channel = await this.#open(signal, start);
        this.#accept(channel, leave);
        const stream = asStream(channel);
        if (stream) this.#track(stream);
        return channel;
      } catch (error) {
        const reason: unknown = error instanceof Error ? Reflect.get(error, 'reason') : undefined;
        if (typeof reason !== 'number') {
          leave();
          throw error;
        }
        const others = this.#queue.refused();
        leave();
        if (reason === PROHIBITED || tries >= REFUSED_TRIES || !isWorthWaiting()) throw sessionError(error, this.#node);
        // The last channel may be closed here and not yet there.
        if (!others) await this.#clock.sleep(25 * 2 ** tries, signal);
      }
    }
  }

  #accept(channel: ClientChannel | SFTPWrapper, leave: () => void): void {
    this.#queue.accepted();
    this.#sessionsStarted++;
    ignoreErrors(channel);
    channel.once('close', leave);
  }

  #open<T extends ClientChannel | SFTPWrapper>(
    signal: AbortSignal | undefined,
    start: (done: Opened<T>) => void,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      let given = false;
      const finish = (error: unknown, channel?: T) => {
        signal?.removeEventListener('abort', onAbort);
        this.#opening.delete(finish);
        if (given) {
          // Too late: nobody waits for it.
          channel?.end();
          if (channel instanceof Duplex) channel.destroy();
          return;
        }
        given = true;
        if (channel) resolve(channel);
        else reject(error);
      };
      const onAbort = () => finish(AppError.from(signal?.reason));
      if (this.#closed.aborted) {
        reject(this.#closed.reason);
        return;
      }
      if (signal?.aborted) {
        reject(AppError.from(signal.reason));
        return;
      }
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#opening.add(finish);
      try {
        start((error, channel) => {
          if (error) {
            finish(error);
            return;
          }
          // At once: the first bytes may be in the chunk that ssh2 reads now.
          this.#controlWindow(channel);
          finish(undefined, channel);
        });
      } catch (error) {
        // ssh2 throws synchronously when its socket is gone.
        finish(
          new AppError('connection-lost', message`The connection to ${{ node: this.#node }} is gone.`, {
            cause: error,
          }),
        );
      }
    });
  }

  #controlWindow(channel: ClientChannel | SFTPWrapper): void {
    const window = new ReceiveWindow();
    const credit = (bytes: number, open: number) => window.take(bytes, open, performance.now(), this.#roundTripMs());
    if (channel instanceof Duplex) controlChannel(channel, credit);
    else controlSftp(channel, credit);
  }

  #track<T extends Duplex>(channel: T): T {
    this.#live.add(channel);
    ignoreErrors(channel);
    channel.once('close', () => this.#live.delete(channel));
    return channel;
  }

  /** ssh2 leaves channels without any event when the client is destroyed; nobody may wait for them. */
  #destroyAll(): void {
    for (const finish of this.#opening) finish(this.#closed.reason);
    setImmediate(() => {
      for (const channel of this.#live) {
        Duplex.prototype.destroy.call(channel);
        channel.emit('close');
      }
      this.#live.clear();
    });
  }
}

/** It may break before its owner listens, or while nobody uses it; whoever does has a listener of its own. */
function ignoreErrors(channel: Duplex | ClientChannel | SFTPWrapper): void {
  channel.on('error', () => undefined);
}

function said(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return printable(text.replace(/^\(SSH\) Channel open failure: /, ''));
}

function forwardError(error: unknown, node: string, what: string): AppError {
  if (error instanceof AppError) return error;
  const reason: unknown = error instanceof Error ? Reflect.get(error, 'reason') : undefined;
  const detail = said(error);
  if (reason === PROHIBITED) {
    return new AppError('forwarding-denied', message`${{ node }} does not allow forwarding to ${{ what }}.`, {
      detail,
      cause: error,
    });
  }
  return new AppError('channel-refused', message`Nothing answers on ${{ node }} at ${{ what }}.`, {
    hint: 'It may have ended, or the server does not allow such forwarding and says no more.',
    detail,
    cause: error,
  });
}

function sessionError(error: unknown, node: string): AppError {
  return new AppError(
    'channel-refused',
    message`${{ node }} does not let this connection run anything: ${said(error)}.`,
    {
      hint: 'The server allows no sessions for this account; ask its administrators.',
      cause: error,
    },
  );
}
