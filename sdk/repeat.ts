import { setTimeout } from 'node:timers/promises';
import { asTunelError } from './error-conversion.ts';
import { TunelError } from './errors.ts';
import type { ErrorCode } from './types.ts';

/** How often something is begun again, and the waiting time before the first and before the last repetition, ms. */
const REPETITIONS = 8;
const FIRST_WAIT = 100;
const LONGEST_WAIT = 3000;

/** What passes by itself: the next engine starts, or the cluster is connected again. */
const passing: readonly ErrorCode[] = ['engine-down', 'connection-lost', 'channel-refused'];

export const isPassing = (code: ErrorCode): boolean => passing.includes(code);

/** Does again what may be done twice and was ended by the end of its engine. */
export const repeatOnNextEngine = <T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> =>
  repeat(work, (code) => code === 'engine-down', signal);

/**
 * Does again what may be done twice, also where the cluster's connection was lost under it.
 * @param advance grows while the work gets on: only repetitions without that are counted
 */
export const repeatWhilePassing = <T>(
  work: () => Promise<T>,
  signal: AbortSignal,
  advance: () => number = () => 0,
): Promise<T> => repeat(work, isPassing, signal, advance);

async function repeat<T>(
  work: () => Promise<T>,
  isRepeated: (code: ErrorCode) => boolean,
  signal: AbortSignal,
  advance: () => number = () => 0,
): Promise<T> {
  let furthest = 0;
  for (let repetition = 0; ; repetition += 1) {
    try {
      return await work();
    } catch (thrown) {
      // What is not of the engine, such as a full disk here, is for the caller as it is.
      if (!(thrown instanceof TunelError) || !isRepeated(thrown.code)) throw thrown;
      if (advance() > furthest) {
        furthest = advance();
        repetition = 0;
      }
      if (signal.aborted || repetition >= REPETITIONS) throw thrown;
      await pause(Math.min(FIRST_WAIT * 2 ** repetition, LONGEST_WAIT), signal);
    }
  }
}

/** Waits, unless the signal fires first. @throws TunelError `cancelled` */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(milliseconds, undefined, { signal });
  } catch (error) {
    throw asTunelError(signal.aborted ? signal.reason : error);
  }
}
