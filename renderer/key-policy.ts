const zoomSteps = [0.3, 0.5, 0.67, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4, 5];

/** The next step up or down from a zoom factor. */
export function nextZoom(factor: number, up: boolean): number {
  return up
    ? (zoomSteps.find((step) => step > factor + 0.001) ?? factor)
    : (zoomSteps.findLast((step) => step < factor - 0.001) ?? factor);
}

/** The command a key stands for, or null. Pure, so that the table can be tested. */
export function commandForKey(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
  context: { mac: boolean; view: boolean; fullScreen: boolean },
): string | null {
  const mod = context.mac ? event.metaKey : event.ctrlKey;
  const key = event.key.toLowerCase();
  if (context.view && (context.mac ? event.ctrlKey && event.metaKey && key === 'f' : !mod && key === 'f11')) {
    return 'full-screen';
  }
  if (context.fullScreen && key === 'escape') return 'full-screen';
  if (event.ctrlKey && key === 'tab') return context.view ? (event.shiftKey ? 'previous-view' : 'next-view') : null;
  if (mod && !event.altKey) {
    if (event.shiftKey && key === 'x') return context.view ? 'stop' : null;
    if (key === 'k') return 'palette';
    if (key === 'n' && !event.shiftKey) return 'launch';
    if (/^[1-9]$/.test(key)) return `view-${key}`;
    if (!context.view || event.shiftKey) return key === '+' && context.view ? 'zoom-in' : null;
    const table: Record<string, string> = {
      w: 'close-view',
      r: 'reload-view',
      f: 'find',
      '+': 'zoom-in',
      '=': 'zoom-in',
      '-': 'zoom-out',
      '0': 'zoom-reset',
    };
    return table[key] ?? null;
  }
  if (event.altKey && !event.ctrlKey && !event.metaKey) {
    if (/^[1-9]$/.test(key)) return `page-${key}`;
    if (context.view && key === 'arrowleft') return 'back';
    if (context.view && key === 'arrowright') return 'forward';
    return null;
  }
  if (!mod && key === 'f6') return 'region';
  if (!mod && key === '/' && !event.ctrlKey && !event.metaKey) return 'search';
  return null;
}
