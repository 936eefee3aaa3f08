import { describe, expect, it } from 'vitest';
import { safeFileName } from '../../../electron/windows/file-name-policy.ts';
import { type KeyInput, menuStaysAway, ownKey } from '../../../electron/windows/view-keys-policy.ts';
import { hostFor } from '../../../electron/windows/view-request-policy.ts';
import { placeWindow } from '../../../electron/windows/window-bounds.ts';

describe('requests of a view', () => {
  const hosts = new Set(['a1.apps.internal', 'b2.apps.internal']);
  it.each([
    [{ url: 'https://a1.apps.internal/x', ownerHost: 'a1.apps.internal' }, 'a1.apps.internal'],
    [{ url: 'wss://a1.apps.internal/x', ownerHost: 'a1.apps.internal' }, 'a1.apps.internal'],
    [{ url: 'https://b2.apps.internal/x', ownerHost: 'a1.apps.internal' }, null],
    [{ url: 'http://a1.apps.internal/x', ownerHost: 'a1.apps.internal' }, null],
    [{ url: 'https://a1.apps.internal:8443/x', ownerHost: 'a1.apps.internal' }, null],
    [{ url: 'https://cdn.example.org/x', ownerHost: 'a1.apps.internal' }, null],
    [{ url: 'http://127.0.0.1:22/', ownerHost: 'a1.apps.internal' }, null],
    // A service worker has no page.
    [{ url: 'https://a1.apps.internal/x', ownerHost: undefined, fetchSite: 'same-origin' }, 'a1.apps.internal'],
    [{ url: 'https://a1.apps.internal/x', ownerHost: undefined, fetchSite: 'same-site' }, null],
  ])('%o gets the secret of %s', (request, host) => {
    expect(hostFor(request, hosts)).toBe(host);
  });
});

describe('keys inside a view', () => {
  const press = (change: Partial<KeyInput>): KeyInput => ({
    ...{ type: 'keyDown', key: '', code: '', control: false, alt: false, meta: false, shift: false },
    ...change,
  });

  it('keeps F6, Ctrl Tab and Ctrl Alt K, and nothing else', () => {
    expect(ownKey(press({ key: 'F6' }), false)).toBe('toolbar');
    expect(ownKey(press({ key: 'Tab', control: true }), false)).toBe('next-view');
    expect(ownKey(press({ key: 'Tab', control: true, shift: true }), false)).toBe('previous-view');
    expect(ownKey(press({ key: 'k', code: 'KeyK', control: true, alt: true }), false)).toBe('palette');
    expect(ownKey(press({ key: '˚', code: 'KeyK', meta: true, alt: true }), true)).toBe('palette');
    expect(ownKey(press({ key: 'F11' }), false)).toBe('full-screen');
    expect(ownKey(press({ key: 'F11' }), true)).toBeNull();
    expect(ownKey(press({ key: 'f', code: 'KeyF', control: true, meta: true }), true)).toBe('full-screen');
    for (const key of ['k', 'w', 'f', 'r', 'n', 'Tab']) expect(ownKey(press({ key, meta: true }), false)).toBeNull();
    for (const key of ['k', 'w', 'f', 'r', 'n']) expect(ownKey(press({ key, control: true }), false)).toBeNull();
    expect(ownKey(press({ type: 'keyUp', key: 'F6' }), false)).toBeNull();
  });

  it('leaves copy and paste to the menu on macOS', () => {
    expect(menuStaysAway(press({ key: 'c', meta: true }), true)).toBe(false);
    expect(menuStaysAway(press({ key: 'w', meta: true }), true)).toBe(true);
    expect(menuStaysAway(press({ key: 'c', control: true }), false)).toBe(true);
  });
});

describe('names of downloads', () => {
  it.each([
    ['report.csv', 'report.csv'],
    ['../../.bashrc', 'bashrc'],
    ['..\\..\\evil.exe', 'evil.exe'],
    ['a\u0000b:c.txt', 'a_b_c.txt'],
    ['..', 'download'],
    ['Grüße.ipynb', 'Grüße.ipynb'],
  ])('%j is saved as %j', (given, saved) => {
    expect(safeFileName(given)).toBe(saved);
  });
});

describe('place of the window', () => {
  const screens = [{ x: 0, y: 0, width: 1440, height: 900 }];
  it('is where it was, unless no screen is there any more', () => {
    const saved = { x: 100, y: 50, width: 1000, height: 700, maximized: false };
    expect(placeWindow(saved, screens)).toEqual({ x: 100, y: 50, width: 1000, height: 700 });
    expect(placeWindow({ ...saved, x: 3000 }, screens)).toEqual({ width: 1000, height: 700 });
    expect(placeWindow({ ...saved, y: -700 }, screens)).toEqual({ width: 1000, height: 700 });
    expect(placeWindow({ ...saved, width: 10, height: 10 }, screens)).toMatchObject({ width: 640, height: 480 });
    expect(placeWindow(null, screens)).toEqual({ width: 1280, height: 800 });
  });
});
