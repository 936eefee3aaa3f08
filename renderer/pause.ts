import { AppError } from '../electron/shared/errors.ts';
import { onAbort } from '../electron/shared/on-abort.ts';

/** Resolves after a time. Rejects with the reason of the signal. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      forget();
      resolve();
    }, ms);
    const forget = onAbort(signal, () => {
      clearTimeout(timer);
      reject(AppError.from(signal.reason));
    });
  });
}
