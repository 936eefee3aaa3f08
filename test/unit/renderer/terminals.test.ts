import { beforeEach, describe, expect, it } from 'vitest';
import { describeEnd } from '../../../renderer/features/terminals/end-text.ts';
import { keyUse } from '../../../renderer/features/terminals/terminal-key-policy.ts';
import { terminals, useTerminals } from '../../../renderer/features/terminals/terminals-store.ts';

describe('keys in a terminal', () => {
  const use = (keys: string, context: { mac?: boolean; hasSelection?: boolean } = {}) => {
    const parts = keys.split('+');
    const key = parts.at(-1) ?? '';
    const event = {
      key,
      code: /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : key,
      ctrlKey: parts.includes('Ctrl'),
      metaKey: parts.includes('Cmd'),
      altKey: parts.includes('Alt'),
      shiftKey: parts.includes('Shift'),
    };
    return keyUse(event, { mac: context.mac ?? false, hasSelection: context.hasSelection ?? false });
  };

  it('belong to the shell, also those that the window uses elsewhere', () => {
    for (const keys of [
      'Ctrl+w',
      'Ctrl+k',
      'Ctrl+n',
      'Ctrl+r',
      'Ctrl+f',
      'Ctrl+c',
      'Ctrl+v',
      'Alt+1',
      '/',
      'Escape',
      'Tab',
    ]) {
      expect(use(keys), keys).toBe('terminal');
    }
    for (const keys of ['Ctrl+c', 'Ctrl+w', 'Ctrl+k', 'Ctrl+v'])
      expect(use(keys, { mac: true }), keys).toBe('terminal');
  });

  it('F6, Ctrl Tab and the palette are the window’s', () => {
    expect(use('F6')).toBe('page');
    expect(use('Ctrl+Tab')).toBe('page');
    expect(use('Ctrl+Alt+k')).toBe('palette');
    expect(use('Cmd+Alt+k', { mac: true })).toBe('palette');
  });

  it('copy and paste by the platform’s keys', () => {
    expect(use('Ctrl+Shift+C', { hasSelection: true })).toBe('copy');
    expect(use('Ctrl+Shift+C')).toBe('page');
    expect(use('Ctrl+Shift+V')).toBe('page');
    expect(use('Cmd+c', { mac: true, hasSelection: true })).toBe('copy');
    expect(use('Cmd+v', { mac: true })).toBe('page');
  });
});

it('says how a shell ended', () => {
  expect(describeEnd({ code: 3, signal: null })).toBe('Ended with exit code 3.');
  expect(describeEnd({ code: null, signal: 'TERM' })).toBe('Ended by signal TERM.');
  expect(describeEnd({ code: null, signal: null })).toBe('The connection to this terminal was lost.');
});

describe('tabs', () => {
  beforeEach(() => useTerminals.setState({ tabs: [], current: null }));

  it('a closed one gives its place to its right neighbour, else to the left one', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((title) => terminals.add(title, { clusterId: title }));
    expect(useTerminals.getState().current).toBe(c);
    terminals.select(b ?? 0);
    terminals.remove(b ?? 0);
    expect(useTerminals.getState().current).toBe(c);
    terminals.remove(c ?? 0);
    expect(useTerminals.getState().current).toBe(a);
    terminals.remove(a ?? 0);
    expect(useTerminals.getState()).toEqual({ tabs: [], current: null });
  });

  it('one that is not shown is closed without a change of what is', () => {
    const first = terminals.add('a', { clusterId: 'a' });
    const second = terminals.add('b', { clusterId: 'b' });
    terminals.remove(first);
    expect(useTerminals.getState().current).toBe(second);
  });
});
