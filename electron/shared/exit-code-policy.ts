/** Real-time signals end at 64; 32 and 33 belong to the C library, and no program dies of them. */
const isSignal = (number: number): boolean => (number >= 1 && number <= 31) || (number >= 34 && number <= 64);

/**
 * The signal that an exit code stands for, where shells and schedulers add `base` to its number; null: a plain exit code.
 * 255 is one, as ssh, srun and `exit -1` give it.
 */
export const signalOfExitCode = (code: number, base = 128): number | null =>
  isSignal(code - base) ? code - base : null;
