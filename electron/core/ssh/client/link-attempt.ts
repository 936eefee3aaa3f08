import type { Duplex } from 'node:stream';
import ssh2, { type Client } from 'ssh2';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import type { SignIn } from '../auth/auth.ts';
import {
  type HopAddress,
  handshakeError,
  nameHop,
  notSshError,
  printable,
  silentError,
} from '../dial/connect-errors.ts';
import type { HostKeyCheck } from '../host-keys/host-keys.ts';
import { combineWrites } from './combined-writes.ts';
import type { Patience } from './patience.ts';
import { decryptsAtOnce, onAuthFailure } from './ssh2-internals.ts';
import { reuseBuffer } from './tcp-stream.ts';

const BANNER_S = 15;
/** PAM, a directory service and a push to a phone take their time. */
const SIGN_IN_S = 120;

/** What a server that is not sshd sends first. */
const otherProtocol = /^(HTTP\/|220[ -]|\+OK|\* OK|RFB \d|<)/;
const SNIFFED_BYTES = 1024;

interface LinkAttemptOptions {
  address: HopAddress;
  user: string;
  signIn: SignIn;
  patience: Patience;
  hostKeys: HostKeyCheck;
  signal?: AbortSignal;
}

/** An authenticated client, or why the server ended the connection, which may be worth another attempt. */
export type LinkOutcome = Client | { error: AppError; duringSignIn: boolean };

/** One try to sign in over one byte stream. */
export class LinkAttempt {
  readonly #options: LinkAttemptOptions;
  readonly #stream: Duplex;
  readonly #client = new ssh2.Client();
  #resolve: (outcome: LinkOutcome) => void = () => undefined;
  #reject: (error: AppError) => void = () => undefined;
  #greeting = '';
  #banner = '';
  #isSigningIn = false;
  #isSettled = false;
  #verifiedKey: Buffer | undefined;

  constructor(stream: Duplex, options: LinkAttemptOptions) {
    this.#stream = stream;
    this.#options = options;
  }

