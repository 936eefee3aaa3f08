import { setMaxListeners } from 'node:events';
import type { Duplex, Writable } from 'node:stream';
import type { Client } from 'ssh2';
import type { LoginNodeUsage } from '../../../shared/clusters.ts';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import { onAbort } from '../../../shared/on-abort.ts';
import type { Clock } from '../../deps.ts';
import { unlessAborted } from '../../unless-aborted.ts';
import { slept } from '../pool/reconnect-policy.ts';
import { RemoteFiles } from '../sftp/files.ts';
import { openCommandStream } from '../shells/command-stream.ts';
import { type LoginVariables, loginVariablesText } from '../shells/login-variables.ts';
import { LongCommands, SessionSlots } from '../shells/long-commands.ts';
import type { RawResult } from '../shells/run.ts';
import { SpareCommands } from '../shells/spare-commands.ts';
import { StandingShells } from '../shells/standing-shells.ts';
import type {
  CommandCost,
  CommandStream,
  Connection,
  HopReason,
  Lease,
  RunOptions,
  RunResult,
  Terminal,
  TerminalSize,
  UploadOptions,
} from '../types.ts';
import { Channels } from './channels.ts';
import { MISSES } from './keepalive-policy.ts';
import { terminalSession } from './terminal.ts';

const AFTER_SLEEP_MS = 5000;

interface LiveConnectionOptions {
  client: Client;
  node: string;
  clock: Clock;
  /** Sends what the server must answer; default: a global request that changes nothing. `done` runs with the answer. */
  askForAnswer?(done: () => void): void;
  /** Null: something built on this connection notices for it. */
  keepaliveMs: number | null;
  /** Opens a second hop over a channel of this connection. */
  dialHop(node: string, through: LiveConnection, signal: AbortSignal, reason: HopReason): Promise<LiveConnection>;
  /** Signs in there once more, for commands that stay where the server allows too few sessions. */
  dialAgain?(signal: AbortSignal): Promise<LiveConnection>;
  onRoundTrip?(ms: number): void;
  /** No command runs before the user has changed the password in a terminal. */
  onPasswordExpired?(error: AppError): void;
}

interface SharedHop {
  reason: HopReason;
  connection: Promise<LiveConnection>;
  holders: number;
  abort: AbortController;
}

/** A Connection over one ssh2 client, and what its owner may do with it. */
export class LiveConnection implements Connection {
  readonly node: string;
  readonly #options: LiveConnectionOptions;
  readonly #closing = new AbortController();
  readonly #channels: Channels;
  readonly #shells: StandingShells;
  readonly #files: RemoteFiles;
  readonly #commands: LongCommands;
  readonly #spare: SpareCommands;
  /** For whoever takes this connection as a second one. */
  readonly slots: SessionSlots;
  readonly #hops = new Map<string, SharedHop>();
  /** The shortest seen: a longer one was kept waiting by other bytes. */
  #roundTripMs: number | null = null;
  #isPasswordExpired = false;

