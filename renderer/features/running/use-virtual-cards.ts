import { useMediaQuery } from '@mantine/hooks';
import { type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useLayoutEffect, useState } from 'react';
import type { Instance } from '../../../electron/shared/instances.ts';
import { CARD_GAP, cardsToDraw, estimateHeight, isLongList } from './run-list-model.ts';

/** Cards kept beyond the window, so that a quick scroll finds them drawn. */
const OVERSCAN = 5;
/** Where the whole page scrolls instead of the list, as at 200% zoom; the same query is in app.module.css. */
const WHOLE_PAGE = '(max-width: 699px), (max-height: 479px)';

/** Which cards of a list are in the page, and where each is drawn. */
export function useVirtualCards(box: RefObject<HTMLElement | null>, list: readonly Instance[], focused: number) {
  const doesPageScroll = useMediaQuery(WHOLE_PAGE, false, { getInitialValueInEffect: false });
  const [margin, setMargin] = useState(0);
  const isLong = isLongList(list);
  const scroller = () => box.current?.closest<HTMLElement>(doesPageScroll ? 'main' : '[data-page-body]') ?? null;
  const virtual = useVirtualizer({
    count: list.length,
    getScrollElement: scroller,
    getItemKey: (index) => list[index]?.id ?? index,
    estimateSize: (index) => {
      const instance = list[index];
      return instance ? estimateHeight(instance, isLong) : CARD_GAP;
    },
    rangeExtractor: useCallback((range: Range) => cardsToDraw(range, focused), [focused]),
    overscan: OVERSCAN,
    gap: CARD_GAP,
    scrollMargin: margin,
    useFlushSync: false,
  });

  // After every draw, because what stands above the list comes and goes.
  useLayoutEffect(() => {
    const outer = scroller();
    if (!box.current || !outer) return;
    const top = box.current.getBoundingClientRect().top - outer.getBoundingClientRect().top + outer.scrollTop;
    setMargin(Math.round(top));
  });

  return { virtual, margin };
}
