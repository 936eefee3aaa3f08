import { useEffect, useRef, useState } from 'react';
import { AppError } from '../../../../electron/shared/errors.ts';
import type { Job } from '../../../../electron/shared/jobs.ts';
import type { LauncherName } from '../../../../electron/shared/kinds.ts';
import { invoke } from '../../../bridge.ts';
import { type Composing, ui, useUi } from '../../../ui-store.ts';
import { submitJob } from '../job-actions.ts';
import { noteJobs } from '../known-jobs.ts';
import { startUpload } from '../transfers.ts';
import { type Draft, resourcesOf } from './draft.ts';

interface Sent {
  draft: Draft;
  launcher: LauncherName;
  files: readonly File[];
}

/**
 * Makes the job, or changes the draft that it is. The same key makes no second job. `copied`: the copy of an earlier job that was made
 * and could not be changed yet; another try changes the same one.
 */
export async function makeJob(
  { source }: Composing,
  { draft, launcher }: Omit<Sent, 'files'>,
  key: string,
  copied: { current: string | null },
): Promise<Job> {
  const { clusterId, name, script, modules } = draft;
  const change = { name: name.trim(), script, launcher, modules, resources: resourcesOf(draft, launcher) };
  if (source.kind === 'edit') return invoke('jobs.update', { id: source.job.id, ...change });
  if (source.kind === 'copy' && source.job.clusterId === clusterId) {
    const { id: earlier } = source.job;
    copied.current ??= (await invoke('jobs.rerun', { id: earlier, key, name: change.name })).id;
    return invoke('jobs.update', { id: copied.current, ...change });
  }
  return invoke('jobs.create', { clusterId, key, ...change });
}

/** Creates the job with its files and, if wanted, submits it; once, whatever is pressed meanwhile. */
export function useSending(composing: Composing, sent: Sent) {
  const [busy, setBusy] = useState<'create' | 'submit' | null>(null);
  const [failure, setFailure] = useState<AppError | null>(null);
  const isSending = useRef(false);
  const isSent = useRef(false);
  const key = useRef(crypto.randomUUID());
  const copied = useRef<string | null>(null);
  const { draft, launcher } = sent;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another draft is another request
  useEffect(() => {
    key.current = crypto.randomUUID();
    setFailure(null);
  }, [draft, launcher]);
  const send = async (isSubmitted: boolean) => {
    if (isSending.current) return;
    isSending.current = true;
    setBusy(isSubmitted ? 'submit' : 'create');
    setFailure(null);
    try {
      const job = await makeJob(composing, sent, key.current, copied);
      noteJobs([job]);
      isSent.current = true;
      const uploads = await Promise.all(sent.files.map((file) => startUpload(job.id, file.name, file)));
      // What failed stands in the list of the page of the job.
      if (isSubmitted && uploads.every(Boolean)) await submitJob(job);
      // Whoever went on to another page meanwhile stays there.
      if (useUi.getState().composing?.serial === composing.serial) ui.showJob(job.id);
    } catch (error) {
      setFailure(AppError.from(error));
    } finally {
      isSending.current = false;
      setBusy(null);
    }
  };
  return { busy, failure, isSent, send };
}
