import { useCallback, useEffect, useRef, useState } from 'react';
import { AppError } from '../../../electron/shared/errors.ts';
import type { FileList } from '../../../electron/shared/files.ts';
import type { Job } from '../../../electron/shared/jobs.ts';
import { invoke } from '../../bridge.ts';

interface Listing {
  /** null: not read yet. */
  list: FileList | null;
  error: AppError | null;
  isLoading: boolean;
}

/** What is in a folder of a job's directory; read again when the job's state changes and by `reload`. */
export function useJobFiles({ id, state }: Pick<Job, 'id' | 'state'>, folder: string, isReachable: boolean) {
  const [listing, setListing] = useState<Listing>({ list: null, error: null, isLoading: isReachable });
  const reading = useRef(new AbortController());
  const reload = useCallback(() => {
    reading.current.abort();
    reading.current = new AbortController();
    const { signal } = reading.current;
    setListing((last) => ({ ...last, isLoading: true }));
    invoke('jobs.files', { id, path: folder }, signal).then(
      (list) => !signal.aborted && setListing({ list, error: null, isLoading: false }),
      (error) => !signal.aborted && setListing({ list: null, error: AppError.from(error), isLoading: false }),
    );
  }, [id, folder]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: files come and go with the state
  useEffect(() => {
    if (isReachable) reload();
    return () => reading.current.abort();
  }, [reload, state, isReachable]);
  return { ...listing, reload };
}
