import { AppError } from '../electron/shared/errors.ts';
import type { Job } from '../electron/shared/jobs.ts';
import { message } from '../electron/shared/messages.ts';
import { demoFor, type StateSession } from './engine-session.ts';

type Session = Pick<StateSession, 'state' | 'request'>;

/** A job by its id or a beginning of it that fits one only, also one that the state no longer lists. @throws AppError `not-found` */
export async function findJob(session: Session, id: string): Promise<Job> {
  const job = onlyOne(await candidates(session, id), id);
  // The demo cluster runs beside the engine.
  if (demoFor(job.clusterId).demo) await session.request('demo.start', undefined);
  return job;
}

async function candidates({ state, request }: Session, id: string): Promise<Job[]> {
  const fits = (job: Job) => id !== '' && job.id.startsWith(id);
  const listed = state().jobs.filter(fits);
  if (listed.length > 0 || id === '') return listed;
  const pages = await Promise.all([false, true].map((archived) => request('jobs.query', { text: id, archived })));
  return pages.flatMap(({ jobs }) => jobs).filter(fits);
}

function onlyOne(found: readonly Job[], id: string): Job {
  const [job] = found;
  if (job && found.length === 1) return job;
  const hint = 'See them with: tunel jobs ls';
  if (job) throw new AppError('not-found', message`“${{ id }}” fits several jobs.`, { hint });
  throw new AppError('not-found', message`There is no job “${{ id }}”.`, { hint });
}
