import { type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback } from 'react';
import type { Instance } from '../../../electron/shared/instances.ts';
import { itemsToDraw, useListScroller } from '../../components/virtual-list.ts';
import { CARD_GAP, estimateHeight, isLongList } from './run-list-model.ts';

/** Cards kept beyond the window, so that a quick scroll finds them drawn. */
const OVERSCAN = 5;
/** Which cards of a list are in the page, and where each is drawn. */
export function useVirtualCards(box: RefObject<HTMLElement | null>, list: readonly Instance[], focused: number) {
  const { scroller, margin } = useListScroller(box);
  const isLong = isLongList(list);
  const virtual = useVirtualizer({
    count: list.length,
    getScrollElement: scroller,
    getItemKey: (index) => list[index]?.id ?? index,
    estimateSize: (index) => {
      const instance = list[index];
      return instance ? estimateHeight(instance, isLong) : CARD_GAP;
    },
    rangeExtractor: useCallback((range: Range) => itemsToDraw(range, focused), [focused]),
    overscan: OVERSCAN,
    gap: CARD_GAP,
    scrollMargin: margin,
    useFlushSync: false,
  });

  return { virtual, margin };
}
