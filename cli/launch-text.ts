import type { Instance } from '../electron/shared/instances.ts';

const states: Readonly<Record<Instance['state'], string>> = {
  starting: 'is starting',
  waiting: 'waits in its queue',
  ready: 'is ready',
  running: 'is running',
  reconnecting: 'is reconnecting',
  stopping: 'is stopping',
  interrupted: 'was interrupted',
  ended: 'has ended',
  failed: 'has failed',
};

/** How a launch stands and the command that follows: a batch job is never ready and has no page to open. */
export function describeLaunch({
  id,
  job,
  kind,
  state,
  title,
}: Pick<Instance, 'id' | 'job' | 'kind' | 'state' | 'title'>): string {
  const isOver = state === 'ended' || state === 'failed';
  const number = (kind === 'job' || state === 'waiting') && job ? ` as job ${job.id}` : '';
  const stands = `${title} ${states[state]}${number}: ${id}.`;
  if (isOver) return `${stands} Read its log with: tunel logs ${id}`;
  if (kind === 'job') return `${stands} Follow its log with: tunel logs -f ${id}`;
  return `${stands} Open it${state === 'ready' ? '' : ' when it is ready'} with: tunel open ${id}`;
}
