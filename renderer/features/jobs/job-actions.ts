import type { RequestInput } from '../../../electron/shared/contract/index.ts';
import { type LaunchInput, launchInputSchema } from '../../../electron/shared/instances.ts';
import { isJobOver, type Job } from '../../../electron/shared/jobs.ts';
import { changeDirective, type RaisedLimit } from '../../../electron/shared/raise-resources-policy.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { useStore } from '../../store.ts';
import { isJobLive } from '../../text/batch-job.ts';
import { ui } from '../../ui-store.ts';
import { editLaunch } from '../running/launch-again.ts';
import { noteJobs, noteRemovedJob } from './known-jobs.ts';

export const canRemove = ({ state }: Job): boolean => state === 'new' || isJobOver(state);
/** The login node has no queue to wait in. */
export const canHold = ({ state, launcher }: Job): boolean => state === 'queued' && launcher !== 'login';

export const submitJob = ({ id, name }: Job): Promise<boolean> =>
  attempt(
    `${name} was not submitted`,
    invoke('jobs.submit', { id }).then((job) => noteJobs([job])),
  );

export const holdJob = ({ id, name }: Job) => void attempt(`${name} was not held`, invoke('jobs.hold', { id }));

export const releaseJob = ({ id, name }: Job) =>
  void attempt(`${name} was not released`, invoke('jobs.release', { id }));

/** What runs loses its work, so it is asked first; what waits can be run again. */
export function cancelJob(job: Job): void {
  if (!isJobLive(job)) return;
  const cancel = () => invoke('jobs.cancel', { id: job.id });
  if (job.state !== 'active') {
    void attempt(`${job.name} was not cancelled`, cancel());
    return;
  }
  ui.confirm({
    title: `Cancel ${job.name}?`,
    text: `It ends on ${job.clusterName} at once. Files that it has written so far stay in its directory.`,
    action: 'Cancel job',
    run: cancel,
  });
}

/** A new job with the inputs, script and values of this one, which is shown next. */
async function copyJob(
  job: Job,
  change: Pick<RequestInput<'jobs.rerun'>, 'tasks' | 'resources' | 'results'> = {},
): Promise<Job> {
  const copy = await invoke('jobs.rerun', { id: job.id, key: crypto.randomUUID(), ...change });
  noteJobs([copy]);
  ui.showJob(copy.id);
  return copy;
}

/** A draft of some tasks of a job array, which is shown next. */
export const rerunTasks = (job: Job, tasks: NonNullable<RequestInput<'jobs.rerun'>['tasks']>) =>
  void attempt(`${job.name} was not copied`, copyJob(job, { tasks }));

/** A draft that asks for more of what the job ran out of; a directive of its script that says otherwise is changed with it. */
export const rerunWithMore = (job: Job, raised: RaisedLimit) =>
  void attempt(`${job.name} was not copied`, copyWithMore(job, raised));

async function copyWithMore(job: Job, { limit, to }: RaisedLimit): Promise<void> {
  const copy = await copyJob(job, { resources: { ...job.resources, [limit]: to } });
  const { script } = await invoke('jobs.get', { id: copy.id });
  const changed = script === null ? null : changeDirective(script, job.launcher, limit, to);
  if (changed !== null && changed !== script) noteJobs([await invoke('jobs.update', { id: copy.id, script: changed })]);
}

export const copyAsDraft = (job: Job) => void attempt(`${job.name} was not copied`, copyJob(job));

/** What a job of a recipe was or would be launched with; null: it was created from a script, or has no values. */
function launchInputOf(job: Job): LaunchInput | null {
  const launched = useStore.getState().instances.find(({ id }) => id === job.id)?.input;
  if (launched && job.values) return launched;
  const { clusterId, launcher, values, resources, modules, name } = job;
  return values && launchInputSchema.parse({ clusterId, launcher, ...values, resources, modules, title: name });
}

/** The composer with a job and its script; one that is not known here cannot be composed. */
function openComposer(kind: 'edit' | 'copy', job: Job): void {
  const opened = invoke('jobs.get', { id: job.id }).then((found) => ui.compose({ kind, job: found }));
  void attempt(`${job.name} was not opened`, opened);
}

/** A job of a recipe has its form instead. */
export const canCompose = ({ values }: Job): boolean => values === null;
export const editInComposer = (job: Job): void => openComposer('edit', job);
export const copyInComposer = (job: Job): void => openComposer('copy', job);

export const canEdit = ({ values }: Job): boolean => values !== null;

/** The launch form with the values of the job; what no longer fits is marked. */
export function editJob(job: Job): void {
  const input = launchInputOf(job);
  if (input) editLaunch(input);
}

export async function rerunJob(job: Job): Promise<void> {
  const rerun = copyJob(job).then(({ id }) => invoke('jobs.submit', { id }));
  await attempt(`${job.name} was not run again`, rerun);
}

/** It got as far as it could: its time was up, or somebody stopped it. One that failed otherwise would fail again. */
export const canContinue = ({ state, native, startedAt }: Job): boolean =>
  startedAt !== null && (state === 'completed' || state === 'canceled' || native?.limit === 'time');

/** A new job that goes on where this one stopped, with these of its results. */
export async function continueJob(job: Job, results: string[]): Promise<void> {
  const next = copyJob(job, { results }).then(({ id }) => invoke('jobs.submit', { id }));
  await attempt(`${job.name} does not go on`, next);
}

export async function archiveJob({ id, name, archived }: Job): Promise<void> {
  const change = async (to: boolean) => noteJobs([await invoke('jobs.archive', { id, archived: to })]);
  const isDone = await attempt(
    archived ? `${name} stays in the archive` : `${name} was not archived`,
    change(!archived),
  );
  if (!isDone) return;
  ui.toast({
    tone: 'ok',
    title: archived ? `${name} is in the list again.` : `${name} is in the archive.`,
    action: { label: 'Undo', run: () => void attempt('It was not undone', change(archived)) },
  });
}

/** Its files on the cluster cannot be brought back, so it is asked first. `then`: once it is removed. */
export function askToRemoveJob(job: Job, then: () => void = () => undefined): void {
  ui.confirm({
    title: `Remove ${job.name}?`,
    text: job.directory
      ? `It leaves this list, and its directory ${job.directory} on ${job.clusterName} is removed with all files in it, unless it was made by you. To keep the files, archive it.`
      : 'It leaves this list. To keep it, archive it.',
    action: 'Remove',
    run: async () => {
      await invoke('jobs.remove', { id: job.id });
      noteRemovedJob(job.id);
      then();
    },
  });
}

/** What Delete does to a job. */
export const cancelOrRemove = (job: Job): void => (canRemove(job) ? askToRemoveJob(job) : cancelJob(job));
