import { connect as connectTcp } from 'node:net';
import type { Duplex } from 'node:stream';
import ssh2, { type Algorithms, type Client } from 'ssh2';
import { AppError, throwIfAborted } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import type { SignIn } from '../auth/auth.ts';
import {
  connectError,
  type HopAddress,
  handshakeError,
  nameHop,
  notSshError,
  printable,
  silentError,
} from '../dial/connect-errors.ts';
import type { HostKeyCheck } from '../host-keys/host-keys.ts';
import { limited } from '../shells/run.ts';
import { onAuthFailure } from './ssh2-internals.ts';

const CONNECT_S = 15;
const BANNER_S = 15;
/** PAM, a directory service and a push to a phone take their time. */
const SIGN_IN_S = 120;
const MOST_CONNECTIONS = 4;

/** Stops while the user is asked: only the server's own silence counts. */
export class Patience {
  #timer: NodeJS.Timeout | undefined;
  #asking = 0;
  #again: () => void = () => undefined;

  /** Starts over: after `seconds` without another call `onSilence` runs. */
  expect(seconds: number, onSilence: () => void): void {
    clearTimeout(this.#timer);
    this.#again = () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(onSilence, seconds * 1000);
    };
    if (this.#asking === 0) this.#again();
  }

  async whileAsking<T>(question: () => Promise<T>): Promise<T> {
    this.#asking++;
    clearTimeout(this.#timer);
    try {
      return await question();
    } finally {
      this.#asking--;
      if (this.#asking === 0) this.#again();
    }
  }

  get asking(): boolean {
    return this.#asking > 0;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#again = () => undefined;
  }
}

interface LinkOptions {
  address: HopAddress;
  user: string;
  /** Opens the byte stream to the hop: TCP, or a channel of the previous hop. */
  open(signal: AbortSignal | undefined): Promise<Duplex>;
  hostKeys(): Promise<HostKeyCheck>;
  signIn: SignIn;
  patience: Patience;
  signal?: AbortSignal;
}

/** A TCP connection to the first hop. Rejects with `host-unknown`, `connection-refused`, `timeout`. */
export async function openTcp(address: HopAddress, signal?: AbortSignal): Promise<Duplex> {
  const limit = limited(signal, CONNECT_S * 1000, () => silentError(address, CONNECT_S, 'connect'));
  const socket = connectTcp({
    host: address.host,
    port: address.port,
    noDelay: true,
    // Node gives each address of a name a quarter of a second by default: too short for a far cluster.
    autoSelectFamilyAttemptTimeout: 4000,
  });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', (error) => reject(connectError(error, address)));
      limit.signal.addEventListener('abort', () => reject(AppError.from(limit.signal.reason)), { once: true });
      if (limit.signal.aborted) reject(AppError.from(limit.signal.reason));
    });
    socket.removeAllListeners('error');
    return socket;
  } catch (error) {
    socket.on('error', () => undefined);
    socket.destroy();
    throw error;
  } finally {
    limit.done();
  }
}

/** An authenticated client. Connects again when the server hung up after some tries and others are left. */
export async function link(options: LinkOptions): Promise<Client> {
  await options.signIn.prepare();
  for (let connections = 1; ; connections++) {
    throwIfAborted(options.signal);
    const outcome = await linkOnce(options);
    if (outcome instanceof ssh2.Client) {
      await options.signIn.succeeded();
      return outcome;
    }
    const { error, duringSignIn } = outcome;
    if (!duringSignIn || !options.signIn.canGoOn || connections >= MOST_CONNECTIONS) throw error;
  }
}

type Outcome = Client | { error: AppError; duringSignIn: boolean };

