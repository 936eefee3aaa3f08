import type { Writable } from 'node:stream';

/**
 * Lets a stream send in one go what is written to it within one turn of the event loop. ssh2 writes each packet in up to three
 * pieces, each of which would otherwise be a system call.
 */
export function combineWrites(stream: Writable): void {
  const write: (...args: never[]) => boolean = stream.write.bind(stream);
  let isHeld = false;
  const release = () => {
    isHeld = false;
    stream.uncork();
  };
  stream.write = (...args: never[]) => {
    if (!isHeld) {
      isHeld = true;
      stream.cork();
      setImmediate(release);
    }
    return write(...args);
  };
}
