import { Button, Loader, Tabs } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { isJobOver, type Job } from '../../../electron/shared/jobs.ts';
import empty from '../../components/empty.module.css';
import { ErrorNote } from '../../components/error-note.tsx';
import { Facts } from '../../components/facts.tsx';
import { IconButton } from '../../components/icon-button.tsx';
import { LogPanel } from '../../components/log-panel.tsx';
import { PageBody, PageHead } from '../../components/page.tsx';
import { JobBadge } from '../../components/state-badge.tsx';
import { useNow } from '../../components/use-now.ts';
import { useStore } from '../../store.ts';
import { describeTime, isJobLive, isSubmitted, jobFacts } from '../../text/batch-job.ts';
import { ui } from '../../ui-store.ts';
import { FitPanel } from './fit/fit-panel.tsx';
import { PageButtons } from './job-button.tsx';
import { JobDependencies } from './job-dependencies.tsx';
import css from './job-detail.module.css';
import { JobFiles } from './job-files.tsx';
import { JobMenu } from './job-menu.tsx';
import { JobScript } from './job-script.tsx';
import { JobStatus } from './job-status.tsx';
import { JobTasks } from './job-tasks.tsx';
import { useJobBatch } from './use-job-batch.ts';
import { useJobDetail } from './use-job-detail.ts';
import { useSavedJobLog } from './use-saved-job-log.ts';

const back = <IconButton icon={IconArrowLeft} label="Back to all jobs" onClick={ui.listJobs} />;

/** Esc goes back to the list, unless something that floats, or a field, has it. */
function useBackKey(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTaken =
        event.target instanceof Element && event.target.closest('input, textarea, [role="dialog"], [role="menu"]');
      if (event.key === 'Escape' && !event.defaultPrevented && !isTaken) ui.listJobs();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

function MissingJob({ id, error }: { id: string; error: ReturnType<typeof useJobDetail>['error'] }) {
  return (
    <>
      <PageHead title="Job" before={back} />
      <div className={empty.empty}>
        {error ? (
          <>
            <ErrorNote title={`Job ${id} cannot be shown`} error={error.serialize()} alert />
            <Button onClick={ui.listJobs}>All jobs</Button>
          </>
        ) : (
          <Loader size="sm" aria-label="Reading the job" />
        )}
      </div>
    </>
  );
}

function DetailHead({ job }: { job: Job }) {
  const cluster = useStore((state) => state.clusters.find((entry) => entry.cluster.id === job.clusterId));
  return (
    <PageHead before={back} title={<span title={job.name}>{job.name}</span>}>
      <JobBadge job={job} cluster={cluster} />
      <span className="push-end" />
      <PageButtons job={job} cluster={cluster} />
      <JobMenu job={job} onRemoved={ui.listJobs} />
    </PageHead>
  );
}

/** The tab to begin with: a fit is looked at, what runs or has failed is read, the files of the rest are looked at. */
function firstTab({ state }: Job, hasFit: boolean): string {
  if (hasFit) return 'fit';
  return state === 'active' || state === 'failed' ? 'log' : 'files';
}

export function JobDetail({ id }: { id: string }) {
  const { job, script, error } = useJobDetail(id);
  const [chosen, setChosen] = useState<string | null>(null);
  const cluster = useStore((state) => state.clusters.find((entry) => entry.cluster.id === job?.clusterId));
  const batch = useJobBatch(job);
  const log = useSavedJobLog(job);
  const now = useNow(job !== undefined && isJobLive(job), 1000);
  useBackKey();
  if (!job) return <MissingJob id={id} error={error} />;
  const hasLog = isSubmitted(job);
  const hasTasks = job.native?.tasks != null;
  const fit = hasLog && batch?.progress ? { ...batch, progress: batch.progress } : null;
  const wanted = chosen ?? firstTab(job, fit !== null);
  const isThere = (wanted !== 'log' || hasLog) && (wanted !== 'tasks' || hasTasks) && (wanted !== 'fit' || fit);
  const tab = isThere ? wanted : 'files';
  return (
    <>
      <DetailHead job={job} />
      <PageBody>
        <div className={css.facts}>
          <Facts list={[...jobFacts(job), describeTime(job, now)].filter(Boolean)} />
          <span className={`${css.directory} mono truncate`} title={job.directory}>
            {job.directory}
          </span>
        </div>
        <JobStatus job={job} script={script} cluster={cluster} evidence={log} />
        {!isJobOver(job.state) && <JobDependencies job={job} script={script} />}
        <Tabs value={tab} onChange={setChosen} keepMounted={false} className={css.tabs}>
          <Tabs.List aria-label={job.name}>
            {fit && <Tabs.Tab value="fit">Fit</Tabs.Tab>}
            <Tabs.Tab value="files">Files</Tabs.Tab>
            {hasLog && <Tabs.Tab value="log">Log</Tabs.Tab>}
            {hasTasks && <Tabs.Tab value="tasks">Tasks</Tabs.Tab>}
            <Tabs.Tab value="script">Script and values</Tabs.Tab>
          </Tabs.List>
          {fit && (
            <Tabs.Panel value="fit">
              <FitPanel job={job} cluster={cluster} batch={fit} />
            </Tabs.Panel>
          )}
          <Tabs.Panel value="files">
            <JobFiles job={job} cluster={cluster} />
          </Tabs.Panel>
          <Tabs.Panel value="log">
            <LogPanel id={job.id} kept={log} live={!isJobOver(job.state)} />
          </Tabs.Panel>
          <Tabs.Panel value="tasks">
            <JobTasks job={job} cluster={cluster} />
          </Tabs.Panel>
          <Tabs.Panel value="script">
            <JobScript job={job} script={script} />
          </Tabs.Panel>
        </Tabs>
      </PageBody>
    </>
  );
}
