interface Key {
  code: string;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
}

/** What a paste key is to the desktop (an X keysym), or null for every other key. Cmd V is Ctrl V there. */
export function pasteKey(key: Key): { keysym: number; code: string; withControl: boolean } | null {
  if (key.altKey) return null;
  if (key.code === 'KeyV' && key.ctrlKey !== key.metaKey) {
    return { keysym: key.shiftKey ? 0x56 : 0x76, code: 'KeyV', withControl: key.metaKey };
  }
  if (key.code === 'Insert' && key.shiftKey && !key.ctrlKey && !key.metaKey) {
    return { keysym: 0xff63, code: 'Insert', withControl: false };
  }
  return null;
}
