import { useMediaQuery } from '@mantine/hooks';
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useCallback, useLayoutEffect, useRef, useState } from 'react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import type { Instance } from '../../../electron/shared/instances.ts';
import { AppCard } from './app-card.tsx';
import css from './run-list.module.css';

/** From here on waiting and ended apps fold to one line. */
const longList = 20;
/** Cards kept beyond the window, so that a quick scroll finds them drawn. */
const spare = 5;
const gap = 12;
/** Where the whole page scrolls instead of the list, as at 200% zoom; the same query is in app.module.css. */
const wholePage = '(max-width: 699px), (max-height: 479px)';

/** About how high a card is, px, until it has been measured. */
function guess({ state }: Instance, long: boolean): number {
  if (long && (state === 'waiting' || state === 'ended')) return 54;
  if (state === 'starting') return 136;
  if (state === 'waiting') return 184;
  return state === 'failed' ? 140 : 70;
}

/**
 * Apps, newest first. Only the cards in sight are in the page, and the one that has the focus with its
 * neighbours, which the arrow keys go to.
 */
export function RunList(props: { list: Instance[]; byId: Map<string, ClusterState>; label?: string }) {
  const { list, byId, label = 'Running apps' } = props;
  const box = useRef<HTMLDivElement>(null);
  const whole = useMediaQuery(wholePage, false, { getInitialValueInEffect: false });
  const [margin, setMargin] = useState(0);
  const [focused, setFocused] = useState<string | null>(null);
  const long = list.length > longList;
  const kept = focused === null ? -1 : list.findIndex((instance) => instance.id === focused);

  const scroller = () => box.current?.closest<HTMLElement>(whole ? 'main' : '[data-page-body]') ?? null;
  const virtual = useVirtualizer({
    count: list.length,
    getScrollElement: scroller,
    getItemKey: (index) => list[index]?.id ?? index,
    estimateSize: (index) => {
      const instance = list[index];
      return instance ? guess(instance, long) : gap;
    },
    rangeExtractor: useCallback(
      (range: Range) => {
        if (kept < 0) return defaultRangeExtractor(range);
        const near = [kept - 1, kept, kept + 1].filter((index) => index >= 0 && index < range.count);
        return [...new Set([...defaultRangeExtractor(range), ...near])].sort((a, b) => a - b);
      },
      [kept],
    ),
    overscan: spare,
    gap,
    scrollMargin: margin,
    useFlushSync: false,
  });

  // What stands above the list comes and goes.
  useLayoutEffect(() => {
    const outer = box.current?.closest<HTMLElement>(whole ? 'main' : '[data-page-body]');
    if (!box.current || !outer) return;
    const top = box.current.getBoundingClientRect().top - outer.getBoundingClientRect().top + outer.scrollTop;
    setMargin(Math.round(top));
  });

  const card = (index: number) => box.current?.querySelector<HTMLElement>(`[data-index="${index}"] [data-card]`);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof HTMLElement)) return;
    if (!event.target.matches('[data-card]') || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
    event.preventDefault();
    const at = Number(event.target.closest<HTMLElement>('[data-index]')?.dataset.index);
    const next = at + (event.key === 'ArrowDown' ? 1 : -1);
    if (next < 0 || next >= list.length) return;
    card(next)?.focus({ preventScroll: true });
    card(next)?.scrollIntoView({ block: 'nearest' });
  };

  return (
    <div
      ref={box}
      className={css.list}
      role="feed"
      aria-label={label}
      style={{ blockSize: virtual.getTotalSize() }}
      onKeyDown={onKeyDown}
      onFocus={({ target }) =>
        setFocused(list[Number(target.closest<HTMLElement>('[data-index]')?.dataset.index)]?.id ?? null)
      }
      onBlur={({ relatedTarget }) => {
        if (!box.current?.contains(relatedTarget)) setFocused(null);
      }}
    >
      {virtual.getVirtualItems().map(({ index, key, start }) => {
        const instance = list[index];
        if (!instance) return null;
        return (
          <div
            key={key}
            ref={virtual.measureElement}
            data-index={index}
            style={{ transform: `translateY(${start - margin}px)` }}
          >
            <AppCard
              instance={instance}
              cluster={byId.get(instance.clusterId)}
              long={long}
              at={index + 1}
              of={list.length}
            />
          </div>
        );
      })}
    </div>
  );
}
