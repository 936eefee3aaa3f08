import type { Client, ClientChannel } from 'ssh2';
import { AppError } from '../../../shared/errors.ts';

export interface AuthFailure {
  methods: string[];
  partial: boolean;
}

/**
 * Tells each USERAUTH_FAILURE of a client that `connect` was called on. ssh2 1.17 keeps it to itself when the step was an
 * agent's, and with it that a key was taken and a code must follow (client.js, USERAUTH_FAILURE).
 */
export function onAuthFailure(client: Client, listener: (failure: AuthFailure) => void): void {
  const protocol: unknown = Reflect.get(client, '_protocol');
  const handlers: unknown = typeof protocol === 'object' && protocol ? Reflect.get(protocol, '_handlers') : undefined;
  const handler: unknown =
    typeof handlers === 'object' && handlers ? Reflect.get(handlers, 'USERAUTH_FAILURE') : undefined;
  if (typeof handlers !== 'object' || !handlers || typeof handler !== 'function') {
    throw new AppError('internal', 'This version of ssh2 does not report how a sign-in proceeds.');
  }
  Reflect.set(handlers, 'USERAUTH_FAILURE', (self: unknown, methods: unknown, partial: unknown) => {
    listener({
      methods: Array.isArray(methods) ? methods.filter((name) => typeof name === 'string') : [],
      partial: partial === true,
    });
    Reflect.apply(handler, undefined, [self, methods, partial]);
  });
}

/**
 * Sends a signal to the command of a channel, also after the end of its input: ssh2 1.17 does only before, though the
 * protocol allows it as long as the channel is not closed (Channel.js, signal; RFC 4254, 6.9).
 */
export function signalCommand(channel: ClientChannel, name: 'INT' | 'TERM' | 'KILL'): void {
  if (channel.writable) {
    channel.signal(name);
    return;
  }
  const outgoing: unknown = Reflect.get(channel, 'outgoing');
  const client: unknown = Reflect.get(channel, '_client');
  const protocol: unknown = typeof client === 'object' && client ? Reflect.get(client, '_protocol') : undefined;
  if (typeof outgoing !== 'object' || !outgoing || typeof protocol !== 'object' || !protocol) return;
  const id: unknown = Reflect.get(outgoing, 'id');
  const signal: unknown = Reflect.get(protocol, 'signal');
  if (typeof signal !== 'function' || typeof id !== 'number') {
    throw new AppError('internal', 'This version of ssh2 sends no signals.');
  }
  if (Reflect.get(outgoing, 'state') === 'eof') Reflect.apply(signal, protocol, [id, name]);
}

/** These of ssh2 1.17 have decrypted or copied all of a chunk when they return; the others keep parts of it (crypto.js). */
const DECRYPTS_AT_ONCE = new Set(['AESGCMDecipherNative', 'GenericDecipherNative']);

/** Whether a chunk that the client was given can be overwritten once it has been read. */
export function decryptsAtOnce(client: Client): boolean {
  const protocol: unknown = Reflect.get(client, '_protocol');
  const decipher: unknown = typeof protocol === 'object' && protocol ? Reflect.get(protocol, '_decipher') : undefined;
  return typeof decipher === 'object' && decipher !== null && DECRYPTS_AT_ONCE.has(decipher.constructor.name);
}
