import { describe, expect, test } from 'vitest';
import { StateStore } from '../../../electron/core/state-store.ts';
import { applyPatches } from '../../../electron/shared/apply-patches.ts';
import type { AppState, EngineState } from '../../../electron/shared/state.ts';
import {
  diffState,
  type StateChange,
  type StatePatch,
  stateChangeSchema,
} from '../../../electron/shared/state-patch.ts';
import { afterSnapshot, judgeChange } from '../../../renderer/mirror-policy.ts';
import { busyState } from '../../helpers/fixtures/busy-state.ts';

const start = busyState(Date.UTC(2026, 2, 3));

/** Numbers that look random and are the same in each run (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Removes, changes, adds and moves some entries. */
function shuffled<T>(list: readonly T[], pick: (below: number) => number, renew: (entry: T, id: string) => T): T[] {
  const kept = list.filter(() => pick(5) > 0).map((entry) => (pick(4) === 0 ? renew(entry, '') : entry));
  const [sample] = list;
  if (sample && pick(2) === 0) kept.splice(pick(kept.length + 1), 0, renew(sample, `new-${pick(1_000_000)}`));
  if (kept.length > 1 && pick(3) === 0) kept.push(...kept.splice(pick(kept.length), 1));
  return kept;
}

function changed(state: AppState, pick: (below: number) => number): AppState {
  const at = pick(1_000_000);
  return {
    ...state,
    clusters: shuffled(state.clusters, pick, (entry, id) => ({
      ...entry,
      rememberedSecrets: at,
      cluster: { ...entry.cluster, id: id || entry.cluster.id },
    })),
    instances: shuffled(state.instances, pick, (entry, id) => ({ ...entry, id: id || entry.id, createdAt: at })),
    folders: shuffled(state.folders, pick, (entry, id) => ({
      ...entry,
      problem: String(at),
      folder: { ...entry.folder, id: id || entry.folder.id },
    })),
    presets: shuffled(state.presets, pick, (entry, id) => ({ ...entry, id: id || entry.id, savedAt: at })),
    sources: pick(3) === 0 ? [] : start.sources,
    connectionLog:
      pick(2) === 0
        ? [...start.connectionLog.slice(0, 1).map((event) => ({ ...event, at })), ...state.connectionLog].slice(0, 100)
        : state.connectionLog,
    lastValues: pick(2) === 0 ? { ...state.lastValues, [`r${pick(3)}@c`]: lastValue(at) } : state.lastValues,
    settings: { ...state.settings, logLines: 100 + pick(3) },
    system: pick(2) === 0 ? { ...state.system, sshConfigHosts: at } : state.system,
  };
}

function lastValue(at: number): EngineState['lastValues'][string] {
  const [value] = Object.values(start.lastValues);
  if (!value) throw new Error('The fixture has no last values.');
  return { ...value, title: String(at) };
}

const wire = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe('patches', () => {
  test.each([1, 2, 3, 4, 5])('lead to the same state after any changes (seed %i)', (seed) => {
    const pick = numbers(seed);
    let state = start;
    let mirror = start;
    for (let round = 0; round < 200; round += 1) {
      const next = changed(state, pick);
      const patches = diffState(state, next);
      const { patches: received } = stateChangeSchema.parse(wire({ revision: round, patches }));
      mirror = applyPatches(mirror, received);
      expect(mirror).toEqual(wire(next));
      state = next;
    }
  });

  test('concern only what differs, and leave the rest the same objects', () => {
    const [first, ...others] = start.instances;
    if (!first) throw new Error('The fixture has no instances.');
    const next = { ...start, instances: [{ ...first, title: 'Other' }, ...others] };
    const patches = diffState(start, wire(next));
    expect(patches).toEqual([{ op: 'put', slice: 'instances', id: first.id, value: next.instances[0] }]);
    const applied = applyPatches(start, patches);
    expect(applied.clusters).toBe(start.clusters);
    expect(applied.instances[1]).toBe(start.instances[1]);
    expect(diffState(start, wire(start))).toEqual([]);
  });

  test('tell of a new connection event without the older ones', () => {
    const [event] = start.connectionLog;
    if (!event) throw new Error('The fixture has no connection events.');
    const full = Array.from({ length: 100 }, (_, at) => ({ ...event, at: 100 - at }));
    const before = { ...start, connectionLog: full };
    const after = { ...start, connectionLog: [{ ...event, at: 101 }, ...full].slice(0, 100) };
    const patches = diffState(before, after);
    expect(patches).toEqual([{ op: 'prepend', slice: 'connectionLog', values: [{ ...event, at: 101 }] }]);
    expect(applyPatches(before, patches)).toEqual(after);
  });
});

describe('the state store', () => {
  const settingsPatch = (patches: readonly StatePatch[]) =>
    patches.map((patch) => (patch.op === 'replace' ? patch.slices.settings?.logLines : patch));

  test('sends collected changes as one revision, and nothing where nothing differs', () => {
    const store = new StateStore(start);
    const changes: StateChange[] = [];
    store.onChange((change) => changes.push(change));
    store.set({ settings: { ...start.settings, logLines: 200 } });
    store.set({ settings: { ...start.settings, logLines: 300 } });
    store.set({ clusters: wire(start.clusters) });
    expect(changes).toEqual([]);
    expect(store.snapshot().revision).toBe(1);
    store.set({ clusters: wire(start.clusters) });
    expect(store.snapshot().revision).toBe(1);
    expect(changes.map(({ revision, patches }) => [revision, settingsPatch(patches)])).toEqual([[1, [300]]]);
    store.dispose();
  });

  test('keeps the order of revisions for every listener, also when one of them changes the state', () => {
    const store = new StateStore(start);
    const seen: number[] = [];
    store.onChange(({ revision }) => {
      if (revision > 1) return;
      store.set({ settings: { ...start.settings, logLines: 300 } });
      store.snapshot();
    });
    store.onChange(({ revision }) => seen.push(revision));
    store.set({ settings: { ...start.settings, logLines: 200 } });
    store.snapshot();
    expect(seen).toEqual([1, 2]);
    store.dispose();
  });

  test('a mirror that misses changes asks for a snapshot and has the same state again', () => {
    const pick = numbers(9);
    const store = new StateStore(start);
    let mirror = { revision: 0, state: start };
    let snapshots = 0;
    store.onChange((change) => {
      if (pick(4) === 0) return;
      if (judgeChange(mirror.revision, change) === 'apply') {
        mirror = { revision: change.revision, state: applyPatches(mirror.state, change.patches) };
        return;
      }
      snapshots += 1;
      const { revision, state } = store.snapshot();
      mirror = afterSnapshot({ revision, state: { ...state, views: start.views } }, [change]);
    });
    for (let round = 0; round < 200; round += 1) {
      const { views: _views, ...next } = changed({ ...store.state, views: start.views }, pick);
      store.set(next);
      const { revision, state } = store.snapshot();
      if (mirror.revision === revision) expect(mirror.state).toEqual({ ...state, views: start.views });
    }
    expect(snapshots).toBeGreaterThan(10);
    store.dispose();
  });
});
