import type { Instance } from '../../../electron/shared/instances.ts';

/** In a list longer than this, waiting and ended apps fold to one line. */
const LONG_LIST = 20;
/** Space between two cards, px. */
export const CARD_GAP = 12;

export const isLongList = (list: readonly Instance[]): boolean => list.length > LONG_LIST;

/** About how high a card is, px, until it has been measured. */
export function estimateHeight({ state }: Instance, isLong: boolean): number {
  if (isLong && (state === 'waiting' || state === 'ended')) return 54;
  if (state === 'starting') return 136;
  if (state === 'waiting') return 184;
  return state === 'failed' ? 140 : 70;
}

/** Where a key on a card leads: the index of the next card, or null where the key is not for the list. */
export function cardForKey(key: string, at: number, count: number): number | null {
  if (key !== 'ArrowDown' && key !== 'ArrowUp') return null;
  const next = at + (key === 'ArrowDown' ? 1 : -1);
  return next < 0 || next >= count ? null : next;
}
