import { AppError, throwIfAborted } from '../shared/errors.ts';
import type { Clock } from './deps.ts';

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep(ms, signal) {
    throwIfAborted(signal);
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason instanceof AppError ? signal.reason : new AppError('cancelled', 'Cancelled.'));
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, ms);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  },
};
