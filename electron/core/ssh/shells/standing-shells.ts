import type { ClientChannel } from 'ssh2';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import { onAbort } from '../../../shared/on-abort.ts';
import type { Clock } from '../../deps.ts';
import type { RunOptions } from '../types.ts';
import { AccountLimitError } from './account-limit.ts';
import { limited, type RawResult } from './run.ts';
import { StandingShell } from './standing-shell.ts';

const MOST = 4;
const DEFAULT_TIMEOUT_MS = 60_000;
const START_MS = 60_000;
/**
 * How long a script waits for a busy shell before another is started, which runs the start-up files: at least this, and
 * somewhat longer than the last start took, up to a limit.
 */
const WAIT_MS = 200;
const WAIT_STARTS = 2.5;
const MOST_WAIT_MS = 10_000;
const IDLE_MS = 600_000;

/** What the shells need of their connection's channels. */
interface ShellChannels {
  /** Somebody else waits for a session. */
  readonly waiting: number;
  /** Waits its turn. */
  exec(signal: AbortSignal): Promise<ClientChannel>;
  /** Null: there is no session now. */
  tryExec(signal: AbortSignal): Promise<ClientChannel | null>;
}

interface StandingShellsOptions {
  node: string;
  channels: ShellChannels;
  clock: Clock;
  /** Fires with the connection. */
  closed: AbortSignal;
}

interface Waiter {
  begin(shell: StandingShell): void;
  reject(error: AppError): void;
}

/**
 * The standing shells of one connection: one while that is enough, up to four while scripts wait. Where the server allows
 * few sessions, a shell gives its own up to whoever waits for one.
 */
export class StandingShells {
  readonly #options: StandingShellsOptions;
  /** With the time of their last use. */
  readonly #shells = new Map<StandingShell, number>();
  readonly #waiters: Waiter[] = [];
  /** Whether the server has given the shell that is starting a session at once; null: none is starting. */
  #starting: Promise<boolean> | null = null;
  #isWaitingForSlow = false;
  #isTrimming = false;
  /** How long the last start took. */
  #startMs = 0;
  #commandsRun = 0;
  #setup = '';
  #pastCpuSeconds = 0;
  /** Why this account runs no command: each further try would only start another session. */
  #accountLimit: AccountLimitError | null = null;

  constructor(options: StandingShellsOptions) {
    this.#options = options;
    const onClosed = () => this.#rejectAll(AppError.from(options.closed.reason));
    options.closed.addEventListener('abort', onClosed, { once: true });
  }

  /** What every shell runs before the next script in it, such as an assignment. */
  get setup(): string {
    return this.#setup;
  }

  set setup(text: string) {
    this.#setup = text;
  }

  get commandsRun(): number {
    return this.#commandsRun;
  }

