import { describeReason, type Instance, type Step } from '../electron/shared/instances.ts';
import { isJobOver, type Job } from '../electron/shared/jobs.ts';
import { formatDateTime } from './output.ts';

const stepTexts: Readonly<Record<Step['name'], string>> = {
  connect: 'connecting',
  upload: 'sending its files',
  image: 'getting its image',
  submit: 'submitting',
  queue: 'waiting in the queue',
  start: 'starting',
  tunnel: 'finding a route to it',
  ready: 'waiting until it answers',
};

/** `0:07`, `12:05`, `1:02:05`. */
export function formatElapsed(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const pad = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
}

/** The time of day, with the date where it is another one; empty: not known, or passed. */
function expectedStart(at: number | null, now: number): string {
  if (at === null || at <= now) return '';
  const [today, [day, time]] = [formatDateTime(now).split(' ')[0], formatDateTime(at).split(' ')];
  return `expected to start ${day === today ? `at ${time}` : `${day} ${time}`}`;
}

const join = (parts: readonly string[]): string => parts.filter((part) => part !== '').join(', ');

/** What the launch of an app or job waits for now; null: it waits for nothing. */
export function describeInstanceWait(app: Instance, now: number): string | null {
  const { title, clusterName, job, state, steps, progress } = app;
  if (state === 'reconnecting') return `${title}: reconnecting to ${clusterName}`;
  if (state === 'stopping') return `${title}: ending`;
  if (state !== 'starting' && state !== 'waiting') return null;
  const step = steps.find((each) => each.state === 'now');
  if (job && (state === 'waiting' || step?.name === 'queue')) {
    const doing = job.state === 'held' ? 'held in the queue' : 'waiting in the queue';
    const since = job.submittedAt ?? step?.startedAt ?? now;
    const facts = [describeReason(job), expectedStart(job.startsAt, now)];
    return join([`${title}: ${doing} ${formatElapsed(now - since)}`, ...facts]);
  }
  if (!step) return null;
  const share = progress?.fraction == null ? '' : `${Math.floor(progress.fraction * 100)} %`;
  const elapsed = formatElapsed(now - (step.startedAt ?? now));
  return join([`${title}: ${stepTexts[step.name]} ${elapsed}`, share, progress?.text ?? '']);
}

/** What a batch job waits for now; null: it is over. */
export function describeJobWait({ name, state, native, submittedAt, startedAt }: Job, now: number): string | null {
  if (isJobOver(state) || state === 'new') return null;
  if (state === 'submitting') return `${name}: submitting`;
  if (state === 'active') {
    return join([
      `${name}: running ${formatElapsed(now - (startedAt ?? now))}`,
      native?.node ? `on ${native.node}` : '',
    ]);
  }
  const doing = state === 'held' ? 'held in the queue' : 'waiting in the queue';
  const facts = [native?.reason ?? '', expectedStart(native?.expectedStart ?? null, now)];
  return join([`${name}: ${doing} ${formatElapsed(now - (submittedAt ?? now))}`, ...facts]);
}
