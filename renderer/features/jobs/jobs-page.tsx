import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import empty from '../../components/empty.module.css';
import { ErrorNote } from '../../components/error-note.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { PageBody } from '../../components/page.tsx';
import { count } from '../../text/size.ts';
import { ui, useUi } from '../../ui-store.ts';
import { CompareJobsBar } from './compare-jobs-bar.tsx';
import { ComposerPage } from './composer/composer-page.tsx';
import { JobDetail } from './job-detail.tsx';
import { allJobs, isFiltered, type WantedJobs } from './job-list-model.ts';
import { JobsHead, JobsSearch } from './jobs-head.tsx';
import css from './jobs-page.module.css';
import { JobsTable } from './jobs-table.tsx';
import { useJobList } from './use-job-list.ts';

function NoJobs() {
  return (
    <div className={empty.empty}>
      <h2>No jobs yet</h2>
      <p className={css.explanation}>
        A job is a script that runs on a cluster without you, with its own directory for inputs and results. It goes on
        when this computer is off.
      </p>
      <div className="row">
        <Button variant="filled" onClick={ui.newJob}>
          New job
        </Button>
        <Button onClick={() => ui.go('recipes')}>See recipes</Button>
      </div>
    </div>
  );
}

function statusOf(shown: number, isLoading: boolean, hasMore: boolean): string {
  if (isLoading) return 'Reading older jobs…';
  if (hasMore || shown === 0) return '';
  return `${count(shown, 'job')} in all.`;
}

interface ListProps {
  wanted: WantedJobs;
  onWanted: (wanted: WantedJobs) => void;
  returnTo: string | null;
}

function JobList({ wanted, onWanted, returnTo }: ListProps) {
  const { jobs, byId, counts, isEmpty, isLoading, next, error, readMore } = useJobList(wanted);
  const isNothing = isEmpty && !isFiltered(wanted) && !isLoading && error === null;
  return (
    <>
      <JobsHead wanted={wanted} counts={counts} onWanted={onWanted} isEmpty={isNothing} />
      <PageBody>
        {isNothing ? (
          <NoJobs />
        ) : (
          <>
            <JobsSearch wanted={wanted} onWanted={onWanted} />
            <div className={css.marked}>
              <CompareJobsBar />
            </div>
            {jobs.length > 0 && (
              <JobsTable
                jobs={jobs}
                byId={byId}
                returnTo={returnTo}
                onNearEnd={() => next !== null && error === null && readMore()}
              />
            )}
            {error && (
              <ErrorNote
                alert
                title="Older jobs could not be read"
                error={error.serialize()}
                action={<LinkButton onClick={readMore}>Try again</LinkButton>}
              />
            )}
            {jobs.length === 0 && !isLoading && !error && (
              <div className={empty.empty}>
                <p>No job matches.</p>
                <Button onClick={() => onWanted(allJobs)}>Clear filters</Button>
              </div>
            )}
            <p className={`${css.status} text-sm text-tertiary`} role="status">
              {statusOf(jobs.length, isLoading, next !== null)}
            </p>
          </>
        )}
      </PageBody>
    </>
  );
}

/** The list of jobs, one of them, or one that is composed. What was looked for stays while one is shown. */
export function JobsPage() {
  const shown = useUi((state) => state.job);
  const composing = useUi((state) => state.composing);
  const [wanted, setWanted] = useState<WantedJobs>(allJobs);
  const last = useRef<string | null>(null);
  useEffect(() => {
    if (shown !== null) last.current = shown;
  }, [shown]);
  if (composing) return <ComposerPage key={composing.serial} composing={composing} />;
  if (shown !== null) return <JobDetail key={shown} id={shown} />;
  return <JobList wanted={wanted} onWanted={setWanted} returnTo={last.current} />;
}
