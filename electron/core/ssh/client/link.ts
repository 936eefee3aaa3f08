import type { Duplex } from 'node:stream';
import ssh2, { type Client } from 'ssh2';
import { AppError, throwIfAborted } from '../../../shared/errors.ts';
import type { SignIn } from '../auth/auth.ts';
import { connectError, type HopAddress, silentError, systemCode } from '../dial/connect-errors.ts';
import type { HostKeyCheck } from '../host-keys/host-keys.ts';
import { limited } from '../shells/run.ts';
import { LinkAttempt, type LinkOutcome } from './link-attempt.ts';
import type { Patience } from './patience.ts';
import { connectTcp } from './tcp-stream.ts';

const CONNECT_S = 15;
const MOST_CONNECTIONS = 4;

interface LinkOptions {
  address: HopAddress;
  user: string;
  /** Opens the byte stream to the hop: TCP, or a channel of the previous hop. */
  open(signal: AbortSignal | undefined): Promise<Duplex>;
  hostKeys(): Promise<HostKeyCheck>;
  signIn: SignIn;
  patience: Patience;
  signal?: AbortSignal;
  /** The server refused what was offered, or ended the connection instead of answering it. */
  onRefused?(): void;
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
      socket.on('error', (error) => reject(connectError(error, address)));
      limit.signal.addEventListener('abort', () => reject(AppError.from(limit.signal.reason)), { once: true });
      if (limit.signal.aborted) reject(AppError.from(limit.signal.reason));
    });
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
  try {
    return await linkUntilSignedIn(options);
  } catch (error) {
    if (wasRefused(options.signIn, AppError.from(error))) options.onRefused?.();
    throw error;
  }
}

/** A server that hangs up instead of answering refuses too; a network that breaks under a key does not. */
function wasRefused({ wasRefused, pending }: SignIn, error: AppError): boolean {
  if (wasRefused || pending?.kind === 'password' || pending?.kind === 'interactive') return true;
  return pending?.kind === 'key' && error.code === 'connection-lost' && systemCode(error.cause) === '';
}

async function linkUntilSignedIn(options: LinkOptions): Promise<Client> {
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

async function linkOnce(options: LinkOptions): Promise<LinkOutcome> {
  const hostKeys = await options.hostKeys();
  const stream = await options.open(options.signal);
  const { address, user, signIn, patience, signal } = options;
  return new LinkAttempt(stream, { address, user, signIn, patience, hostKeys, signal }).run();
}
