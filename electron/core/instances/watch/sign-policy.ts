import type { LauncherName } from '../../../shared/kinds.ts';
import type { Observation } from '../observation.ts';

/** What of a directory says that its job has another state now. */
export type Sign = Pick<Observation, 'startedAt' | 'exitCode' | 'isProcessAlive'>;

export const signOf = ({ startedAt, exitCode, isProcessAlive }: Observation): Sign => ({
  startedAt,
  exitCode,
  isProcessAlive,
});

/**
 * Whether a scheduler knows something new by now. `before`: null at the first look. Of a process on the login node only the
 * end is news: that it runs, the watch sees by itself.
 */
export function wantsPoll(launcher: LauncherName, before: Sign | null, now: Sign): boolean {
  const hasEnded = (sign: Sign | null) => sign?.exitCode != null || sign?.isProcessAlive === false;
  if (hasEnded(now)) return !hasEnded(before);
  return launcher !== 'login' && now.startedAt !== null && now.startedAt !== (before?.startedAt ?? null);
}
