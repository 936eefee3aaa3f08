import { Button } from '@mantine/core';
import {
  IconEdit,
  IconPlayerPlay,
  IconPlayerTrackNext,
  IconPlugConnected,
  IconRefresh,
  IconSend,
  IconX,
  type TablerIcon,
} from '@tabler/icons-react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import type { Job } from '../../../electron/shared/jobs.ts';
import { attempt } from '../../attempt.ts';
import { invoke } from '../../bridge.ts';
import { stroke } from '../../components/icons.tsx';
import { isJobLive, isOutOfReach } from '../../text/batch-job.ts';
import { length } from '../../text/time.ts';
import { ui } from '../../ui-store.ts';
import {
  canCompose,
  canContinue,
  cancelJob,
  continueJob,
  editInComposer,
  releaseJob,
  rerunJob,
  submitJob,
} from './job-actions.ts';
import { useJobBatch } from './use-job-batch.ts';

interface Action {
  label: string;
  icon: TablerIcon;
  run: () => unknown;
}

export function connectCluster({ cluster, connection }: ClusterState): void {
  if (connection.state === 'key-changed') ui.open({ kind: 'key-changed', id: cluster.id });
  else void attempt(`${cluster.name} did not connect`, invoke('clusters.connect', { id: cluster.id }));
}

function continueAction(job: Job, resume: string[]): Action {
  const { time } = job.resources;
  const label = time === null ? 'Continue' : `Continue for ${length(time)}`;
  return { label, icon: IconPlayerTrackNext, run: () => continueJob(job, resume) };
}

/** What a job most likely needs from the user; null: nothing. */
function mainAction(job: Job, cluster: ClusterState | undefined, resume: string[] | undefined): Action | null {
  if (isOutOfReach(job, cluster)) {
    if (!cluster) return null;
    const label = cluster.connection.state === 'sign-in-needed' ? 'Sign in' : 'Connect';
    return { label, icon: IconPlugConnected, run: () => connectCluster(cluster) };
  }
  switch (job.state) {
    case 'new':
      return { label: 'Submit', icon: IconSend, run: () => submitJob(job) };
    case 'held':
      return { label: 'Release', icon: IconPlayerPlay, run: () => releaseJob(job) };
    case 'failed':
    case 'canceled':
      if (resume && canContinue(job)) return continueAction(job, resume);
      return { label: 'Run again', icon: IconRefresh, run: () => rerunJob(job) };
    default:
      return null;
  }
}

/** The button of a row, where the job needs one. */
export function RowButton(props: { job: Job; cluster: ClusterState | undefined; tabIndex: number }) {
  const action = mainAction(props.job, props.cluster, useJobBatch(props.job)?.resume);
  if (!action) return null;
  return (
    <Button size="xs" tabIndex={props.tabIndex} aria-label={`${action.label} ${props.job.name}`} onClick={action.run}>
      {action.label}
    </Button>
  );
}

/** The buttons of a job's page. */
export function PageButtons({ job, cluster }: { job: Job; cluster: ClusterState | undefined }) {
  const done: Action = { label: 'Run again', icon: IconRefresh, run: () => rerunJob(job) };
  const resume = useJobBatch(job)?.resume;
  const action = mainAction(job, cluster, resume) ?? (job.state === 'completed' ? done : null);
  const next = job.state === 'completed' && resume && canContinue(job) ? continueAction(job, resume) : null;
  return (
    <>
      {next && (
        <Button leftSection={<next.icon size={16} stroke={stroke} aria-hidden />} onClick={next.run}>
          {next.label}
        </Button>
      )}
      {action && (
        <Button
          variant={job.state === 'completed' ? 'default' : 'filled'}
          leftSection={<action.icon size={16} stroke={stroke} aria-hidden />}
          onClick={action.run}
        >
          {action.label}
        </Button>
      )}
      {job.state === 'new' && canCompose(job) && (
        <Button leftSection={<IconEdit size={16} stroke={stroke} aria-hidden />} onClick={() => editInComposer(job)}>
          Edit
        </Button>
      )}
      {isJobLive(job) && (
        <Button leftSection={<IconX size={16} stroke={stroke} aria-hidden />} onClick={() => cancelJob(job)}>
          Cancel
        </Button>
      )}
    </>
  );
}
