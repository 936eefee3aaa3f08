import { useMediaQuery } from '@mantine/hooks';
import { type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useLayoutEffect, useState } from 'react';
import { itemsToDraw } from '../../components/virtual-list.ts';

/** As high as a row is in jobs-table.module.css, px. */
export const ROW_HEIGHT = 48;
/** Where the whole page scrolls instead of the list, as at 200% zoom; the same query is in app.module.css. */
const WHOLE_PAGE = '(max-width: 699px), (max-height: 479px)';

/** Which rows of a list are in the page, and where each is drawn. The focused one and its neighbours always are. */
export function useVirtualRows(box: RefObject<HTMLElement | null>, ids: readonly string[], focused: number) {
  const doesPageScroll = useMediaQuery(WHOLE_PAGE, false, { getInitialValueInEffect: false });
  const [margin, setMargin] = useState(0);
  const scroller = () => box.current?.closest<HTMLElement>(doesPageScroll ? 'main' : '[data-page-body]') ?? null;
  const virtual = useVirtualizer({
    count: ids.length,
    getScrollElement: scroller,
    getItemKey: (index) => ids[index] ?? index,
    estimateSize: () => ROW_HEIGHT,
    rangeExtractor: useCallback((range: Range) => itemsToDraw(range, focused), [focused]),
    overscan: 12,
    scrollMargin: margin,
    scrollPaddingStart: ROW_HEIGHT,
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