  constructor(options: LiveConnectionOptions) {
    this.#options = options;
    // All that goes over a connection listens for its end.
    setMaxListeners(0, this.closed);
    this.node = options.node;
    const { client, node } = options;
    let trouble: Error | undefined;
    client.on('error', (error) => {
      trouble = error;
    });
    client.on('close', () => {
      const why = trouble ? `: ${trouble.message}` : '';
      this.close(
        new AppError('connection-lost', message`The connection to ${{ node }} was lost${{ why }}.`, { cause: trouble }),
      );
    });
    this.#channels = new Channels({
      client,
      node,
      clock: options.clock,
      closed: this.closed,
      roundTripMs: () => this.#roundTripMs,
    });
    this.#files = new RemoteFiles({
      node,
      closed: this.closed,
      sftp: (signal) => this.#channels.sftp(signal),
      extraSftp: (signal) => this.#channels.tryExtraSftp(signal),
      clock: options.clock,
      roundTripMs: () => this.#roundTripMs,
      command: (script, commandOptions) => this.openCommand(script, commandOptions),
      run: (script, runOptions) => this.#runRaw(script, runOptions),
    });
    const channels = this.#channels;
    this.#shells = new StandingShells({ node, channels, clock: options.clock, closed: this.closed });
    this.#spare = new SpareCommands({ node, channels, clock: options.clock, closed: this.closed });
    channels.onWait(() => {
      if (channels.isFullByExtra && this.#files.endExtraChannel()) return;
      this.#shells.yieldSession();
      this.#spare.end();
    });
    this.slots = new SessionSlots(node, { channels, shells: this.#shells }, this.closed);
    this.#commands = new LongCommands(node, this.slots, options.dialAgain);
    this.closed.addEventListener('abort', () => this.#commands.close(), { once: true });
    // It fails where the client has closed already, before anybody listened.
    this.ping().catch((error: unknown) => this.close(AppError.from(error)));
    if (options.keepaliveMs !== null) void this.#watch(options.keepaliveMs);
  }

  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  async run(script: string, options?: RunOptions): Promise<RunResult> {
    const { stdout, stderr, exitCode } = await this.#runRaw(script, options);
    return { stdout: stdout.toString(options?.encoding ?? 'utf8'), stderr, exitCode };
  }

  get usage(): LoginNodeUsage {
    const { cost } = this.#spare;
    return {
      sessionsStarted: this.#channels.sessionsStarted,
      commandsRun: this.#shells.commandsRun + cost.commandsRun,
      cpuSeconds: this.#shells.cpuSeconds + cost.cpuSeconds,
    };
  }

  setLoginVariables(variables: LoginVariables): void {
    const setup = loginVariablesText(variables);
    if (setup === this.#shells.setup) return;
    this.#shells.setup = setup;
    // What runs in them would start a login shell for each of its scripts.
    this.#spare.end();
  }

  openCommand(
    script: string,
    { signal, stderr }: { signal?: AbortSignal; stderr?: Writable } = {},
  ): Promise<CommandStream> {
    return this.#commands.open<CommandStream>(
      {
        channel: async ({ channels, shells }, limit, isWorthWaiting) =>
          (await shells.take(limit)) ?? channels.exec(limit, isWorthWaiting),
        begin: (node, channel, limit, lost) =>
          openCommandStream(node, channel, script, limit, lost, { setup: this.#shells.setup, stderr }),
      },
      signal ? AbortSignal.any([signal, this.closed]) : this.closed,
    );
  }

  openSpareCommand(
    script: string,
    { signal, ...options }: { signal?: AbortSignal; stderr?: Writable; cost?: () => CommandCost } = {},
  ): Promise<CommandStream | null> {
    const until = signal ? AbortSignal.any([signal, this.closed]) : this.closed;
    return this.#spare.open(script, { setup: this.#shells.setup, signal: until, ...options });
  }

  async openTerminal({
    signal,
    ...asked
  }: TerminalSize & { type: string; script?: string; signal?: AbortSignal }): Promise<Terminal> {
    const terminal = await this.#commands.open(
      terminalSession(asked),
      signal ? AbortSignal.any([signal, this.closed]) : this.closed,
    );
    // sshd sees a changed password only at the next sign-in.
    void terminal.ended.then(() => {
      if (this.#isPasswordExpired) this.close(new AppError('connection-lost', 'The password was to be changed.'));
    });
    return terminal;
  }

  openSocket(path: string, signal?: AbortSignal): Promise<Duplex> {
    return this.#channels.socket(path, signal);
  }

  openPort(host: string, port: number, signal?: AbortSignal): Promise<Duplex> {
    return this.#channels.port(host, port, signal);
  }

  writeFile(path: string, data: Uint8Array, options?: { mode?: number; signal?: AbortSignal }): Promise<void> {
    return this.#files.write(path, data, options);
  }

  readFile(path: string, options?: { offset?: number; maxBytes?: number; signal?: AbortSignal }): Promise<Uint8Array> {
    return this.#files.read(path, options);
  }

  upload(path: string, source: AsyncIterable<Uint8Array>, options?: UploadOptions): Promise<number> {
    return this.#files.upload(path, source, options);
  }

  download(
    path: string,
    write: (chunk: Uint8Array) => Promise<void>,
    options?: { offset?: number; maxBytes?: number; signal?: AbortSignal },
  ): Promise<number> {
    return this.#files.download(path, write, options);
  }

  async hop(node: string, signal?: AbortSignal, reason: HopReason = 'user'): Promise<Lease> {
    if (this.closed.aborted) throw this.closed.reason;
    const shared = this.#hops.get(node) ?? this.#dialHop(node, reason);
    try {
      return await this.#holdHop(node, shared, signal);
    } catch (error) {
      // Whoever began it could ask and offer less than the user can.
      if (reason !== 'user' || shared.reason === 'user' || signal?.aborted || this.closed.aborted) throw error;
      return this.hop(node, signal, reason);
    }
  }

  #dialHop(node: string, reason: HopReason): SharedHop {
    const abort = new AbortController();
    const connection = this.#options.dialHop(node, this, AbortSignal.any([abort.signal, this.closed]), reason);
    const made: SharedHop = { reason, connection, holders: 0, abort };
    this.#hops.set(node, made);
    const forget = () => {
      if (this.#hops.get(node) === made) this.#hops.delete(node);
    };
    connection.then((live) => void onAbort(live.closed, forget), forget);
    return made;
  }

  /** Ends it for good; the first reason stays. */
  close(reason = new AppError('connection-lost', message`The connection to ${{ node: this.node }} is closed.`)): void {
    if (this.closed.aborted) return;
    this.#closing.abort(reason);
    this.#options.client.end();
    // A frozen peer never answers the goodbye.
    setImmediate(() => this.#options.client.destroy());
  }

  /** One round trip, ms. */
  ping(): Promise<number> {
    const { client, askForAnswer = (done) => client.unforwardIn('127.0.0.1', 1, done) } = this.#options;
    const begin = performance.now();
    return new Promise((resolve, reject) => {
      try {
        askForAnswer(() => {
          const ms = performance.now() - begin;
          this.#roundTripMs = Math.min(ms, this.#roundTripMs ?? ms);
          resolve(ms);
        });
      } catch (error) {
        reject(
          new AppError('connection-lost', message`The connection to ${{ node: this.node }} is gone.`, { cause: error }),
        );
      }
    });
  }

  async #runRaw(script: string, options?: RunOptions): Promise<RawResult> {
    try {
      return await this.#shells.run(script, options);
    } catch (error) {
      if (error instanceof AppError && error.code === 'password-expired') {
        this.#isPasswordExpired = true;
        this.#options.onPasswordExpired?.(error);
      }
      throw error;
    }
  }

  async #holdHop(node: string, shared: SharedHop, signal?: AbortSignal): Promise<Lease> {
    shared.holders++;
    let released = false;
    const release = () => {
      if (released) return;
      released = true;
      shared.holders--;
      if (shared.holders > 0) return;
      if (this.#hops.get(node) === shared) this.#hops.delete(node);
      shared.abort.abort(new AppError('cancelled', 'Cancelled.'));
      shared.connection.then(
        (connection) => connection.close(),
        () => undefined,
      );
    };
    try {
      return { connection: await unlessAborted(shared.connection, signal), release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** A ping each interval; three unanswered and the peer is dead. After a sleep of this machine one answer is due at once. */
  async #watch(keepaliveMs: number): Promise<void> {
    const { clock, onRoundTrip } = this.#options;
    let unanswered = 0;
    let last = clock.now();
    while (!this.closed.aborted) {
      await clock.sleep(keepaliveMs, this.closed).catch(() => undefined);
      if (this.closed.aborted) return;
      const now = clock.now();
      const wokeUp = slept(now - last, keepaliveMs);
      last = now;
      if (unanswered >= MISSES) {
        this.close(new AppError('connection-lost', message`${{ node: this.node }} stopped answering.`));
        return;
      }
      unanswered++;
      const answer = this.ping().then(
        (ms) => {
          unanswered = 0;
          onRoundTrip?.(ms);
          return true;
        },
        () => false,
      );
      if (!wokeUp) continue;
      const awake = clock.sleep(AFTER_SLEEP_MS, this.closed).then(
        () => false,
        () => true,
      );
      if (!(await Promise.race([answer, awake]))) {
        this.close(
          new AppError('connection-lost', message`The connection to ${{ node: this.node }} did not survive the sleep.`),
        );
      }
    }
  }
}
