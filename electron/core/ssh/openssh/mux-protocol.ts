import type { Socket } from 'node:net';
import { AppError } from '../../../shared/errors.ts';

/** PROTOCOL.mux of OpenSSH. */
const HELLO = 0x00000001;
const VERSION = 4;
const PROXY = 0x1000000f;
const PROXY_ACCEPTED = 0x8000000f;
const REQUEST_ID = 0;
const MAX_MESSAGE = 1 << 16;

function message(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(4 + 4 * numbers.length);
  for (const [index, number] of [4 * numbers.length, ...numbers].entries()) bytes.writeUInt32BE(number, 4 * index);
  return bytes;
}

/**
 * Asks a ControlMaster for proxy mode: from then on the socket carries the packets of its SSH connection, for channels of
 * this side's own. Rejects with `command-failed` when the master does not do that.
 */
export function requestProxyMode(socket: Socket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0);
    const stop = () => {
      signal.removeEventListener('abort', onAbort);
      socket.removeListener('data', onData);
      socket.removeListener('close', onClose);
      socket.removeListener('error', onError);
    };
    const fail = (error: unknown) => {
      stop();
      socket.on('error', () => undefined);
      socket.destroy();
      reject(error);
    };
    const onAbort = () => fail(AppError.from(signal.reason));
    const onError = (cause: Error) => fail(noProxyMode(cause.message, cause));
    const onClose = () => fail(noProxyMode('it closed its socket'));
    const onData = (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      for (;;) {
        if (received.length < 8) return;
        const length = received.readUInt32BE(0);
        if (length < 4 || length > MAX_MESSAGE) return fail(noProxyMode(`a message of ${length} bytes`));
        if (received.length < 4 + length) return;
        const type = received.readUInt32BE(4);
        received = received.subarray(4 + length);
        if (type === HELLO) continue;
        if (type !== PROXY_ACCEPTED) return fail(noProxyMode(`it answered with 0x${type.toString(16)}`));
        stop();
        socket.pause();
        if (received.length > 0) socket.unshift(received);
        return resolve();
      }
    };
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('data', onData);
    socket.on('close', onClose);
    socket.on('error', onError);
    socket.write(Buffer.concat([message(HELLO, VERSION), message(PROXY, REQUEST_ID)]));
  });
}

function noProxyMode(detail: string, cause?: unknown): AppError {
  return new AppError('command-failed', 'The ssh program of this computer does not share its connection.', {
    hint: 'Update OpenSSH to 8.5 or later.',
    detail,
    cause,
  });
}