  /** Of the commands that have ended. */
  get cpuSeconds(): number {
    let seconds = this.#pastCpuSeconds;
    for (const shell of this.#shells.keys()) seconds += shell.cpuSeconds;
    return seconds;
  }

  /**
   * Runs a script in a free shell; scripts that find none wait in order. A script is never run again, whatever happens.
   * Rejects with `timeout`, `cancelled`, `command-failed` when it could not be run to its end, or why there is no session.
   */
  async run(script: string, options: RunOptions = {}): Promise<RawResult> {
    const { node } = this.#options;
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const late = () =>
      new AppError('timeout', message`A command on ${{ node }} took longer than ${Math.round(timeoutMs / 1000)} s.`);
    const limit = limited(options.signal, timeoutMs, late);
    try {
      return await this.#runWhenFree(script, options, limit.signal);
    } finally {
      limit.done();
    }
  }

  /**
   * The channel of a free shell, whose /bin/sh waits for a command; null: there is none. One that is starting is waited for
   * if no script does: another would be ready later.
   */
  take(signal: AbortSignal): Promise<ClientChannel | null> {
    if (this.#waiters.length > 0 || !(this.#free() || this.#starting)) return Promise.resolve(null);
    return new Promise((resolve, reject) => {
      const begin = (shell: StandingShell) => {
        this.#forget(shell);
        resolve(shell.release());
      };
      this.#wait({ begin, reject: () => resolve(null) }, signal, reject);
    });
  }

  /** Starts a shell where there is none. False: there is no session for it now. */
  prepare(): Promise<boolean> {
    if (this.#accountLimit) return Promise.resolve(false);
    if (this.#shells.size > 0) return Promise.resolve(true);
    return this.#starting ?? this.#start();
  }

  /** Somebody waits for a session: a free shell gives its own up; a busy one does at the end of its script. */
  yieldSession(): void {
    const shell = this.#free();
    if (shell) this.#drop(shell);
  }

  #runWhenFree(script: string, options: RunOptions, signal: AbortSignal): Promise<RawResult> {
    return new Promise((resolve, reject) => {
      const begin = (shell: StandingShell) => {
        this.#commandsRun++;
        const { result, settled } = shell.run(script, { ...options, setup: this.#setup }, signal);
        void settled.then(() => this.#leave(shell));
        result.then(resolve, reject);
      };
      this.#wait({ begin, reject }, signal, reject);
    });
  }

  /** Lets `waiter` have its turn. `giveUp` gets the signal's reason, or why the connection is gone. */
  #wait(waiter: Waiter, signal: AbortSignal, giveUp: (error: AppError) => void): void {
    const { closed } = this.#options;
    if (closed.aborted || signal.aborted) {
      giveUp(AppError.from(closed.aborted ? closed.reason : signal.reason));
      return;
    }
    if (this.#accountLimit) {
      giveUp(this.#accountLimit);
      return;
    }
    const stop = () => signal.removeEventListener('abort', onAbort);
    const waiting: Waiter = {
      begin: (shell) => {
        stop();
        waiter.begin(shell);
      },
      reject: (error) => {
        stop();
        waiter.reject(error);
      },
    };
    const onAbort = () => {
      const at = this.#waiters.indexOf(waiting);
      if (at >= 0) this.#waiters.splice(at, 1);
      giveUp(AppError.from(signal.reason));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    this.#waiters.push(waiting);
    this.#serve();
  }

  /** Gives free shells to those who wait, and starts one more where that is worth it. */
  #serve(): void {
    while (this.#waiters.length > 0) {
      const shell = this.#free();
      if (!shell) break;
      this.#shells.set(shell, this.#options.clock.now());
      this.#waiters.shift()?.begin(shell);
    }
    if (this.#waiters.length === 0 || this.#starting || this.#options.closed.aborted) return;
    if (this.#shells.size === 0) void this.#start();
    else if (this.#shells.size < MOST) void this.#startWhenSlow();
  }

  /** A command of the shell is over. */
  #leave(shell: StandingShell): void {
    if (!shell.isFree) this.#forget(shell);
    else if (this.#options.channels.waiting > 0) this.#drop(shell);
    else this.#shells.set(shell, this.#options.clock.now());
    this.#serve();
  }

  async #startWhenSlow(): Promise<void> {
    if (this.#isWaitingForSlow) return;
    this.#isWaitingForSlow = true;
    const first = this.#waiters[0];
    const wait = Math.min(Math.max(WAIT_MS, this.#startMs * WAIT_STARTS), MOST_WAIT_MS);
    await this.#options.clock.sleep(wait, this.#options.closed).catch(() => undefined);
    this.#isWaitingForSlow = false;
    const isSlow = first !== undefined && this.#waiters[0] === first;
    if (isSlow && !this.#starting && this.#shells.size < MOST && !this.#options.closed.aborted) void this.#start();
    else this.#serve();
  }

  /** Resolves when it is known whether there is a session for it; without one, the first shell waits for its turn. */
  #start(): Promise<boolean> {
    const { node, channels, closed } = this.#options;
    const late = () =>
      new AppError('timeout', message`${{ node }} started no shell in ${{ seconds: START_MS / 1000 }} s.`);
    const limit = limited(closed, START_MS, late);
    const trying = channels.tryExec(limit.signal);
    const hasSession = trying.then((channel) => channel !== null);
    this.#starting = hasSession;
    const isFirst = this.#shells.size === 0;
    trying
      .then((channel) => channel ?? (isFirst ? channels.exec(limit.signal) : null))
      .then((channel) => (channel ? this.#startOn(channel, limit.signal) : undefined))
      .catch((error: unknown) => {
        if (error instanceof AccountLimitError) this.#accountLimit = error;
        if (this.#shells.size === 0) this.#rejectAll(AppError.from(error));
      })
      .finally(() => {
        limit.done();
        this.#starting = null;
        this.#serve();
        // Who waits for a session may have begun to before there was a shell to give it up.
        if (channels.waiting > 0) this.yieldSession();
      });
    return hasSession.catch(() => false);
  }

  async #startOn(channel: ClientChannel, signal: AbortSignal): Promise<void> {
    const { node, clock, closed } = this.#options;
    const lost = () => (closed.aborted ? AppError.from(closed.reason) : null);
    const begin = clock.now();
    const shell = await StandingShell.start({ node, channel, clock, signal, lost });
    this.#startMs = clock.now() - begin;
    this.#shells.set(shell, clock.now());
    onAbort(shell.closed, () => this.#forget(shell));
    void this.#trim();
  }

  #free(): StandingShell | undefined {
    for (const shell of this.#shells.keys()) if (shell.isFree) return shell;
    return undefined;
  }

  #drop(shell: StandingShell): void {
    this.#forget(shell);
    shell.close();
  }

  #forget(shell: StandingShell): void {
    if (this.#shells.delete(shell)) this.#pastCpuSeconds += shell.cpuSeconds;
  }

  /** Closes shells beyond the first that nothing has used for a while. */
  async #trim(): Promise<void> {
    if (this.#isTrimming) return;
    this.#isTrimming = true;
    const { clock, closed } = this.#options;
    while (this.#shells.size > 1 && !closed.aborted) {
      await clock.sleep(IDLE_MS, closed).catch(() => undefined);
      for (const [shell, usedAt] of this.#shells) {
        if (this.#shells.size > 1 && shell.isFree && clock.now() - usedAt >= IDLE_MS) this.#drop(shell);
      }
    }
    this.#isTrimming = false;
  }

  #rejectAll(error: AppError): void {
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error);
  }
}
