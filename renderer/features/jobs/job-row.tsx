import { type KeyboardEvent, memo } from 'react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import { isJobOver, type Job } from '../../../electron/shared/jobs.ts';
import { opensContextMenu } from '../../components/context-menu.tsx';
import { JobBadge } from '../../components/state-badge.tsx';
import { useStore } from '../../store.ts';
import { describeExit, describeProgress, describeTime, isSubmitted } from '../../text/batch-job.ts';
import { formatWhen } from '../../text/time.ts';
import { ui } from '../../ui-store.ts';
import { archiveJob, cancelOrRemove, canEdit, editJob, rerunJob } from './job-actions.ts';
import { RowButton } from './job-button.tsx';
import { JobMenu } from './job-menu.tsx';
import css from './jobs-table.module.css';
import { toggleMark, useMarkedJobs } from './marked-jobs.ts';

/** Keys of a focused row; single letters only when the user left them on. */
function onRowKey(event: KeyboardEvent<HTMLElement>, job: Job): void {
  if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
  const hasSingleKeys = useStore.getState().settings.singleKeys;
  const key = event.key.toLowerCase();
  if (key === 'enter') ui.showJob(job.id);
  else if (key === ' ') toggleMark(job.id);
  else if (key === 'delete') cancelOrRemove(job);
  else if (hasSingleKeys && key === 'r' && isSubmitted(job)) void rerunJob(job);
  else if (hasSingleKeys && key === 'e' && canEdit(job)) editJob(job);
  else if (hasSingleKeys && key === 'a' && isJobOver(job.state)) void archiveJob(job);
  else return;
  event.preventDefault();
}

/** The line below the name: the scheduler's number, the tasks and what it was created from. */
function subtitle({ native, resources, values, launcher, id }: Job): string {
  const number = launcher === 'login' ? '' : (native?.id ?? '');
  return [number || id, resources.array && `tasks ${resources.array}`, values?.recipe].filter(Boolean).join(', ');
}

function Progress({ job, cluster, now }: { job: Job; cluster: ClusterState | undefined; now: number }) {
  const text = describeProgress(job, cluster, now);
  const exit = isJobOver(job.state) ? describeExit(job) : '';
  return (
    <>
      <div className="truncate" title={text}>
        {text}
      </div>
      {exit !== '' && exit !== text && <div className="text-tertiary truncate">{exit}</div>}
    </>
  );
}

interface Props {
  job: Job;
  cluster: ClusterState | undefined;
  /** Its place in the list, from 0. */
  index: number;
  /** Where it is drawn, px. */
  top: number;
  /** Of all rows, only this one and what is in it are reached by Tab. */
  isCurrent: boolean;
  /** The time, for one whose times go on; null: they stand still. */
  now: number | null;
  onFocus: (id: string) => void;
}

export const JobRow = memo(function JobRow({ job, cluster, index, top, isCurrent, now, onFocus }: Props) {
  const at = now ?? Date.now();
  const tabIndex = isCurrent ? 0 : -1;
  const isMarked = useMarkedJobs(({ ids }) => ids.includes(job.id));
  const queue = job.native?.queue || job.resources.queue;
  return (
    <tr
      className={`${css.row} ${css.job}`}
      aria-rowindex={index + 2}
      aria-label={job.name}
      aria-keyshortcuts="Enter Space R E A Delete"
      data-marked={isMarked || undefined}
      data-index={index}
      data-job={job.id}
      tabIndex={tabIndex}
      style={{ transform: `translateY(${top}px)` }}
      onFocus={() => onFocus(job.id)}
      onContextMenu={opensContextMenu('job', job.id)}
      onKeyDown={(event) => onRowKey(event, job)}
      onClick={({ target }) => target instanceof Element && !target.closest('button') && ui.showJob(job.id)}
    >
      <td className={css.name}>
        <div className="medium truncate" title={job.name}>
          {job.name}
          {isMarked && <span className="visually-hidden">, marked</span>}
        </div>
        <div className="text-sm text-tertiary truncate tabular">{subtitle(job)}</div>
      </td>
      <td>
        <JobBadge job={job} cluster={cluster} />
      </td>
      <td className={css.cluster}>
        <div className="truncate" title={job.clusterName}>
          {job.clusterName}
        </div>
        <div className="text-tertiary truncate">{job.launcher === 'login' ? 'login node' : queue}</div>
      </td>
      <td className={css.progress}>
        <Progress job={job} cluster={cluster} now={at} />
      </td>
      <td className={`${css.time} tabular`}>{describeTime(job, at)}</td>
      <td className={`${css.submitted} tabular`}>{job.submittedAt === null ? '' : formatWhen(job.submittedAt, at)}</td>
      <td className={css.actions}>
        <RowButton job={job} cluster={cluster} tabIndex={tabIndex} />
        <JobMenu job={job} tabIndex={tabIndex} />
      </td>
    </tr>
  );
});
