import type { Client } from 'ssh2';

/**
 * Mends two faults of ssh2 1.17 in the sessions of a client (SFTP.js, `push`; client.js, `exec` and `sftp`). What is no packet
 * of sftp, such as what a start-up file of the account prints before the server speaks, can make it throw, which ends the whole
 * connection. And a session whose server refuses its request stays open, where servers allow few.
 */
export function mendSessions(client: Client): void {
  const channels: unknown = Reflect.get(client, '_chanMgr');
  if (typeof channels !== 'object' || !channels) return;
  const update: unknown = Reflect.get(channels, 'update');
  if (typeof update !== 'function') return;
  // The first to see each channel that was opened, before the first bytes of it.
  Reflect.set(channels, 'update', (id: unknown, channel: unknown) => {
    if (isSession(channel)) closeWhenRefused(channel);
    if (isSftp(channel)) confine(channel);
    return Reflect.apply(update, channels, [id, channel]);
  });
}

interface Session {
  destroy(): unknown;
  _callbacks: ((failed: unknown) => void)[];
}

interface Sftp {
  push(chunk: Buffer | null): unknown;
  on(event: 'error', listener: () => void): unknown;
  emit(event: 'error', error: Error): unknown;
  destroy(): unknown;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const hasMethods = (value: object, names: readonly string[]): boolean =>
  names.every((name) => typeof Reflect.get(value, name) === 'function');

const isSession = (channel: unknown): channel is Session =>
  isObject(channel) &&
  Reflect.get(channel, 'type') === 'session' &&
  Array.isArray(Reflect.get(channel, '_callbacks')) &&
  hasMethods(channel, ['destroy']);

const isSftp = (channel: unknown): channel is Sftp =>
  isObject(channel) && Reflect.has(channel, '_pktLenBytes') && hasMethods(channel, ['push', 'on', 'emit', 'destroy']);

/** Each request that waits for an answer is one that the session is opened for. */
function closeWhenRefused(session: Session): void {
  const { _callbacks: callbacks } = session;
  callbacks.push = (...added) => {
    const closing = added.map((callback) => (failed: unknown) => {
      callback(failed);
      if (failed) session.destroy();
    });
    return Array.prototype.push.apply(callbacks, closing);
  };
}

function confine(sftp: Sftp): void {
  const push = sftp.push.bind(sftp);
  let isBroken = false;
  sftp.on('error', () => {
    isBroken = true;
  });
  sftp.push = (chunk) => {
    if (isBroken && chunk !== null) return true;
    try {
      return push(chunk);
    } catch (cause) {
      sftp.emit('error', new Error('What came is not sftp.', { cause }));
      sftp.destroy();
      return true;
    }
  };
}
