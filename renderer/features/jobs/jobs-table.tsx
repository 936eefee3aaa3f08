import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import type { Job } from '../../../electron/shared/jobs.ts';
import surface from '../../components/surface.module.css';
import { useNow } from '../../components/use-now.ts';
import { isJobLive } from '../../text/batch-job.ts';
import { rowForKey } from './job-list-model.ts';
import { JobRow } from './job-row.tsx';
import css from './jobs-table.module.css';
import { useVirtualRows } from './use-virtual-rows.ts';

/** So many rows before the last one that is read, the next ones are read. */
const READ_AHEAD = 40;

interface Props {
  jobs: readonly Job[];
  byId: ReadonlyMap<string, ClusterState>;
  /** The job that the user comes back from; it takes the focus. */
  returnTo: string | null;
  onNearEnd: () => void;
}

/** Gives the focus to a row once it is drawn. */
function useRowFocus(box: RefObject<HTMLElement | null>) {
  const [wanted, setWanted] = useState<number | null>(null);
  // After every draw, because a row far away is drawn later.
  useEffect(() => {
    if (wanted === null) return;
    const row = box.current?.querySelector<HTMLElement>(`[data-index="${wanted}"]`);
    if (!row) return;
    row.focus({ preventScroll: true });
    setWanted(null);
  });
  return setWanted;
}

function TableHead() {
  return (
    <thead className={css.head}>
      <tr aria-rowindex={1} className={css.row}>
        <th scope="col">Name</th>
        <th scope="col">State</th>
        <th scope="col" className={css.cluster}>
          Cluster
        </th>
        <th scope="col" className={css.progress}>
          Progress
        </th>
        <th scope="col" className={css.time}>
          Time
        </th>
        <th scope="col" className={css.submitted}>
          Submitted
        </th>
        <th scope="col" className={css.actions}>
          <span className="visually-hidden">Actions</span>
        </th>
      </tr>
    </thead>
  );
}

export function JobsTable({ jobs, byId, returnTo, onNearEnd }: Props) {
  const box = useRef<HTMLTableSectionElement>(null);
  const [current, setCurrent] = useState<string | null>(returnTo);
  const found = jobs.findIndex(({ id }) => id === current);
  const at = Math.max(0, found);
  const ids = jobs.map(({ id }) => id);
  const { virtual, margin } = useVirtualRows(box, ids, at);
  const focusRow = useRowFocus(box);
  const now = useNow(jobs.some(isJobLive), 1000);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, as the user comes back
  useEffect(() => {
    if (returnTo === null || found < 0) return;
    virtual.scrollToIndex(found);
    focusRow(found);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is in sight asks for more
  useEffect(() => {
    if (last >= jobs.length - READ_AHEAD) onNearEnd();
  }, [last, jobs.length]);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!(event.target instanceof HTMLElement) || event.target.dataset.job === undefined) return;
    const next = rowForKey(event.key, at, jobs.length);
    const job = next === null ? undefined : jobs[next];
    if (next === null || !job) return;
    event.preventDefault();
    setCurrent(job.id);
    virtual.scrollToIndex(next);
    focusRow(next);
  };

  return (
    <table className={`${surface.card} ${css.table}`} aria-label="Jobs" aria-rowcount={jobs.length + 1}>
      <TableHead />
      <tbody ref={box} className={css.rows} style={{ blockSize: virtual.getTotalSize() }} onKeyDown={onKeyDown}>
        {items.map(({ index, key, start }) => {
          const job = jobs[index];
          return (
            job && (
              <JobRow
                key={key}
                job={job}
                cluster={byId.get(job.clusterId)}
                index={index}
                top={start - margin}
                isCurrent={index === at}
                now={isJobLive(job) ? now : null}
                onFocus={setCurrent}
              />
            )
          );
        })}
      </tbody>
    </table>
  );
}
