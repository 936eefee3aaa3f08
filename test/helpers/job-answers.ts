import { type JobAnswers, statusOf } from '../../electron/core/launchers/common/job-answer.ts';
import type { JobHandle, Launcher } from '../../electron/core/launchers/common/launcher.ts';
import type { Shell } from '../../electron/core/ssh/types.ts';
import type { JobStatus } from '../../electron/shared/instances.ts';

/** The states that were read; a job that is absent is `unknown`, and one whose answer could not be read is left out. */
export const statusesOf = (answers: JobAnswers): Map<string, JobStatus> =>
  new Map(
    [...answers].flatMap(([id, answer]) => (answer.kind === 'unreadable' ? [] : [[id, statusOf(id, answer)] as const])),
  );

export const pollStatuses = async (
  launcher: Pick<Launcher, 'poll'>,
  shell: Shell,
  jobs: readonly JobHandle[],
): Promise<Map<string, JobStatus>> => statusesOf(await launcher.poll(shell, jobs));
