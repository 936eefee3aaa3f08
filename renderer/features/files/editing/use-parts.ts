import { useCallback, useEffect, useRef, useState } from 'react';
import { AppError } from '../../../../electron/shared/errors.ts';
import { pause as sleep } from '../../../pause.ts';
import { isReachable } from '../open-folder.ts';
import type { Source } from '../places.ts';
import { fileSource } from '../sources.ts';
import { followFile } from './follow-file.ts';
import { appendFollowed, cutToLines, PART_BYTES, partDecoder } from './part-text.ts';

export interface Parts {
  text: string;
  /** Which bytes of the file it is. */
  from: number;
  end: number;
  size: number;
  isReading: boolean;
  error: AppError | null;
}

const nothing: Parts = { text: '', from: 0, end: 0, size: 0, isReading: true, error: null };

export type Where = { at: number } | { before: number } | 'end';

/** Asking for a file must not sign in to a cluster that was lost. */
function reachableSource(source: Source) {
  const files = fileSource(source);
  const check = () => {
    if (!isReachable(source)) throw new AppError('connection-lost', 'The cluster is not connected.');
  };
  return {
    stat: async (path: string, signal?: AbortSignal) => {
      check();
      return files.stat(path, signal);
    },
    readPart: async (path: string, offset: number, length: number, signal: AbortSignal) => {
      check();
      return files.readPart(path, offset, length, signal);
    },
  };
}

const startOf = (where: Where, size: number): number => {
  if (where === 'end') return Math.max(0, size - PART_BYTES);
  return 'at' in where ? where.at : Math.max(0, where.before - PART_BYTES);
};

async function readAt(source: Source, path: string, where: Where, signal: AbortSignal): Promise<Parts> {
  const files = reachableSource(source);
  const size = (await files.stat(path, signal)).size ?? 0;
  const head = await files.readPart(path, 0, 4, signal);
  // Characters of two bytes begin at an even offset.
  const offset = startOf(where, size) & ~1;
  const bytes = await files.readPart(path, offset, PART_BYTES, signal);
  const decoder = partDecoder(head);
  const isLine = typeof where === 'object' && 'at' in where;
  const cut =
    decoder.encoding === 'utf-8'
      ? cutToLines(bytes, { isStart: offset === 0 || isLine, isEnd: offset + bytes.length >= size })
      : { skipped: 0, taken: bytes.length };
  const shown = bytes.subarray(cut.skipped, cut.skipped + cut.taken);
  const from = offset + cut.skipped;
  return { text: decoder.decode(shown), from, end: from + shown.length, size, isReading: false, error: null };
}

/** A file that is read in parts, or its end as it grows. */
export function useParts(source: Source, path: string, isFollowing: boolean) {
  const [parts, setParts] = useState(nothing);
  const life = useRef(new AbortController());

  const begin = useCallback(() => {
    life.current.abort(new AppError('cancelled', 'Another part is shown.'));
    life.current = new AbortController();
    return life.current.signal;
  }, []);

  const show = useCallback(
    async (where: Where): Promise<Parts | null> => {
      const signal = begin();
      setParts((before) => ({ ...before, isReading: true, error: null }));
      try {
        const next = await readAt(source, path, where, signal);
        if (signal.aborted) return null;
        setParts(next);
        return next;
      } catch (error) {
        if (!signal.aborted) setParts((before) => ({ ...before, isReading: false, error: AppError.from(error) }));
        return null;
      }
    },
    [source, path, begin],
  );

  const follow = useCallback(async () => {
    const first = await show('end');
    const signal = life.current.signal;
    let decoder = new TextDecoder();
    const onBytes = (bytes: Uint8Array) => {
      const more = decoder.decode(bytes, { stream: true });
      setParts((before) => {
        const text = appendFollowed(before.text, more);
        const end = before.end + bytes.length;
        return { ...before, text, from: Math.max(0, end - new TextEncoder().encode(text).length), end, size: end };
      });
    };
    const onReplaced = () => {
      decoder = new TextDecoder();
      setParts({ ...nothing, isReading: false });
    };
    const onProblem = (error: AppError | null) => setParts((before) => ({ ...before, error }));
    const offset = first?.end ?? 0;
    await followFile({ source: reachableSource(source), path, offset, signal, sleep, onBytes, onReplaced, onProblem });
  }, [source, path, show]);

  useEffect(() => {
    void (isFollowing ? follow() : show({ at: 0 }));
    return () => void begin();
  }, [isFollowing, follow, show, begin]);
  return { ...parts, show };
}
