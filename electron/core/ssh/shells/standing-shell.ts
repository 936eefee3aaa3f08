import type { ClientChannel } from 'ssh2';
import { AppError } from '../../../shared/errors.ts';
import { signalCommand } from '../client/ssh2-internals.ts';
import type { RunOptions } from '../types.ts';
import type { RawResult } from './run.ts';
import { readHandshakes } from './run-protocol.ts';
import { ShellCommand } from './shell-command.ts';
import { greetShell, type HandshakeOptions } from './shell-handshake.ts';

/** From the end of a command until nothing holds its outputs. */
const SETTLE_MS = 2000;
/** From TERM to KILL. */
const TERM_MS = 2000;

/** One `sh -s` that stays: runs scripts one after the other, without the start-up files of a session for each. */
export class StandingShell {
  readonly node: string;
  readonly #options: Omit<HandshakeOptions, 'signal'>;
  readonly #channel: ClientChannel;
  readonly #nonce: string;
  readonly #closing = new AbortController();
  #command: ShellCommand | null = null;
  #settled: () => void = () => undefined;
  /** Fires when the command that runs is over. */
  #over = new AbortController();
  #idleOutput = '';
  #exit: string | undefined;
  #isRetired = false;
  /** What the shell itself has run last to be as scripts need it. */
  #setup = '';
  #cpuSeconds = 0;

  /** Waits for the start-up files. Rejects as `greetShell`. */
  static async start(options: HandshakeOptions): Promise<StandingShell> {
    return new StandingShell(options, await greetShell(options));
  }

  private constructor(options: Omit<HandshakeOptions, 'signal'>, nonce: string) {
    this.#options = options;
    this.node = options.node;
    this.#channel = options.channel;
    this.#nonce = nonce;
    this.#channel.on('data', this.#onOut);
    this.#channel.stderr.on('data', this.#onErr);
    this.#channel.on('exit', this.#onExit);
    this.#channel.on('close', this.#onClose);
    if (this.#channel.destroyed) this.#onClose();
  }

  /** Fires when its channel is closed. */
  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  /** It can run one more. False for good once it is retired. */
  get isFree(): boolean {
    return this.#command === null && !this.#isRetired && !this.closed.aborted;
  }

  /** Of the commands that have ended in it. */
  get cpuSeconds(): number {
    return this.#cpuSeconds;
  }

  /**
   * Runs a script in a free shell, after `setup` where that has not been run in it; `signal` ends it and its process group. Rejects with the signal's reason or
   * `command-failed`; the shell is then no longer free. `settled` resolves once, later, when the shell is free or retired.
   */
  run(
    script: string,
    { setup, ...options }: Pick<RunOptions, 'stdin' | 'maxBytes'> & { setup: string },
    signal: AbortSignal,
  ): { result: Promise<RawResult>; settled: Promise<void> } {
    const first = setup === this.#setup ? '' : setup;
    this.#setup = setup;
    const command = new ShellCommand(this, script, { ...options, first });
    this.#command = command;
    this.#over = new AbortController();
    const settled = new Promise<void>((resolve) => {
      this.#settled = resolve;
    });
    const onAbort = () => {
      command.fail(AppError.from(signal.reason));
      this.#kill();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const forget = () => signal.removeEventListener('abort', onAbort);
    command.result.then(
      () => {
        forget();
        void this.#settle(command);
      },
      () => {
        forget();
        this.#kill();
      },
    );
    command.begin();
    return { result: command.result, settled };
  }

  write(bytes: string | Uint8Array, done?: () => void): void {
    this.#channel.write(bytes, () => {
      done?.();
      this.#checkOver();
    });
  }

  /** Gives the channel of a free shell away; its /bin/sh waits for a command. */
  release(): ClientChannel {
    this.#isRetired = true;
    this.#detach();
    return this.#channel;
  }

  /** Ends a shell; what its scripts have left running goes on. */
  close(): void {
    this.#isRetired = true;
    this.#channel.end();
    this.#channel.close();
  }

  readonly #onOut = (chunk: Buffer): void => {
    if (this.#command) {
      this.#command.onOut(chunk);
      this.#checkOver();
    } else this.#onIdleOutput(chunk);
  };

  readonly #onErr = (chunk: Buffer): void => {
    if (this.#command) {
      this.#command.onErr(chunk);
      this.#checkOver();
    } else this.#onIdleOutput(chunk);
  };

  /** Late answers to the handshake are expected; anything else comes from what a start-up file left running. */
  #onIdleOutput(chunk: Buffer): void {
    if (this.#isRetired) return;
    this.#idleOutput += chunk.toString('latin1');
    const { rest } = readHandshakes(this.#idleOutput, this.#nonce);
    if (rest === '') this.#idleOutput = this.#idleOutput.slice(this.#idleOutput.lastIndexOf('\n') + 1);
    else this.close();
  }

  readonly #onExit = (code: number | null, name?: string): void => {
    this.#exit = code === null ? `killed by ${name}` : `exit code ${code}`;
  };

  readonly #onClose = (): void => {
    if (this.closed.aborted) return;
    this.#closing.abort(new AppError('command-failed', 'The shell has ended.'));
    this.#command?.onClose(this.#exit, this.#options.lost());
    this.#finish();
  };

  #checkOver(): void {
    const command = this.#command;
    if (!command?.isOver) return;
    this.#cpuSeconds += command.cpuSeconds;
    this.#idleOutput = '';
    this.#finish();
  }

  #finish(): void {
    this.#command = null;
    this.#over.abort();
    this.#settled();
    this.#settled = () => undefined;
  }

  /** A process that still holds an output could write into the next command's: the shell is given up. */
  async #settle(command: ShellCommand): Promise<void> {
    if (this.#command !== command) return;
    await this.#options.clock.sleep(SETTLE_MS, this.#over.signal).catch(() => undefined);
    if (this.#command !== command) return;
    this.close();
    this.#finish();
  }

  /** TERM to the process group, KILL if that does not end it. */
  #kill(): void {
    if (this.#isRetired || this.closed.aborted) return;
    this.#isRetired = true;
    signalCommand(this.#channel, 'TERM');
    this.#finish();
    void this.#options.clock
      .sleep(TERM_MS, this.closed)
      .then(() => {
        signalCommand(this.#channel, 'KILL');
        this.#channel.close();
      })
      .catch(() => undefined);
  }

  #detach(): void {
    this.#channel.removeListener('data', this.#onOut);
    this.#channel.stderr.removeListener('data', this.#onErr);
    this.#channel.removeListener('exit', this.#onExit);
    this.#channel.removeListener('close', this.#onClose);
  }
}
