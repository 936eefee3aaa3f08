import { useEffect, useState } from 'react';
import { AppError } from '../../../electron/shared/errors.ts';
import { invoke } from '../../bridge.ts';
import { noteJobs, useJob } from './known-jobs.ts';

/** A job with its script, which lists leave out; read again when its state changes. */
export function useJobDetail(id: string) {
  const job = useJob(id);
  const [script, setScript] = useState<string | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const state = job?.state;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the script may change until it is submitted
  useEffect(() => {
    const shown = new AbortController();
    invoke('jobs.get', { id }, shown.signal).then(
      (found) => {
        if (shown.signal.aborted) return;
        noteJobs([found]);
        setScript(found.script);
        setError(null);
      },
      (failure) => !shown.signal.aborted && setError(AppError.from(failure)),
    );
    return () => shown.abort(new AppError('cancelled', 'Another job is shown.'));
  }, [id, state]);
  return { job, script, error };
}
