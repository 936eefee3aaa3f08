import pRetry from 'p-retry';
import { AppError } from '../electron/shared/errors.ts';

/** How many engines may end one after the other, and how long to wait before the first repetition, ms. */
const RETRIES = 5;
const FIRST_WAIT = 100;

/** Requests that change nothing when they are repeated: where their engine ends, the next one is asked all of them. */
export function repeatOnNextEngine(ask: () => Promise<void>, signal: AbortSignal): Promise<void> {
  return pRetry(ask, {
    retries: RETRIES,
    minTimeout: FIRST_WAIT,
    signal,
    shouldRetry: ({ error }) => AppError.from(error).code === 'engine-down',
  });
}
