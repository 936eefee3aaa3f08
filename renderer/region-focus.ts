import { invoke } from './bridge.ts';

/** The parts of the window that F6 goes through; a terminal is one inside the page. */
const REGIONS = '[data-region], main';

const lastFocused = new WeakMap<HTMLElement, HTMLElement>();

const regionOf = (element: Element | null): HTMLElement | null => element?.closest<HTMLElement>(REGIONS) ?? null;

/** A region holds the focus only while it has it, so that a click on its background does not focus it. */
function focusRegionItself(region: HTMLElement): void {
  region.tabIndex = -1;
  region.addEventListener('blur', () => region.removeAttribute('tabindex'), { once: true });
  region.focus();
}

/** A toolbar is used through its controls, so its first one stands for it; a list may stand for the region that it is in. */
function standIn(region: HTMLElement): HTMLElement | null {
  if (region.role === 'toolbar') return region.querySelector<HTMLElement>('button:not(:disabled)');
  const list = region.querySelector<HTMLElement>('[data-region-start]');
  return regionOf(list) === region ? list : null;
}

/** Gives the focus to what had it last in a region, and to the region itself where nothing had it. */
function focusRegion(region: HTMLElement): void {
  const last = lastFocused.get(region);
  if (last?.isConnected && regionOf(last) === region) {
    last.focus();
    // What is disabled or hidden by now does not take the focus.
    if (document.activeElement === last) return;
  }
  const control = standIn(region);
  if (control) control.focus();
  else focusRegionItself(region);
}

export function focusToolbar(): void {
  const toolbar = document.querySelector<HTMLElement>('[data-region="toolbar"]');
  if (toolbar) focusRegion(toolbar);
}

/** Goes to the next region, or to the one before; where that is covered by an app's page, the page takes the focus. */
export function focusNextRegion(by: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>(REGIONS)];
  const current = regionOf(document.activeElement);
  const at = current ? regions.indexOf(current) : by === 1 ? -1 : 0;
  const next = regions[(at + by + regions.length) % regions.length];
  if (next?.dataset.region === 'view') void invoke('views.focus', undefined);
  else if (next) focusRegion(next);
}

/** Remembers what has the focus in each region; undone by the returned function. */
export function trackRegionFocus(): () => void {
  const remember = ({ target }: FocusEvent) => {
    const region = target instanceof HTMLElement ? regionOf(target) : null;
    if (region && target instanceof HTMLElement && target !== region) lastFocused.set(region, target);
  };
  document.addEventListener('focusin', remember);
  return () => document.removeEventListener('focusin', remember);
}
