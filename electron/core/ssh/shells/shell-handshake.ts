import { randomBytes } from 'node:crypto';
import type { ClientChannel } from 'ssh2';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import type { Clock } from '../../deps.ts';
import { printable } from '../dial/connect-errors.ts';
import { neverBegan } from './run.ts';
import { handshakeLine, readHandshakes, switchLine } from './run-protocol.ts';

const KEPT = 64 * 1024;
/** Pauses between handshakes, ms: a start-up file that reads its stdin takes some of them. */
const PAUSES_MS = [1000, 3000, 6000, 10_000];
const PATIENCE_MS = 30_000;
/** A shell that reads its whole input before it runs any, as fish does, answers at the end of it. */
const LAST_WORD_MS = 3000;

export interface HandshakeOptions {
  node: string;
  channel: ClientChannel;
  clock: Clock;
  signal: AbortSignal;
  /** Why the connection is gone, if it is. */
  lost(): AppError | null;
}

/**
 * Resolves when /bin/sh reads what is written to the channel, with the nonce of its answers, of which some may still come.
 * Rejects with the signal's reason, or `command-failed` when no shell answers, or one that cannot become /bin/sh.
 */
export const greetShell = (options: HandshakeOptions): Promise<string> => new Handshake(options).run();

class Handshake {
  readonly #options: HandshakeOptions;
  readonly #nonce = randomBytes(16).toString('hex');
  readonly #over = new AbortController();
  #step: 'asking' | 'switching' | 'last word' = 'asking';
  #out = '';
  #err = '';
  #exit: string | undefined;
  #resolve: (nonce: string) => void = () => undefined;
  #reject: (error: AppError) => void = () => undefined;

  constructor(options: HandshakeOptions) {
    this.#options = options;
  }

  run(): Promise<string> {
    const { channel, signal } = this.#options;
    const done = new Promise<string>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    channel.on('data', this.#onOut);
    channel.stderr.on('data', this.#onErr);
    channel.on('exit', this.#onExit);
    channel.on('close', this.#onClose);
    // A server that takes no input says so by closing.
    channel.on('error', () => undefined);
    signal.addEventListener('abort', this.#onAbort, { once: true });
    if (signal.aborted) this.#onAbort();
    else {
      void this.#ask();
      void this.#watch();
    }
    return done;
  }

  readonly #onOut = (chunk: Buffer): void => {
    this.#out = (this.#out + chunk.toString('latin1')).slice(-KEPT);
    const { shells } = readHandshakes(this.#out, this.#nonce);
    const last = shells.at(-1);
    if (last === undefined) return;
    if (this.#step === 'last word') this.#fail(wrongShell(this.#options.node, last));
    else if (last === 'sh') {
      this.#stop();
      this.#resolve(this.#nonce);
    } else if (this.#step === 'asking') {
      this.#step = 'switching';
      this.#options.channel.write(switchLine(this.#nonce));
    }
  };

  readonly #onErr = (chunk: Buffer): void => {
    this.#err = (this.#err + chunk.toString('utf8')).slice(-KEPT);
  };

  readonly #onExit = (code: number | null, name?: string): void => {
    this.#exit = code === null ? `killed by ${name}` : `exit code ${code}`;
  };

  readonly #onClose = (): void => {
    this.#stop();
    const { node, lost } = this.#options;
    const said = `${this.#err}\n${readHandshakes(this.#out, this.#nonce).rest}`.trim();
    this.#reject(lost() ?? (this.#step === 'last word' ? silent(node, said) : neverBegan(node, said, this.#exit)));
  };

  readonly #onAbort = (): void => this.#fail(AppError.from(this.#options.signal.reason));

  #fail(error: AppError): void {
    this.#stop();
    const { channel } = this.#options;
    channel.resume();
    channel.stderr.resume();
    channel.close();
    this.#reject(error);
  }

  #stop(): void {
    const { channel, signal } = this.#options;
    this.#over.abort();
    signal.removeEventListener('abort', this.#onAbort);
    channel.removeListener('data', this.#onOut);
    channel.stderr.removeListener('data', this.#onErr);
    channel.removeListener('exit', this.#onExit);
    channel.removeListener('close', this.#onClose);
  }

  async #ask(): Promise<void> {
    for (const pause of PAUSES_MS) {
      this.#options.channel.write(handshakeLine(this.#nonce));
      if (!(await this.#sleep(pause)) || this.#step !== 'asking') return;
    }
  }

  async #watch(): Promise<void> {
    if (!(await this.#sleep(PATIENCE_MS))) return;
    this.#step = 'last word';
    this.#options.channel.end();
    if (await this.#sleep(LAST_WORD_MS)) this.#fail(silent(this.#options.node, `${this.#err}\n${this.#out}`.trim()));
  }

  /** False: it is over. */
  #sleep(ms: number): Promise<boolean> {
    return this.#options.clock.sleep(ms, this.#over.signal).then(
      () => true,
      () => false,
    );
  }
}

function wrongShell(node: string, shell: string): AppError {
  return new AppError(
    'command-failed',
    message`A start-up file of your account on ${{ node }} starts ${{ shell }}, which runs nothing before its input ends.`,
    {
      hint: message`In .bashrc or the like, start it on a terminal only: [ -t 0 ] && exec ${{ shell }}`,
    },
  );
}

function silent(node: string, said: string): AppError {
  return new AppError(
    'command-failed',
    message`${{ node }} did not run a command in ${{ seconds: PATIENCE_MS / 1000 }} s.`,
    {
      hint: 'A start-up file such as .bashrc may take too long, wait for input, or start another shell.',
      detail: printable(said).slice(-2000),
    },
  );
}
