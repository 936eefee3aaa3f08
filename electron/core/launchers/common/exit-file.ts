import { type JobStatus, unknownJob } from '../../../shared/instances.ts';

/** The end of a job by the `exit` file of its directory, for when the scheduler no longer knows the job; null: no such end. */
export function readExitFile(id: string, text: string): JobStatus | null {
  if (!/^\d{1,3}$/.test(text)) return null;
  const exitCode = Number(text);
  return { ...unknownJob(id), state: exitCode === 0 ? 'completed' : 'failed', nativeState: 'exit file', exitCode };
}
