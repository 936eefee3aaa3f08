import { createCipheriv } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';

/** RFC 6143 section 7.1.2. */
const NONE = 1;
const VNC_AUTH = 2;
/** An RFB server speaks at once; a longer silence is not one. */
const TIMEOUT = 15_000;
const MAX_REASON = 2000;

interface RfbSignIn {
  server: Duplex;
  /** The page, which learns that nothing is asked for. */
  client: Duplex;
  /** For servers that want one; RFB uses eight characters. */
  password: string;
  signal: AbortSignal;
}

/**
 * The beginning of RFB (RFC 6143 section 7.1) on both sides: signs in to the server as it asks, and lets the page in without.
 * What follows, from ClientInit on, is left unread. Rejects with an AppError.
 */
export async function signInToRfb({ server, client, password, signal }: RfbSignIn): Promise<void> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]);
  const version = parseVersion(await readExactly(server, 12, limit));
  if (version === null) throw new AppError('not-ready', 'What answered is not a VNC server.');
  server.write(`RFB 003.00${version}\n`);
  await chooseSecurity(server, version, password, limit);
  client.write('RFB 003.008\n');
  await readExactly(client, 12, limit);
  client.write(Buffer.from([1, NONE]));
  await readExactly(client, 1, limit);
  client.write(Buffer.alloc(4));
}

/** The minor version both speak: 3, 7 or 8; null for what is not RFB. Servers that say 3.889 or 4.1 know 3.8. */
export function parseVersion(line: Buffer): 3 | 7 | 8 | null {
  const match = /^RFB (\d{3})\.(\d{3})\n$/.exec(line.toString('latin1'));
  if (!match) return null;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  if (major < 3) return null;
  if (major > 3 || minor >= 8) return 8;
  return minor === 7 ? 7 : 3;
}

async function chooseSecurity(
  server: Duplex,
  version: 3 | 7 | 8,
  password: string,
  signal: AbortSignal,
): Promise<void> {
  const type = await agreeOnType(server, version, signal);
  if (type === VNC_AUTH) server.write(answerChallenge(await readExactly(server, 16, signal), password));
  // Before 3.8 nothing follows where nothing was asked.
  if (type === NONE && version !== 8) return;
  if ((await readExactly(server, 4, signal)).readUInt32BE() === 0) return;
  const reason = version === 8 ? await readReason(server, signal) : '';
  throw new AppError(
    'auth-failed',
    reason === '' ? 'The desktop did not let Tunel in.' : message`The desktop did not let Tunel in: ${{ reason }}`,
  );
}

async function agreeOnType(server: Duplex, version: 3 | 7 | 8, signal: AbortSignal): Promise<number> {
  let offered: number[];
  if (version === 3) offered = [(await readExactly(server, 4, signal)).readUInt32BE()].filter((type) => type !== 0);
  else {
    const count = (await readExactly(server, 1, signal)).readUInt8();
    offered = count === 0 ? [] : [...(await readExactly(server, count, signal))];
  }
  if (offered.length === 0) {
    throw new AppError('auth-failed', message`The desktop refused: ${{ reason: await readReason(server, signal) }}`);
  }
  const type = [NONE, VNC_AUTH].find((known) => offered.includes(known));
  if (type === undefined) {
    throw new AppError(
      'auth-failed',
      message`The desktop wants a sign-in that Tunel does not speak (${{ offered: offered.join(', ') }}).`,
    );
  }
  if (version !== 3) server.write(Buffer.from([type]));
  return type;
}

async function readReason(server: Duplex, signal: AbortSignal): Promise<string> {
  const length = (await readExactly(server, 4, signal)).readUInt32BE();
  return (await readExactly(server, Math.min(length, MAX_REASON), signal)).toString('utf8');
}

/** RFC 6143 section 7.2.2: DES with each byte of the key mirrored. Three equal keys make 3DES the DES that OpenSSL 3 dropped. */
export function answerChallenge(challenge: Buffer, password: string): Buffer {
  const key = Buffer.alloc(8);
  Buffer.from(password, 'latin1').copy(key, 0, 0, 8);
  const mirrored = key.map((byte) =>
    Number.parseInt(byte.toString(2).padStart(8, '0').split('').reverse().join(''), 2),
  );
  const encrypt = (block: Buffer): Buffer =>
    createCipheriv('des-ede3-cbc', Buffer.concat([mirrored, mirrored, mirrored]), Buffer.alloc(8))
      .setAutoPadding(false)
      .update(block);
  return Buffer.concat([encrypt(challenge.subarray(0, 8)), encrypt(challenge.subarray(8, 16))]);
}

/** Exactly so many bytes; the rest stays in the stream. */
export function readExactly(stream: Duplex, bytes: number, signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      stream.off('readable', look).off('end', ended).off('close', ended);
      signal.removeEventListener('abort', aborted);
      finish();
    };
    const look = (): void => {
      const data: unknown = stream.read(bytes);
      if (!Buffer.isBuffer(data)) return;
      if (data.length === bytes) settle(() => resolve(data));
      else ended();
    };
    const ended = (): void =>
      settle(() => reject(new AppError('connection-lost', 'The app closed the connection before it was open.')));
    const aborted = (): void =>
      settle(() => reject(new AppError('timeout', 'The app did not answer in time.', { cause: signal.reason })));
    if (signal.aborted) return aborted();
    signal.addEventListener('abort', aborted, { once: true });
    stream.on('readable', look).once('end', ended).once('close', ended);
    look();
  });
}
