import { useCallback, useEffect, useRef, useState } from 'react';
import type { RequestInput } from '../../../electron/shared/contract/index.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import type { Instance } from '../../../electron/shared/instances.ts';
import { invoke } from '../../bridge.ts';
import { useStore } from '../../store.ts';
import { type OlderPage, readOlder } from './older-policy.ts';

interface Older {
  instances: readonly Instance[];
  /** Where the next page begins; null: there is none. */
  next: string | null;
  isLoading: boolean;
  error: AppError | null;
}

/** Apps of the history that the state does not list, page by page; another query object begins anew. */
export function useOlder(query: RequestInput<'history.query'>): Older & { readMore: () => void } {
  const [older, setOlder] = useState<Older>({ instances: [], next: null, isLoading: true, error: null });
  const reading = useRef(new AbortController());

  const read = useCallback(
    (before: OlderPage) => {
      reading.current.abort();
      reading.current = new AbortController();
      const { signal } = reading.current;
      setOlder((now) => ({ ...now, isLoading: true, error: null }));
      const page = (cursor: string | null) =>
        invoke('history.query', { ...query, ...(cursor !== null && { cursor }) }, signal);
      const listed = useStore.getState().instances;
      const shown = new Set([...listed, ...before.instances].map(({ id }) => id));
      readOlder(page, before.next, (id) => shown.has(id)).then(
        ({ instances, next }) => {
          if (signal.aborted) return;
          setOlder({ instances: [...before.instances, ...instances], next, isLoading: false, error: null });
        },
        (error: unknown) => {
          // A cursor of the query before must not go on with this one.
          if (!signal.aborted) setOlder({ ...before, isLoading: false, error: AppError.from(error) });
        },
      );
    },
    [query],
  );

  useEffect(() => {
    read({ instances: [], next: null });
    return () => reading.current.abort();
  }, [read]);

  const { instances, next } = older;
  return { ...older, readMore: () => read({ instances: [...instances], next }) };
}
