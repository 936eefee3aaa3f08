import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OpenTabs } from '../../../electron/platform/open-tabs.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import type { InstanceState } from '../../../electron/shared/instances.ts';
import { emptyState, type ViewState } from '../../../electron/shared/state.ts';
import { fixtureInstance } from '../../helpers/fixtures/parts.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-tabs-'));
  file = join(folder, 'tabs.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const view = (instanceId: string) => ({ id: instanceId, instanceId }) as ViewState;
const views = (ids: string[], selected: string | null) => ({ list: ids.map(view), selected, fullScreen: false });
const state = (entries: Record<string, InstanceState>) => ({
  ...emptyState,
  instances: Object.entries(entries).map(([id, now]) => fixtureInstance({ id, title: id, state: now })),
});

function begin(open: (id: string) => Promise<void> = () => Promise.resolve()) {
  const done: string[] = [];
  const failures: unknown[] = [];
  const tabs = new OpenTabs({
    file,
    open: async (id) => {
      await open(id);
      done.push(`open ${id}`);
    },
    show: (id) => done.push(`show ${id}`),
    onFailed: (error) => failures.push(error),
  });
  return { tabs, done, failures };
}

describe('the views of the last run', () => {
  it('are opened again as soon as their apps are ready, the one in front in front', async () => {
    begin().tabs.save(views(['a', 'b'], 'b'));
    const { tabs, done } = begin();
    await tabs.restore(state({ a: 'reconnecting', b: 'reconnecting' }));
    expect(done).toEqual([]);
    await tabs.restore(state({ a: 'ready', b: 'reconnecting' }));
    await tabs.restore(state({ a: 'ready', b: 'ready' }));
    expect(done).toEqual(['open a', 'open b', 'show b']);
    await tabs.restore(state({ a: 'ready', b: 'ready' }));
    expect(done).toHaveLength(3);
  });

  it('are not shown above what the user opened meanwhile', async () => {
    begin().tabs.save(views(['a'], 'a'));
    const { tabs, done } = begin();
    tabs.save(views(['c'], 'c'));
    await tabs.restore(state({ a: 'ready', c: 'ready' }));
    expect(done).toEqual(['open a']);
  });

  it('stay remembered while the window closes them, and until they are back', async () => {
    const { tabs } = begin();
    tabs.save(views(['a', 'b'], 'a'));
    tabs.freeze();
    tabs.save(views([], null));
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ open: ['a', 'b'], selected: 'a' });
    const next = begin();
    next.tabs.save(views([], null));
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ open: ['a', 'b'], selected: 'a' });
    await next.tabs.restore(state({ a: 'ended' }));
    next.tabs.save(views([], null));
    expect(JSON.parse(readFileSync(file, 'utf8')).open).toEqual([]);
  });

  it('are tried again where the gateway does not know the app yet', async () => {
    begin().tabs.save(views(['a'], null));
    let isKnown = false;
    const { tabs, done, failures } = begin(async () => {
      if (!isKnown) throw new AppError('not-found', 'Not taken up yet.');
    });
    await tabs.restore(state({ a: 'ready' }));
    isKnown = true;
    await tabs.restore(state({ a: 'ready' }));
    expect(done).toEqual(['open a']);
    expect(failures).toEqual([]);
  });

  it('are none where the file cannot be read', async () => {
    writeFileSync(file, '{');
    const { tabs, done } = begin();
    await tabs.restore(state({ a: 'ready' }));
    expect(done).toEqual([]);
  });
});
