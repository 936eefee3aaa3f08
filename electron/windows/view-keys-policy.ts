import type { EventPayload } from '../shared/contract/index.ts';

/** `full-screen` is the main process's own, the others are the page's. */
export type OwnKey = EventPayload<'keys.pressed'>['key'] | 'full-screen';

export interface KeyInput {
  type: string;
  key: string;
  code: string;
  control: boolean;
  alt: boolean;
  meta: boolean;
  shift: boolean;
}

/**
 * The few keys that stay Tunel's while the app has focus: F6, F11, Ctrl Tab and Ctrl Alt K (on macOS Ctrl Cmd F, where F11 is the
 * system's, and Cmd Alt K).
 */
export function ownKey(input: KeyInput, mac: boolean): OwnKey | null {
  if (input.type !== 'keyDown') return null;
  const plain = !input.control && !input.alt && !input.meta;
  if (input.key === 'F6' && plain) return 'toolbar';
  if (mac ? input.control && input.meta && !input.alt && input.code === 'KeyF' : input.key === 'F11' && plain) {
    return 'full-screen';
  }
  if (input.key === 'Tab' && input.control && !input.alt && !input.meta) {
    return input.shift ? 'previous-view' : 'next-view';
  }
  const command = mac ? input.meta && !input.control : input.control && !input.meta;
  // With Alt, `key` is what the layout makes of it; `code` is the key itself.
  return command && input.alt && !input.shift && input.code === 'KeyK' ? 'palette' : null;
}

const macMenuKeys = new Set(['x', 'c', 'v', 'a', 'z', 'q', 'h', 'm']);

/** Whether the menu's keys stay away from this one: all belong to the app, but on macOS copy and paste are menu items. */
export function menuStaysAway(input: KeyInput, mac: boolean): boolean {
  return !(mac && input.meta && macMenuKeys.has(input.key.toLowerCase()));
}
