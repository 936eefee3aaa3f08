import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useEffect } from 'react';
import type { FileEntry } from '../../../electron/shared/files.ts';

/** Height of a row, px; the same as in file-rows.module.css. */
export const ROW_HEIGHT = 32;

/** Which rows of a folder are in the page: those in sight, and the marked one, which is kept in sight. */
export function useFileRows(box: RefObject<HTMLElement | null>, entries: readonly FileEntry[], marked: number) {
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
    rangeExtractor: useCallback(
      (range: Range) => {
        const rows = defaultRangeExtractor(range);
        return marked >= range.count || rows.includes(marked) ? rows : [...rows, marked].sort((a, b) => a - b);
      },
      [marked],
    ),
    useFlushSync: false,
  });
  const height = virtual.scrollRect?.height;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a lower window must not hide the marked entry
  useEffect(() => {
    if (marked < entries.length) virtual.scrollToIndex(marked, { align: 'auto' });
  }, [marked, entries, virtual, height]);
  return virtual;
}
