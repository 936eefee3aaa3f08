import { Button, Checkbox, Loader } from '@mantine/core';
import { IconArrowsDiff } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { Job } from '../../../electron/shared/jobs.ts';
import code from '../../components/code.module.css';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorNote } from '../../components/error-note.tsx';
import { useStore } from '../../store.ts';
import { count } from '../../text/size.ts';
import { ui } from '../../ui-store.ts';
import css from './compare-jobs-dialog.module.css';
import { compareParameters, diffLines, foldSame } from './compare-jobs-model.ts';
import { useJobDetail } from './use-job-detail.ts';

const titleOf = (job: Job): string => `${job.name} (${job.id})`;

function Parameters({ first, second, isWhole }: { first: Job; second: Job; isWhole: boolean }) {
  const recipes = useStore((state) => state.recipes.list);
  const all = compareParameters(first, second, (recipe, arg) => {
    const form = recipes.find(({ name }) => name === recipe);
    return form?.args.find(({ name }) => name === arg)?.title ?? arg;
  });
  const differing = all.filter((parameter) => parameter.first !== parameter.second);
  const shown = isWhole ? all : differing;
  if (shown.length === 0) return <p>All parameters are the same.</p>;
  return (
    <table className={css.table} aria-label="Parameters">
      <thead>
        <tr>
          <th scope="col">Parameter</th>
          <th scope="col">{titleOf(first)}</th>
          <th scope="col">{titleOf(second)}</th>
        </tr>
      </thead>
      <tbody>
        {shown.map(({ name, first: own, second: other }) => (
          <tr key={name} data-differs={own !== other || undefined}>
            <th scope="row">{name}</th>
            <td>{own || '–'}</td>
            <td>{other || '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const signs = { same: ' ', first: '−', second: '+' } as const;

function ScriptDiff({ first, second, isWhole }: { first: string | null; second: string | null; isWhole: boolean }) {
  const lines = useMemo(() => (first === null || second === null ? null : diffLines(first, second)), [first, second]);
  if (lines === null) return <p>The script of one of them is not known here.</p>;
  if (lines.every(({ kind }) => kind === 'same') && !isWhole) return <p>The scripts are the same.</p>;
  const shown = isWhole ? lines : foldSame(lines);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className={`${code.code} ${css.script}`} aria-label="Differences of the scripts" tabIndex={0}>
      {shown.map((each, index) =>
        each.kind === 'skipped' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one comparison never move
          <span key={index} className={css.skipped}>{`… ${count(each.count, 'line')} the same\n`}</span>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one comparison never move
          <span key={index} className={each.kind === 'same' ? undefined : css[each.kind]}>
            {`${signs[each.kind]} ${each.text}\n`}
          </span>
        ),
      )}
    </section>
  );
}

/** What two jobs were asked for: what differs in their values, resources and scripts. */
export function CompareJobsDialog({ first, second }: { first: string; second: string }) {
  const [isWhole, setWhole] = useState(false);
  const one = useJobDetail(first);
  const other = useJobDetail(second);
  const error = one.error ?? other.error;
  return (
    <Dialog
      title="Compare two jobs"
      icon={IconArrowsDiff}
      size={860}
      onClose={ui.closeDialog}
      footer={
        <>
          <Checkbox
            label="Show what is the same"
            checked={isWhole}
            onChange={(event) => setWhole(event.currentTarget.checked)}
          />
          <span className="grow" />
          <Button variant="filled" onClick={ui.closeDialog} data-autofocus>
            Close
          </Button>
        </>
      }
    >
      {error && <ErrorNote alert title="A job could not be read" error={error.serialize()} />}
      {one.job && other.job ? (
        <div className={css.parts}>
          <Parameters first={one.job} second={other.job} isWhole={isWhole} />
          <h3>Script</h3>
          <ScriptDiff first={one.script} second={other.script} isWhole={isWhole} />
        </div>
      ) : (
        !error && <Loader size="sm" aria-label="Reading the jobs" />
      )}
    </Dialog>
  );
}
