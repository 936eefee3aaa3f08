import { IconHandStop } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Instance, JobStatus } from '../../electron/shared/instances.ts';
import { describeHold, describeTasks } from '../text/job.ts';
import bar from './bar.module.css';
import css from './job-notes.module.css';
import { Note } from './note.tsx';

/** Why a job is on hold and who must release it; nothing where it is not. `action`: releases it. */
export function HeldNote({ job, action }: { job: JobStatus | null; action?: ReactNode }) {
  const held = describeHold(job);
  if (!held) return null;
  return (
    <Note tone="wait" icon={IconHandStop} action={action}>
      <strong className="bold">{held.title}</strong> {held.ours} {held.who}{' '}
      {held.given && <span className="text-tertiary">Reason given: {held.given}.</span>}
    </Note>
  );
}

/** How far the step that runs now has come: in a few words, with a bar where a share of the whole is known. */
export function StepProgress({ instance }: { instance: Instance }) {
  const { progress } = instance;
  if (!progress) return null;
  const percent = progress.fraction === null ? null : Math.round(Math.min(1, Math.max(0, progress.fraction)) * 100);
  return (
    <div className={`${css.progress} row gap-12`}>
      {percent !== null && (
        <div
          className={`${bar.bar} ${css.bar}`}
          role="progressbar"
          aria-label={progress.text || 'Progress'}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={percent}
        >
          <i className={bar.go} style={{ inlineSize: `${percent}%` }} />
        </div>
      )}
      <span className="text-sm text-secondary truncate" title={progress.text}>
        {percent !== null && <span className="tabular medium">{percent}% </span>}
        {progress.text}
      </span>
    </div>
  );
}

/** The tasks of a job array: in numbers, and a bar that repeats them. */
export function Tasks({ tasks }: { tasks: JobStatus['tasks'] }) {
  const summary = describeTasks(tasks);
  if (!tasks || summary === null) return null;
  const all = Math.max(1, tasks.pending + tasks.running + tasks.completed + tasks.failed);
  const part = (count: number, kind: 'ok' | 'bad' | 'go') => (
    <i className={bar[kind]} style={{ inlineSize: `${(count / all) * 100}%` }} />
  );
  return (
    <div className={`${css.progress} row gap-12`}>
      <div className={`${bar.bar} ${css.bar}`} aria-hidden>
        {part(tasks.completed, 'ok')}
        {part(tasks.failed, 'bad')}
        {part(tasks.running, 'go')}
      </div>
      <span className="text-sm text-secondary truncate tabular" title={summary}>
        {summary}
      </span>
    </div>
  );
}
