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
    if (key === 'n') return event.shiftKey ? 'new-job' : 'launch';
    if (/^[1-9]$/.test(key)) return `view-${key}`;
    // On some layouts + is typed with Shift.
    if (key === '+') return 'zoom-in';
    if (event.shiftKey) return null;
    const zooms: Record<string, string> = { '=': 'zoom-in', '-': 'zoom-out', '0': 'zoom-reset' };
    const ofView: Record<string, string> = { w: 'close-view', r: 'reload-view', f: 'find' };
    return zooms[key] ?? (context.view ? (ofView[key] ?? null) : null);
  }
  if (event.altKey && !event.ctrlKey && !event.metaKey) {
    if (/^[1-9]$/.test(key)) return `page-${key}`;
    if (context.view && key === 'arrowleft') return 'back';
    if (context.view && key === 'arrowright') return 'forward';
    return null;
  }
  if (!mod && key === 'f6') return event.shiftKey ? 'previous-region' : 'region';
  if (!mod && !event.ctrlKey && !event.metaKey && (key === 'f1' || key === '?')) return 'help';
  if (!mod && key === '/' && !event.ctrlKey && !event.metaKey) return 'search';
  return null;
}
