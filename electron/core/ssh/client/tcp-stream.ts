import { connect, type Socket, type TcpSocketConnectOpts } from 'node:net';

/** Read at once at most. A packet that lies in it whole is decrypted without a copy. */
const READ_BYTES = 256 * 1024;

/** Streams that `connectTcp` made, and what makes each of them use its buffer again. */
const streams = new WeakMap<object, (mayReuse: () => boolean) => void>();

/**
 * A socket that reads into one buffer, once it was told that its reader keeps nothing of a chunk. Node makes a buffer for each
 * read, and in Electron, where buffers must lie inside V8's own memory, that costs more than to decrypt what is in it.
 */
export function connectTcp(options: TcpSocketConnectOpts): Socket {
  let mayReuse = () => false;
  const socket: Socket = connect({
    ...options,
    onread: {
      buffer: Buffer.allocUnsafeSlow(READ_BYTES),
      callback(bytes, buffer) {
        const chunk = Buffer.from(buffer.buffer, buffer.byteOffset, bytes);
        if (socket.readableFlowing && socket.readableLength === 0 && mayReuse()) {
          socket.emit('data', chunk);
          return true;
        }
        return socket.push(Buffer.from(chunk));
      },
    },
  });
  streams.set(socket, (answer) => {
    mayReuse = answer;
  });
  return socket;
}

/** From now on the buffer is used again while `mayReuse` holds. Without effect on other streams. */
export function reuseBuffer(stream: object, mayReuse: () => boolean): void {
  streams.get(stream)?.(mayReuse);
}
