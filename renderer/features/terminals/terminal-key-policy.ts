/**
 * `page`: the key is Tunel's or the browser's own; `copy`: it copies what is selected; `palette`: it opens the palette; the others
 * are commands of the page "Terminals".
 */
export type KeyUse =
  | 'terminal'
  | 'page'
  | 'copy'
  | 'palette'
  | 'find'
  | 'new-tab'
  | 'close-tab'
  | 'next-tab'
  | 'previous-tab';

const letters: Readonly<Record<string, KeyUse>> = {
  // The browser pastes by itself, in the form that the terminal wants.
  KeyV: 'page',
  KeyF: 'find',
  KeyT: 'new-tab',
  KeyW: 'close-tab',
};

/**
 * Who has a key that is pressed in a terminal: as in a view, only F6, Ctrl Tab and Ctrl Alt K (on macOS Cmd Alt K) are Tunel's,
 * and those that terminals have by custom: Ctrl Shift (on macOS Cmd) with C, V, F, T and W, and Ctrl with Page Up and Page Down.
 */
export function keyUse(
  event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
  { mac, hasSelection }: { mac: boolean; hasSelection: boolean },
): KeyUse {
  const { ctrlKey, metaKey, altKey, shiftKey, key, code } = event;
  if (key === 'F6' && !ctrlKey && !metaKey && !altKey) return 'page';
  if (key === 'Tab' && ctrlKey && !altKey && !metaKey) return 'page';
  if (ctrlKey && !metaKey && !altKey && !shiftKey) {
    if (key === 'PageDown') return 'next-tab';
    if (key === 'PageUp') return 'previous-tab';
  }
  const isCommand = mac ? metaKey && !ctrlKey : ctrlKey && !metaKey;
  if (isCommand && altKey && !shiftKey && code === 'KeyK') return 'palette';
  if (!isCommand || altKey || shiftKey === mac) return 'terminal';
  if (code === 'KeyC') return hasSelection ? 'copy' : 'page';
  return letters[code] ?? 'terminal';
}
