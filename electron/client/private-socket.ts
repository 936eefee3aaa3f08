import type { Server } from 'node:net';
import { isMainThread } from 'node:worker_threads';
import { AppError } from '../shared/errors.ts';

/**
 * Begins to listen on a socket that is closed to others from its birth: between it and a chmod anybody could connect. A thread
 * cannot change the process's mask, which must then keep others from writing, for without that nobody connects.
 */
export function listenPrivately(server: Server, path: string): void {
  if (process.platform === 'win32') {
    server.listen(path);
    return;
  }
  if (!isMainThread) {
    if ((process.umask() & 0o022) !== 0o022)
      throw new AppError('internal', 'This process makes sockets for everybody.');
    server.listen(path);
    return;
  }
  const before = process.umask(0o177);
  try {
    server.listen(path);
  } finally {
    process.umask(before);
  }
}
