import { useEffect, useState } from 'react';
import type { AuditEntry, AuditFilter } from '../../../../electron/shared/audit.ts';
import { AppError } from '../../../../electron/shared/errors.ts';
import { attempt } from '../../../attempt.ts';
import { invoke } from '../../../bridge.ts';
import { useQuestion } from '../../../components/use-question.ts';
import { type AuditView, filterOf } from './audit-store.ts';

const FIRST_PAGE = 100;
/** More at a time, so that the end of a long log is not far. */
const NEXT_PAGE = 500;
/** How often it is asked whether there are newer calls, ms. */
const REFRESH = 10_000;

interface Loaded {
  filter: AuditFilter;
  entries: AuditEntry[];
  next: number | null;
  total: number;
}

export interface AuditLog {
  /** null: not read yet, or not readable. */
  loaded: Loaded | null;
  error: AppError | null;
  isLoading: boolean;
  /** Calls that were made since it was read. */
  newer: number;
  reload(): void;
  loadEarlier(): void;
}

/** How many calls have come since, asked for again and again while the page is seen. */
function useNewerCount(loaded: Loaded | null): number {
  const [newer, setNewer] = useState(0);
  useEffect(() => {
    setNewer(0);
    if (loaded === null) return;
    const look = async () => {
      const { total, entries } = await invoke('audit.query', { ...loaded.filter, limit: 1 });
      const isNewer = (entries[0]?.id ?? 0) > (loaded.entries[0]?.id ?? 0);
      // Old calls leave the log meanwhile, so that the numbers alone do not tell.
      setNewer(isNewer ? Math.max(1, total - loaded.total) : 0);
    };
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void attempt('The log was not read', look());
    }, REFRESH);
    return () => clearInterval(timer);
  }, [loaded]);
  return newer;
}

/** The audit log as far as it was read, newest first; another choice begins anew. */
export function useAuditLog(view: AuditView): AuditLog {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const question = useQuestion();

  const read = async (filter: AuditFilter, before: Loaded | null) => {
    setError(null);
    const cursor = before?.next ?? undefined;
    const limit = before ? NEXT_PAGE : FIRST_PAGE;
    try {
      const page = await question.ask((signal) =>
        invoke('audit.query', { ...filter, limit, ...(cursor !== undefined && { cursor }) }, signal),
      );
      if (page) setLoaded({ ...page, filter, entries: [...(before?.entries ?? []), ...page.entries] });
    } catch (failure) {
      setError(AppError.from(failure));
    }
  };
  const reload = () => void read(filterOf(view, Date.now()), null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: read anew for another choice, not for each drawing
  useEffect(reload, [view]);

  return {
    loaded,
    error,
    isLoading: question.busy,
    newer: useNewerCount(loaded),
    reload,
    loadEarlier: () => loaded?.next && void read(loaded.filter, loaded),
  };
}