  run(): Promise<LinkOutcome> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#start();
    });
  }

  #start(): void {
    const { signIn, signal } = this.#options;
    this.#listen();
    const tries = signIn.begin((error) => this.#fail(error));
    this.#stream.on('data', this.#sniff);
    if (signal?.aborted) {
      this.#onAbort();
      return;
    }
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.#expect('banner', BANNER_S);
    combineWrites(this.#stream);
    reuseBuffer(this.#stream, () => decryptsAtOnce(this.#client));
    this.#connect(tries);
    onAuthFailure(this.#client, tries.failed);
    this.#client.setNoDelay(true);
  }

  #listen(): void {
    const { address, user } = this.#options;
    const client = this.#client;
    client.on('error', (error) => {
      if (error.level === 'agent') {
        // ssh2 goes on with the next key by itself; only the user's "no" ends it.
        if (error instanceof AppError && error.code !== 'internal') this.#fail(error);
        return;
      }
      this.#hangUp(handshakeError(error, address, this.#greeting));
    });
    client.on('close', () => this.#hangUp(this.#closedError()));
    // Also where PAM says why somebody who proved who they are may not come in.
    client.on('banner', (text: string) => {
      this.#banner = text;
    });
    client.on('handshake', () => {
      this.#isSigningIn = true;
      this.#expect('sign-in', SIGN_IN_S);
    });
    client.on('change password', (request: string) => {
      const command = `ssh -p ${address.port} ${user}@${address.host}`;
      this.#fail(
        new AppError(
          'password-expired',
          message`${{ hop: nameHop(address) }} wants a new password before it lets you in.`,
          {
            hint: message`Sign in once in a terminal to change it: ${{ command }}`,
            action: { kind: 'copy-command', text: command },
            detail: printable(request),
          },
        ),
      );
    });
    client.on('ready', () => {
      this.#settle();
      this.#resolve(client);
    });
  }

  #connect(tries: ReturnType<SignIn['begin']>): void {
    const { user, hostKeys } = this.#options;
    this.#client.connect({
      sock: this.#stream,
      username: user,
      readyTimeout: 0,
      // Streamlocal is asked of every server; one that lacks it says so.
      strictVendor: false,
      algorithms: { serverHostKey: hostKeys.algorithms },
      hostVerifier: (blob: Buffer, verified: (good: boolean) => void) => this.#verify(blob, verified),
      authHandler: (_methods, _partial, next) => {
        if (this.#isSettled) return;
        this.#expect('sign-in', SIGN_IN_S);
        tries.next().then(
          (method) => {
            if (!this.#isSettled) next(method);
          },
          (error: unknown) => this.#fail(AppError.from(error)),
        );
      },
    });
  }

  /** Asked again each time the keys are renewed: it must be the same server still. */
  #verify(blob: Buffer, verified: (good: boolean) => void): void {
    if (this.#verifiedKey) {
      verified(this.#verifiedKey.equals(blob));
      return;
    }
    this.#options.hostKeys.verify(blob).then(
      () => {
        this.#verifiedKey = blob;
        if (!this.#isSettled) verified(true);
      },
      (error: unknown) => this.#fail(AppError.from(error)),
    );
  }

  readonly #sniff = (chunk: Buffer): void => {
    this.#greeting += chunk.toString('latin1').slice(0, SNIFFED_BYTES - this.#greeting.length);
    if (/^SSH-/m.test(this.#greeting)) {
      this.#stream.removeListener('data', this.#sniff);
      if (!this.#isSigningIn) this.#expect('handshake', BANNER_S);
    } else if (otherProtocol.test(this.#greeting) || this.#greeting.length >= SNIFFED_BYTES) {
      this.#fail(notSshError(this.#options.address, this.#greeting));
    }
  };

  readonly #onAbort = (): void => {
    this.#fail(AppError.from(this.#options.signal?.reason ?? new AppError('cancelled', 'Cancelled.')));
  };

  #expect(what: 'banner' | 'handshake' | 'sign-in', seconds: number): void {
    const { address, patience } = this.#options;
    patience.expect(seconds, () => {
      const isOther = what === 'banner' && this.#greeting !== '';
      this.#fail(isOther ? notSshError(address, this.#greeting) : silentError(address, seconds, what));
    });
  }

  #settle(): void {
    this.#isSettled = true;
    this.#options.patience.end();
    this.#stream.removeListener('data', this.#sniff);
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
  }

  #fail(error: AppError): void {
    if (this.#isSettled) return;
    this.#settle();
    this.#client.end();
    this.#stream.destroy();
    this.#reject(error);
  }

  /** The server ended it. */
  #hangUp(error: AppError): void {
    if (this.#isSettled) return;
    const { patience, address } = this.#options;
    const isAsking = patience.asking;
    this.#settle();
    this.#stream.destroy();
    if (isAsking) this.#reject(stoppedWaiting(address, error));
    else this.#resolve({ error, duringSignIn: this.#isSigningIn });
  }

  #closedError(): AppError {
    const { address } = this.#options;
    if (!this.#isSigningIn) return handshakeError(new Error('the connection was closed'), address, this.#greeting);
    return new AppError('connection-lost', message`${{ hop: nameHop(address) }} ended the connection during sign-in.`, {
      hint: 'Try again; if it happens each time, ask the administrators whether your account may sign in.',
      detail: printable(this.#banner).trim() || undefined,
    });
  }
}

/** Not tried again by itself: each try would put a question to somebody who is away. */
function stoppedWaiting(address: HopAddress, cause: AppError): AppError {
  return new AppError('sign-in-needed', message`${{ hop: nameHop(address) }} stopped waiting for your answer.`, {
    hint: 'Servers wait about two minutes. Connect again when you are ready to answer.',
    detail: cause.message,
    cause,
  });
}
