import { IconHandStop, IconHourglass, IconPlugConnectedX } from '@tabler/icons-react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import type { Job } from '../../../electron/shared/jobs.ts';
import { raisedLimit } from '../../../electron/shared/raise-resources-policy.ts';
import { ErrorNote } from '../../components/error-note.tsx';
import { Tasks } from '../../components/job-notes.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { Note } from '../../components/note.tsx';
import { useNow } from '../../components/use-now.ts';
import { describeExit, describeProgress, isJobLive, isOutOfReach, timelineOf } from '../../text/batch-job.ts';
import { formatMemory } from '../../text/size.ts';
import { formatAhead, formatWhen, length } from '../../text/time.ts';
import { cancelJob, releaseJob, rerunWithMore } from './job-actions.ts';
import { connectCluster } from './job-button.tsx';
import css from './job-detail.module.css';

/** Only Slurm takes a dependency back. */
function NeverBegins({ job }: { job: Job }) {
  return (
    <Note
      tone="bad"
      icon={IconHandStop}
      role="alert"
      action={
        <>
          {job.launcher === 'slurm' && <LinkButton onClick={() => releaseJob(job)}>Begin it anyway</LinkButton>}
          <LinkButton onClick={() => cancelJob(job)}>Cancel it</LinkButton>
        </>
      }
    >
      <strong className="bold">It will never begin.</strong> A job that it waits for did not end as required.{' '}
      <span className="text-tertiary">Reason given: {job.native?.reason}.</span>
    </Note>
  );
}

function Queued({ job }: { job: Job }) {
  const now = useNow(true, 10_000);
  const { native, state } = job;
  const start = native?.expectedStart ?? null;
  if (native?.isDependencyLost) return <NeverBegins job={job} />;
  if (state === 'held') {
    return (
      <Note tone="wait" icon={IconHandStop} action={<LinkButton onClick={() => releaseJob(job)}>Release</LinkButton>}>
        <strong className="bold">On hold.</strong> It does not begin until it is released.{' '}
        {native?.reason && <span className="text-tertiary">Reason given: {native.reason}.</span>}
      </Note>
    );
  }
  return (
    <Note tone="wait" icon={IconHourglass}>
      <strong className="bold">
        {start !== null && start > now
          ? `Starts about ${formatWhen(start, now)}, ${formatAhead(start, now)}.`
          : 'No estimate yet.'}
      </strong>{' '}
      {native?.reason && <span className="text-tertiary">Reason given: {native.reason}.</span>}
    </Note>
  );
}

function OutOfReach({ job, cluster }: { job: Job; cluster: ClusterState | undefined }) {
  const now = useNow(true, 10_000);
  return (
    <Note
      tone="wait"
      icon={IconPlugConnectedX}
      action={cluster && <LinkButton onClick={() => connectCluster(cluster)}>Connect</LinkButton>}
    >
      <strong className="bold">Nothing can be heard of it now.</strong> {describeProgress(job, cluster, now)}. The job
      itself goes on.
    </Note>
  );
}

interface Props {
  job: Job;
  /** null: not known yet. */
  script: string | null;
  cluster: ClusterState | undefined;
  evidence: string;
}

/** Makes a draft with more of what the job ran out of, where that is known and can be had. */
function RaiseButton({ job, script, cluster }: Omit<Props, 'evidence'>) {
  const raised = raisedLimit({ ...job, script }, cluster?.facts ?? null);
  if (!raised) return null;
  const { limit, from, to } = raised;
  const format = limit === 'memory' ? formatMemory : length;
  return (
    <LinkButton title={`It had ${format(from)}`} onClick={() => rerunWithMore(job, raised)}>
      Run again with {format(to)}
    </LinkButton>
  );
}

/** What is to be known first: why it waits, is out of reach or has failed. */
function Notice({ job, script, cluster, evidence }: Props) {
  const { state, native, error } = job;
  if (isOutOfReach(job, cluster)) return <OutOfReach job={job} cluster={cluster} />;
  if (state === 'queued' || state === 'held') return <Queued job={job} />;
  if (state === 'failed') {
    const unknown = { code: 'internal' as const, message: 'The cause is not known.' };
    const action = <RaiseButton job={job} script={script} cluster={cluster} />;
    return <ErrorNote error={error ?? unknown} title={describeExit(job)} evidence={evidence} action={action} />;
  }
  if (state === 'canceled') {
    return (
      <Note tone="off">
        <strong className="bold">Cancelled.</strong> {describeExit(job)} {native?.reason}
      </Note>
    );
  }
  if (state === 'new') {
    return (
      <Note tone="go">
        <strong className="bold">A draft.</strong> Nothing runs until you submit it. Until then files can be uploaded to
        its directory.
      </Note>
    );
  }
  return error && <ErrorNote error={error} />;
}

function Timeline({ job }: { job: Job }) {
  const now = useNow(isJobLive(job), 10_000);
  return (
    <ol className={css.timeline} aria-label="Timeline">
      {timelineOf(job, now).map(({ title, at, detail, state }) => (
        <li key={title} className={css[state]} aria-current={state === 'now' ? 'step' : undefined}>
          <span className="medium">{title}</span>
          <span className="text-sm text-tertiary tabular">{at === null ? '' : formatWhen(at, now)}</span>
          <span className="text-sm text-tertiary tabular">{detail}</span>
        </li>
      ))}
    </ol>
  );
}

export function JobStatus(props: Props) {
  const { job } = props;
  return (
    <section className={css.status} aria-label="Status">
      <Notice {...props} />
      <Timeline job={job} />
      <Tasks tasks={job.native?.tasks ?? null} />
    </section>
  );
}
