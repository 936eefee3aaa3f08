import { beforeEach, describe, expect, it } from 'vitest';
import { describeEnd, describeKept, describeNotKept } from '../../../renderer/features/terminals/end-text.ts';
import { offeredOf } from '../../../renderer/features/terminals/kept-store.ts';
import { programTitle } from '../../../renderer/features/terminals/tab-title.ts';
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

  it('search, and open, close and change tabs by the keys of terminals', () => {
    expect(use('Ctrl+Shift+F')).toBe('find');
    expect(use('Ctrl+Shift+T')).toBe('new-tab');
    expect(use('Ctrl+Shift+W')).toBe('close-tab');
    expect(use('Ctrl+PageDown')).toBe('next-tab');
    expect(use('Ctrl+PageUp')).toBe('previous-tab');
    expect(use('Cmd+f', { mac: true })).toBe('find');
    expect(use('Cmd+t', { mac: true })).toBe('new-tab');
    expect(use('Cmd+w', { mac: true })).toBe('close-tab');
    expect(use('Ctrl+PageDown', { mac: true })).toBe('next-tab');
    for (const keys of ['PageDown', 'Shift+PageUp', 'Ctrl+Alt+Shift+F', 'Ctrl+Shift+PageDown', 'Ctrl+Shift+Z']) {
      expect(use(keys), keys).toBe('terminal');
    }
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
  expect(describeEnd({ code: 3, signal: null, isGone: false })).toBe('Ended with exit code 3.');
  expect(describeEnd({ code: null, signal: 'TERM', isGone: false })).toBe('Ended by signal TERM.');
  expect(describeEnd({ code: null, signal: null, isGone: false })).toBe('The connection to this terminal was lost.');
  expect(describeEnd({ code: null, signal: null, isGone: true })).toMatch(/ended while nobody was connected/);
});

describe('terminals that go on', () => {
  const kept = {
    ...{ id: 'aaaaaaaaaa', clusterId: 'hpc', node: 'login01', title: 'hpc', startedAt: 0 },
    ...{ running: 'make', isAttached: false },
  };

  it('are offered where no tab shows them', () => {
    const other = { ...kept, id: 'bbbbbbbbbb' };
    expect(offeredOf([kept, other], [{ kept }, { kept: null }])).toEqual([other]);
  });

  it('say where, how long and what', () => {
    expect(describeKept(kept, 3 * 3_600_000)).toBe('on login01, 3 h, runs make');
    expect(describeKept({ ...kept, running: null }, 0)).toBe('on login01, 0 min');
  });

  it('say why another one does not', () => {
    expect(describeNotKept({ reason: 'no-python', detail: '' })).toBe(
      'This terminal ends with its connection: python3 is not on the node.',
    );
  });
});

it('shows the title of a program as one line of text', () => {
  expect(programTitle('  vim \u202etxt.exe\u0007 ')).toBe('vim  txt.exe');
  expect(programTitle('x'.repeat(500))).toHaveLength(120);
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

  it('have names that differ, and those of ended ones are given again', () => {
    const [first] = ['hpc', 'hpc', 'hpc'].map((title) => terminals.add(title, { clusterId: title }));
    const titles = () => useTerminals.getState().tabs.map(({ title }) => title);
    expect(titles()).toEqual(['hpc', 'hpc 2', 'hpc 3']);
    terminals.remove(first ?? 0);
    terminals.add('hpc', { clusterId: 'hpc' });
    expect(titles()).toEqual(['hpc 2', 'hpc 3', 'hpc']);
  });

  it('are gone through in a circle', () => {
    const [a, b] = ['a', 'b'].map((title) => terminals.add(title, { clusterId: title }));
    terminals.step(1);
    expect(useTerminals.getState().current).toBe(a);
    terminals.step(-1);
    expect(useTerminals.getState().current).toBe(b);
  });

  it('take matches only while their search is open', () => {
    const id = terminals.add('a', { clusterId: 'a' });
    const search = () => useTerminals.getState().tabs[0]?.search;
    terminals.setMatches(id, { shown: 1, count: 2 });
    expect(search()).toBeNull();
    terminals.openSearch(id);
    terminals.setMatches(id, { shown: 1, count: 2 });
    expect(search()).toMatchObject({ shown: 1, count: 2 });
  });

  it('one that is not shown is closed without a change of what is', () => {
    const first = terminals.add('a', { clusterId: 'a' });
    const second = terminals.add('b', { clusterId: 'b' });
    terminals.remove(first);
    expect(useTerminals.getState().current).toBe(second);
  });
});
