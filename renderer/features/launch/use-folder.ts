import { useEffect, useState } from 'react';
import { AppError } from '../../../electron/shared/errors.ts';
import type { FileList, FilePlace } from '../../../electron/shared/files.ts';
import { invoke } from '../../bridge.ts';

interface Wanted {
  path: string;
  /** Where it is no folder, the nearest one above it. */
  nearest: boolean;
  /** An entry to mark once it is listed. */
  mark: string;
}

export interface Folder {
  wanted: Wanted;
  /** The entry to mark in `list`, until another is. */
  mark: string;
  list: FileList | null;
  error: AppError | null;
  loading: boolean;
  go: (path: string, mark?: string) => void;
  retry: () => void;
}

/** A folder of a cluster, as it was asked for last; asking for another cancels the question before. */
export function useFolder(clusterId: string, first: Wanted): Folder {
  const [wanted, setWanted] = useState(first);
  const [answer, setAnswer] = useState<{ of: Wanted; list: FileList | null; error: AppError | null } | null>(null);
  useEffect(() => {
    const asked = new AbortController();
    const { signal } = asked;
    invoke('files.list', { clusterId, path: wanted.path, nearest: wanted.nearest }, signal).then(
      (list) => !signal.aborted && setAnswer({ of: wanted, list, error: null }),
      // What is cancelled rejects, too, and is not for the screen.
      (error) => !signal.aborted && setAnswer({ of: wanted, list: null, error: AppError.from(error) }),
    );
    return () => asked.abort();
  }, [clusterId, wanted]);
  const loading = answer?.of !== wanted;
  return {
    wanted,
    mark: answer?.of.mark ?? '',
    // The folder before stays in sight until the next one is there.
    list: answer?.list ?? null,
    error: loading ? null : (answer?.error ?? null),
    loading,
    go: (path, mark = '') => setWanted({ path, nearest: false, mark }),
    retry: () => setWanted({ ...wanted }),
  };
}

/** Shortcuts of a cluster; none while they are looked for, or where that fails: they are a help and no more. */
export function usePlaces(clusterId: string): FilePlace[] {
  const [places, setPlaces] = useState<FilePlace[]>([]);
  useEffect(() => {
    const asked = new AbortController();
    invoke('files.places', { clusterId }, asked.signal).then(
      (found) => !asked.signal.aborted && setPlaces(found),
      () => undefined,
    );
    return () => asked.abort();
  }, [clusterId]);
  return places;
}
