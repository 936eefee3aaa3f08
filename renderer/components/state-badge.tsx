import type { TablerIcon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ClusterState, ConnectionState } from '../../electron/shared/clusters.ts';
import { waitsForUser } from '../../electron/shared/connection-loss-policy.ts';
import type { Instance, InstanceState } from '../../electron/shared/instances.ts';
import type { Job, JobTask } from '../../electron/shared/jobs.ts';
import { jobLabel, jobStateLabels } from '../text/batch-job.ts';
import { connectionLabels } from '../text/cluster.ts';
import { instanceLabel } from '../text/instance.ts';
import { connectionLook, doneLook, instanceLook, jobLook, type Tone } from './icons.tsx';
import css from './state-badge.module.css';

function Badge(props: { state: string; icon: TablerIcon; tone: Tone; spins?: boolean; children: ReactNode }) {
  const Shown = props.icon;
  return (
    <span className={`${css.badge} ${css[props.tone]}`} data-state={props.state}>
      <Shown size={14} stroke={2} aria-hidden className={props.spins ? 'spin' : undefined} />
      {props.children}
    </span>
  );
}

/** The state of an app, or that of its connection where the app is out of reach until the user acts. */
export function InstanceBadge({ instance, cluster }: { instance: Instance; cluster: ClusterState | undefined }) {
  return cluster && waitsForUser(instance, cluster.connection) ? (
    <ConnectionBadge state={cluster.connection.state} />
  ) : (
    <StateBadge state={instance.state} kind={instance.kind} />
  );
}

export function StateBadge({ state, kind = 'app' }: { state: InstanceState; kind?: Instance['kind'] }) {
  const look = kind === 'job' && state === 'ended' ? doneLook : instanceLook[state];
  return (
    <Badge state={state} {...look}>
      {instanceLabel({ state, kind })}
    </Badge>
  );
}

/** The state of a batch job; the tooltip has the general word for it and the scheduler's own. */
export function JobBadge({ job, cluster }: { job: Job; cluster: ClusterState | undefined }) {
  const { look, text } = jobLabel(job, cluster);
  return (
    <span className="no-shrink" title={[job.state, job.native?.state].filter(Boolean).join(', ')}>
      <Badge state={job.state} {...jobLook[look]}>
        {text}
      </Badge>
    </span>
  );
}

/** The state of a task of a job array; the tooltip has the scheduler's own word. */
export function TaskBadge({ task }: { task: Pick<JobTask, 'state' | 'nativeState'> }) {
  const { state, nativeState } = task;
  return (
    <span className="no-shrink" title={nativeState}>
      <Badge state={state} {...jobLook[state]}>
        {jobStateLabels[state]}
      </Badge>
    </span>
  );
}

export function ConnectionBadge({ state }: { state: ConnectionState }) {
  return (
    <Badge state={state} {...connectionLook[state]}>
      {connectionLabels[state]}
    </Badge>
  );
}
