import type { Readable } from 'node:stream';

/** What waits for the receiver at most. With the 16 KB that streams keep, a transfer would stop after each packet. */
const MOST_WAITING = 1024 * 1024;

interface Receiver {
  readonly writableLength: number;
  write(chunk: Buffer, done: () => void): unknown;
  once(name: 'close', listener: () => void): unknown;
}

/** Passes on what `from` gives, with back pressure, until `to` closes. Its end is the caller's matter. Returns what stops it. */
export function passBytes(from: Readable, to: Receiver): () => void {
  const onWritten = () => {
    if (!isStopped && from.isPaused() && to.writableLength <= MOST_WAITING / 2) from.resume();
  };
  const onData = (chunk: Buffer) => {
    to.write(chunk, onWritten);
    if (to.writableLength >= MOST_WAITING) from.pause();
  };
  let isStopped = false;
  const stop = () => {
    if (isStopped) return;
    isStopped = true;
    from.off('data', onData);
    from.pause();
  };
  from.on('data', onData);
  to.once('close', stop);
  return stop;
}
