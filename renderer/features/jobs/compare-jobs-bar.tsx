import { Button } from '@mantine/core';
import { LinkButton } from '../../components/link-button.tsx';
import { Note } from '../../components/note.tsx';
import { ui } from '../../ui-store.ts';
import { useJob } from './known-jobs.ts';
import { clearMarks, useMarkedJobs } from './marked-jobs.ts';

/** Says which jobs are marked, and compares two. */
export function CompareJobsBar() {
  const ids = useMarkedJobs((state) => state.ids);
  const [first = '', second = ''] = ids;
  const one = useJob(first);
  const other = useJob(second);
  if (!one) return null;
  return (
    <Note
      tone="off"
      role="status"
      onClose={clearMarks}
      action={
        other ? (
          <Button size="xs" variant="filled" onClick={() => ui.open({ kind: 'compare-jobs', first, second })}>
            Compare
          </Button>
        ) : (
          <LinkButton onClick={clearMarks}>Cancel</LinkButton>
        )
      }
    >
      {other ? (
        <>
          <strong className="bold">{one.name}</strong> and <strong className="bold">{other.name}</strong> are marked.
        </>
      ) : (
        <>
          <strong className="bold">{one.name}</strong> is marked. Mark another job to compare both: Space on its row, or
          its menu.
        </>
      )}
    </Note>
  );
}
