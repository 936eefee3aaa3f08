/** `page`: the key is Tunel's or the browser's own; `copy`: it copies what is selected; `palette`: it opens the palette. */
export type KeyUse = 'terminal' | 'page' | 'copy' | 'palette';

/**
 * Who has a key that is pressed in a terminal: as in a view, only F6, Ctrl Tab and Ctrl Alt K (on macOS Cmd Alt K) are Tunel's.
 * Copy and paste are Ctrl Shift C and V, on macOS Cmd C and V.
 */
export function keyUse(
  event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
  { mac, hasSelection }: { mac: boolean; hasSelection: boolean },
): KeyUse {
  const { ctrlKey, metaKey, altKey, shiftKey, key, code } = event;
  if (key === 'F6' && !ctrlKey && !metaKey && !altKey) return 'page';
  if (key === 'Tab' && ctrlKey && !altKey && !metaKey) return 'page';
  const isCommand = mac ? metaKey && !ctrlKey : ctrlKey && !metaKey;
  if (isCommand && altKey && !shiftKey && code === 'KeyK') return 'palette';
  if (!isCommand || altKey || shiftKey === mac) return 'terminal';
  // The browser pastes by itself, in the form that the terminal wants.
  if (code === 'KeyV') return 'page';
  if (code !== 'KeyC') return 'terminal';
  return hasSelection ? 'copy' : 'page';
}
