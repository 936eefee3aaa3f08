import { useMediaQuery } from '@mantine/hooks';
import { defaultRangeExtractor, type Range } from '@tanstack/react-virtual';
import { type RefObject, useLayoutEffect, useState } from 'react';

/** Where the whole page scrolls instead of the list, as at 200% zoom; the same query is in app.module.css. */
const WHOLE_PAGE = '(max-width: 699px), (max-height: 479px)';

/** The items to draw: those in sight, and the focused one with its neighbours, which the arrow keys go to. */
export function itemsToDraw(range: Range, focused: number, reach = 1): number[] {
  if (focused < 0) return defaultRangeExtractor(range);
  const near = Array.from({ length: 2 * reach + 1 }, (_, step) => focused - reach + step);
  const isThere = (index: number) => index >= 0 && index < range.count;
  return [...new Set([...defaultRangeExtractor(range), ...near.filter(isThere)])].sort((a, b) => a - b);
}

/** What scrolls around a long list, and how far down in that the list begins. */
export function useListScroller(box: RefObject<HTMLElement | null>) {
  const doesPageScroll = useMediaQuery(WHOLE_PAGE, false, { getInitialValueInEffect: false });
  const [margin, setMargin] = useState(0);
  const scroller = () => box.current?.closest<HTMLElement>(doesPageScroll ? 'main' : '[data-page-body]') ?? null;

  // After every draw, because what stands above the list comes and goes.
  useLayoutEffect(() => {
    const outer = scroller();
    if (!box.current || !outer) return;
    const top = box.current.getBoundingClientRect().top - outer.getBoundingClientRect().top + outer.scrollTop;
    setMargin(Math.round(top));
  });
  return { scroller, margin };
}
