import { type KeyboardEvent, useRef, useState } from 'react';
import type { ClusterState } from '../../../electron/shared/clusters.ts';
import type { Instance } from '../../../electron/shared/instances.ts';
import { AppCard } from './app-card.tsx';
import css from './run-list.module.css';
import { cardForKey, isLongList } from './run-list-model.ts';
import { useVirtualCards } from './use-virtual-cards.ts';

/** Index of the card that an element belongs to; NaN: it belongs to none. */
const indexOf = (element: Element): number => Number(element.closest<HTMLElement>('[data-index]')?.dataset.index);

function moveFocus(event: KeyboardEvent<HTMLElement>, count: number): void {
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof HTMLElement)) return;
  if (!event.target.matches('[data-card]') || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
  event.preventDefault();
  const next = cardForKey(event.key, indexOf(event.target), count);
  if (next === null) return;
  const card = event.currentTarget.querySelector<HTMLElement>(`[data-index="${next}"] [data-card]`);
  card?.focus({ preventScroll: true });
  card?.scrollIntoView({ block: 'nearest' });
}

/**
 * Apps, newest first. Only the cards in sight are in the page, and the one that has the focus with its
 * neighbours, which the arrow keys go to.
 */
export function RunList(props: { list: Instance[]; byId: Map<string, ClusterState>; label?: string }) {
  const { list, byId, label = 'Running apps' } = props;
  const box = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState<string | null>(null);
  const focusedAt = focused === null ? -1 : list.findIndex((instance) => instance.id === focused);
  const { virtual, margin } = useVirtualCards(box, list, focusedAt);
  return (
    <div
      ref={box}
      className={css.list}
      role="feed"
      aria-label={label}
      style={{ blockSize: virtual.getTotalSize() }}
      onKeyDown={(event) => moveFocus(event, list.length)}
      onFocus={({ target }) => setFocused(list[indexOf(target)]?.id ?? null)}
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
              long={isLongList(list)}
              at={index + 1}
              of={list.length}
            />
          </div>
        );
      })}
    </div>
  );
}
