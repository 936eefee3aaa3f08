import { AppError } from '../../shared/errors.ts';
import type { Instance } from '../../shared/instances.ts';
import { message } from '../../shared/messages.ts';
import type { Row } from '../launchers/common/arrays.ts';
import { withConnection } from '../ssh/pool/with-connection.ts';
import type { InstancesDeps } from './types.ts';

type Deps = Pick<InstancesDeps, 'connections' | 'launchers' | 'clusters'>;
type Submitted = Pick<Instance, 'clusterId' | 'launcher' | 'directory' | 'job' | 'title'>;

/** What the scheduler says of each task of a job's array now, also of one that is over; none: no array. */
export async function readTasks(
  { connections, launchers, clusters }: Deps,
  { clusterId, launcher, directory, job, title }: Submitted,
  signal: AbortSignal,
): Promise<readonly Row[]> {
  if (job === null) return [];
  const handle = { id: job.id, directory, site: clusters(clusterId)?.site?.scheduler };
  const answers = await withConnection(connections, clusterId, signal, (connection) =>
    launchers[launcher].poll(connection, [handle], signal),
  );
  const answer = answers.get(job.id);
  if (answer?.kind === 'known') return answer.tasks ?? [];
  if (answer?.kind === 'unreadable') {
    const { reason, detail, hint } = answer;
    throw new AppError('command-failed', message`The tasks of ${{ title }} could not be read: ${{ reason }}.`, {
      detail: detail || undefined,
      hint,
    });
  }
  // Without an array nothing is missing.
  if (job.tasks === null) return [];
  throw new AppError('not-found', message`The scheduler no longer knows the tasks of ${{ title }}.`, {
    hint: 'Schedulers forget jobs some time after their end. Its files and logs are still there.',
  });
}
