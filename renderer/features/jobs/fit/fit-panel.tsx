import type { ClusterState } from '../../../../electron/shared/clusters.ts';
import type { FileEntry } from '../../../../electron/shared/files.ts';
import { isJobOver, type Job } from '../../../../electron/shared/jobs.ts';
import type { RecipeBatch } from '../../../../electron/shared/recipes.ts';
import { Note } from '../../../components/note.tsx';
import { canContinue } from '../job-actions.ts';
import { useJobFiles } from '../use-job-files.ts';
import { CurveCard } from './curve-card.tsx';
import { describeFit } from './describe-fit.ts';
import css from './fit.module.css';
import { ParametersCard } from './parameters-card.tsx';
import { plotsFirst } from './plots-first.ts';
import { ResultsCard } from './results-card.tsx';
import { useFitProgress } from './use-fit-progress.ts';

/** The files of the folder of results that are worth a look; none while there is no such folder. */
function useResults(job: Job, folder: string | undefined, isReachable: boolean): FileEntry[] {
  const { list } = useJobFiles(job, folder ?? '', isReachable && folder !== undefined);
  return plotsFirst(list?.entries ?? []);
}

interface Props {
  job: Job;
  cluster: ClusterState | undefined;
  batch: RecipeBatch & { progress: NonNullable<RecipeBatch['progress']> };
}

/** A fit as it goes on, and what came of it. */
export function FitPanel({ job, cluster, batch }: Props) {
  const isReachable = cluster?.connection.state === 'connected' && job.directory !== '';
  const shown = useFitProgress(job, batch.progress.file, isReachable);
  const files = useResults(job, batch.results, isReachable);
  const isOver = isJobOver(job.state);
  const text = describeFit(shown.progress, isOver);
  const canGoOn = isOver && batch.resume !== undefined && canContinue(job);
  if (!isReachable && shown.progress.points.length === 0) {
    return <Note tone="off">{job.clusterName} is not connected, so its progress cannot be read.</Note>;
  }
  const parameters = shown.progress.parameters.length > 0 && <ParametersCard parameters={shown.progress.parameters} />;
  return (
    <div className={css.panel}>
      {text !== '' && (
        <Note tone={isOver ? 'off' : 'go'}>
          <strong className="bold">{text}</strong> {canGoOn && 'Continue goes on from here in a new job.'}
        </Note>
      )}
      <div className={css.grid}>
        <div className={css.panel}>
          <CurveCard shown={shown} file={batch.progress.file} isLive={!isOver} />
          {files.length > 0 && parameters}
        </div>
        {files.length > 0 ? <ResultsCard jobId={job.id} folder={batch.results ?? ''} files={files} /> : parameters}
      </div>
    </div>
  );
}
