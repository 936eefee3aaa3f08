import { Button, Loader, SegmentedControl } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState } from 'react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import { hasTaskFailed, type Job, type JobTask } from '../../../electron/shared/jobs.ts';
import { Count } from '../../components/count.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { stroke } from '../../components/icons.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { TaskBadge } from '../../components/state-badge.tsx';
import surface from '../../components/surface.module.css';
import { useNow } from '../../components/use-now.ts';
import { useListScroller } from '../../components/virtual-list.ts';
import { formatWhen } from '../../text/time.ts';
import { rerunTasks } from './job-actions.ts';
import { connectCluster } from './job-button.tsx';
import css from './job-tasks.module.css';
import {
  describeTaskEnd,
  describeTaskTime,
  matchesTask,
  type TaskFilter,
  taskFilterLabels,
  taskFilters,
} from './job-tasks-model.ts';
import { useJobTasks } from './use-job-tasks.ts';

/** As high as a row is in job-tasks.module.css, px. */
const ROW_HEIGHT = 34;

function TaskRow({ task, now, at, top }: { task: JobTask; now: number; at: number; top: number }) {
  const { index, reason, node, startedAt } = task;
  return (
    <tr className={`${css.row} ${css.task}`} aria-rowindex={at + 2} style={{ transform: `translateY(${top}px)` }}>
      <th scope="row" className="tabular">
        {index}
      </th>
      <td>
        <TaskBadge task={task} />
      </td>
      <td className="tabular">{describeTaskEnd(task)}</td>
      <td className="tabular">{describeTaskTime(task, now)}</td>
      <td className={`${css.started} tabular`}>{startedAt === null ? '' : formatWhen(startedAt, now)}</td>
      <td className={`${css.node} truncate`} title={node}>
        {node}
      </td>
      <td className="truncate text-tertiary" title={reason}>
        {reason}
      </td>
    </tr>
  );
}

function TaskTable({ tasks }: { tasks: readonly JobTask[] }) {
  const box = useRef<HTMLTableSectionElement>(null);
  const { scroller, margin } = useListScroller(box);
  const now = useNow(
    tasks.some(({ state }) => state === 'active'),
    1000,
  );
  const virtual = useVirtualizer({
    count: tasks.length,
    getScrollElement: scroller,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    scrollMargin: margin,
    useFlushSync: false,
  });
  return (
    <table className={css.table} aria-label="Tasks" aria-rowcount={tasks.length + 1}>
      <thead className={css.head}>
        <tr className={css.row} aria-rowindex={1}>
          <th scope="col">Task</th>
          <th scope="col">State</th>
          <th scope="col">Exit</th>
          <th scope="col">Time</th>
          <th scope="col" className={css.started}>
            Started
          </th>
          <th scope="col" className={css.node}>
            Node
          </th>
          <th scope="col">Reason</th>
        </tr>
      </thead>
      <tbody ref={box} className={css.rows} style={{ blockSize: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const task = tasks[index];
          return task && <TaskRow key={task.index} task={task} now={now} at={index} top={start - margin} />;
        })}
      </tbody>
    </table>
  );
}

function TaskBar(props: {
  job: Job;
  tasks: readonly JobTask[];
  filter: TaskFilter;
  onFilter: (filter: TaskFilter) => void;
  onReload?: () => void;
}) {
  const { job, tasks, filter, onFilter, onReload } = props;
  const failed = tasks.filter(hasTaskFailed).length;
  return (
    <div className={css.bar}>
      <SegmentedControl
        size="xs"
        aria-label="Show tasks"
        value={filter}
        onChange={(value) => onFilter(value as TaskFilter)}
        data={taskFilters.map((value) => ({
          value,
          label: (
            <>
              {taskFilterLabels[value]} <Count value={tasks.filter((task) => matchesTask(value, task)).length} />
            </>
          ),
        }))}
      />
      <span className="grow" />
      {failed > 0 && (
        <Button
          size="xs"
          leftSection={<IconRefresh size={14} stroke={stroke} aria-hidden />}
          onClick={() => rerunTasks(job, 'failed')}
        >
          Rerun {failed} failed
        </Button>
      )}
      {onReload && <IconButton icon={IconRefresh} label="Read the tasks again" size={26} onClick={onReload} />}
    </div>
  );
}

/** The tasks of a job array, each with how it goes or ended, and what makes a draft of those that failed. */
export function JobTasks({ job, cluster }: { job: Job; cluster: ClusterState | undefined }) {
  const [filter, setFilter] = useState<TaskFilter>('all');
  const isReachable = cluster?.connection.state === 'connected';
  const { tasks, error, isLoading, reload } = useJobTasks(job, isReachable);
  const shown = tasks.filter((task) => matchesTask(filter, task));
  const isNothing = tasks.length === 0;
  return (
    <section className={surface.card} aria-label="Tasks">
      <TaskBar
        job={job}
        tasks={tasks}
        filter={filter}
        onFilter={setFilter}
        onReload={isReachable ? reload : undefined}
      />
      {error && (
        <div className={css.notice}>
          <ErrorNote
            alert
            title="The tasks could not be read"
            error={error.serialize()}
            action={<LinkButton onClick={reload}>Try again</LinkButton>}
          />
        </div>
      )}
      {shown.length > 0 && <TaskTable tasks={shown} />}
      {isNothing && isLoading && (
        <div className={css.notice} role="status">
          <Loader size="sm" /> Asking for the tasks
        </div>
      )}
      {isNothing && !isReachable && (
        <div className={css.notice}>
          <p>
            {cluster
              ? `${job.clusterName} is not connected, so its tasks cannot be listed.`
              : 'Its cluster was removed here.'}
          </p>
          {cluster && <Button onClick={() => connectCluster(cluster)}>Connect</Button>}
        </div>
      )}
      {isReachable && !isLoading && !error && shown.length === 0 && <p className={css.notice}>No task is so.</p>}
    </section>
  );
}