async function linkOnce(options: LinkOptions): Promise<Outcome> {
  const { address, signal, patience, signIn } = options;
  const hostKeys = await options.hostKeys();
  const stream = await options.open(signal);
  const algorithms: Algorithms = { serverHostKey: hostKeys.algorithms };

  return new Promise<Outcome>((resolve, reject) => {
    const client = new ssh2.Client();
    let said = '';
    let banner = '';
    let signingIn = false;
    let settled = false;
    let verifiedKey: Buffer | undefined;

    const settle = () => {
      settled = true;
      patience.end();
      stream.removeListener('data', sniff);
      signal?.removeEventListener('abort', onAbort);
    };
    const fail = (error: AppError) => {
      if (settled) return;
      settle();
      client.end();
      stream.destroy();
      reject(error);
    };
    /** The server ended it, which may be worth another connection. */
    const hungUp = (error: AppError) => {
      if (settled) return;
      const asking = patience.asking;
      settle();
      stream.destroy();
      if (asking) reject(stoppedWaiting(address, error));
      else resolve({ error, duringSignIn: signingIn });
    };
    const onAbort = () => fail(AppError.from(signal?.reason ?? new AppError('cancelled', 'Cancelled.')));
    const expect = (what: 'banner' | 'handshake' | 'sign-in', seconds: number) =>
      patience.expect(seconds, () =>
        fail(what === 'banner' && said ? notSshError(address, said) : silentError(address, seconds, what)),
      );
    const sniff = (chunk: Buffer) => {
      said += chunk.toString('latin1').slice(0, 1024 - said.length);
      if (/^SSH-/m.test(said)) {
        stream.removeListener('data', sniff);
        if (!signingIn) expect('handshake', BANNER_S);
      } else if (/^(HTTP\/|220[ -]|\+OK|\* OK|RFB \d|<)/.test(said) || said.length >= 1024) {
        fail(notSshError(address, said));
      }
    };

    client.on('error', (error) => {
      if (error.level === 'agent') {
        // ssh2 goes on with the next key by itself; only the user's "no" ends it.
        if (error instanceof AppError && error.code !== 'internal') fail(error);
        return;
      }
      hungUp(handshakeError(error, address, said));
    });
    client.on('close', () => {
      const ended = signingIn
        ? new AppError('connection-lost', message`${{ hop: nameHop(address) }} ended the connection during sign-in.`, {
            hint: 'Try again; if it happens each time, ask the administrators whether your account may sign in.',
            detail: printable(banner).trim() || undefined,
          })
        : handshakeError(new Error('the connection was closed'), address, said);
      hungUp(ended);
    });
    // Also where PAM says why somebody who proved who they are may not come in.
    client.on('banner', (text: string) => {
      banner = text;
    });
    client.on('handshake', () => {
      signingIn = true;
      expect('sign-in', SIGN_IN_S);
    });
    client.on('change password', (request: string) => {
      fail(
        new AppError(
          'auth-unsupported',
          message`${{ hop: nameHop(address) }} wants a new password before it lets you in.`,
          {
            hint: message`Sign in once in a terminal to change it: ssh ${{ user: options.user }}@${{ host: address.host }}`,
            detail: printable(request),
          },
        ),
      );
    });
    client.on('ready', () => {
      settle();
      resolve(client);
    });

    const tries = signIn.begin(fail);
    stream.on('data', sniff);
    if (signal?.aborted) {
      onAbort();
      return;
    }
    signal?.addEventListener('abort', onAbort, { once: true });
    expect('banner', BANNER_S);
    client.connect({
      sock: stream,
      username: options.user,
      readyTimeout: 0,
      // Streamlocal is asked of every server; one that lacks it says so.
      strictVendor: false,
      algorithms,
      hostVerifier: (blob: Buffer, verified: (good: boolean) => void) => {
        // Asked again each time the keys are renewed: it must be the same server still.
        if (verifiedKey) {
          verified(verifiedKey.equals(blob));
          return;
        }
        hostKeys.verify(blob).then(
          () => {
            verifiedKey = blob;
            if (!settled) verified(true);
          },
          (error: unknown) => fail(AppError.from(error)),
        );
      },
      authHandler: (_methods, _partial, next) => {
        if (settled) return;
        expect('sign-in', SIGN_IN_S);
        tries.next().then(
          (method) => {
            if (!settled) next(method);
          },
          (error: unknown) => fail(AppError.from(error)),
        );
      },
    });
    onAuthFailure(client, tries.failed);
    client.setNoDelay(true);
  });
}

/** Not tried again by itself: each try would put a question to somebody who is away. */
function stoppedWaiting(address: HopAddress, cause: AppError): AppError {
  return new AppError('sign-in-needed', message`${{ hop: nameHop(address) }} stopped waiting for your answer.`, {
    hint: 'Servers wait about two minutes. Connect again when you are ready to answer.',
    detail: cause.message,
    cause,
  });
}
