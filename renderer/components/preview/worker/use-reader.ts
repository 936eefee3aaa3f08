import { useEffect, useState } from 'react';
import type { FormatProps } from '../format-props.ts';
import type { Questions } from './messages.ts';
import { ReaderWorker, type WorkerLike } from './reader-worker.ts';

/** The reader of a file while it is shown; null: it is not there yet. `start` is always the same function. */
export function useReader<Asked extends Questions>(
  start: () => WorkerLike,
  { size, read, entry }: FormatProps,
): ReaderWorker<Asked> | null {
  const [reader, setReader] = useState<ReaderWorker<Asked> | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another time is another content
  useEffect(() => {
    const made = new ReaderWorker<Asked>(start(), size, read);
    setReader(made);
    return () => made.dispose();
  }, [start, size, read, entry.modified]);
  return reader;
}
