import { describe, expect, it } from 'vitest';
import type { AppState } from '../../../electron/shared/state.ts';
import type { StateChange, StatePatch } from '../../../electron/shared/state-patch.ts';
import { nextZoom } from '../../../electron/shared/zoom-policy.ts';
import { appendLog, findAll, lastLines, plain } from '../../../renderer/components/log-model.ts';
import {
  checkDraft,
  emptyDraft,
  methodRows,
  moveMethod,
} from '../../../renderer/features/clusters/cluster-form-model.ts';
import { foldEvents } from '../../../renderer/features/clusters/fold-events.ts';
import { search } from '../../../renderer/features/palette/palette-model.ts';
import { compareFingerprint } from '../../../renderer/features/prompts/compare-fingerprint.ts';
import { filterRecipes, originOf } from '../../../renderer/features/recipes/filter-recipes.ts';
import { newErrors } from '../../../renderer/features/sources/review-policy.ts';
import { reconnectSteps } from '../../../renderer/features/view/reconnect-steps.ts';
import { fillingOf, hops } from '../../../renderer/features/view/view-policy.ts';
import { commandForKey } from '../../../renderer/key-policy.ts';
import { afterSnapshot, judgeChange, wholeSlicesOf } from '../../../renderer/mirror-policy.ts';
import { busyState } from '../../helpers/fixtures/busy-state.ts';
import { fixtureInstance } from '../../helpers/fixtures/parts.ts';

const now = Date.UTC(2026, 2, 3);
const state = busyState(now);

describe('the mirror', () => {
  const change = (revision: number, slices: Partial<AppState>): StateChange => ({
    revision,
    patches: [{ op: 'replace', slices }],
  });
  it('applies the next change, and asks for all again after a gap or a restart', () => {
    expect(judgeChange(4, change(5, { instances: [] }))).toBe('apply');
    expect(judgeChange(4, change(6, { instances: [] }))).toBe('resnapshot');
    expect(judgeChange(4, change(1, { instances: [] }))).toBe('resnapshot');
    expect(judgeChange(4, change(4, { views: state.views }))).toBe('views-only');
  });
  it('keeps what came while the snapshot was on its way, and drops what it holds', () => {
    const views = { ...state.views, fullScreen: true };
    const later = afterSnapshot({ revision: 7, state }, [
      change(6, { instances: [] }),
      change(7, { views }),
      change(8, { prompts: [] }),
    ]);
    expect(later.revision).toBe(8);
    expect(later.state).toEqual({ ...state, views, prompts: [] });
  });
  it('takes only whole slices from a change after a gap', () => {
    const patches: StatePatch[] = [
      { op: 'remove', slice: 'clusters', id: 'a' },
      { op: 'replace', slices: { settings: state.settings } },
    ];
    expect(wholeSlicesOf({ revision: 9, patches })).toEqual({ settings: state.settings });
  });
});

describe('logs', () => {
  it('appends only what follows on, in bytes', () => {
    const log = { text: 'é\n', next: 3 };
    expect(appendLog(log, { offset: 3, next: 6, text: 'ü\n' }, 10)).toEqual({ text: 'é\nü\n', next: 6 });
    // A secret that is masked has another length in the file.
    expect(appendLog(log, { offset: 3, next: 40, text: '••••••\n' }, 10)).toMatchObject({ next: 40 });
    expect(appendLog(log, { offset: 9, next: 10, text: 'x' }, 10)).toBeNull();
    expect(appendLog(log, { offset: 0, next: 1, text: 'x' }, 10)).toBeNull();
  });
  it('keeps the last lines', () => {
    expect(lastLines('a\nb\nc\n', 2)).toBe('b\nc\n');
    expect(lastLines('a\nb\nc', 2)).toBe('b\nc');
    expect(lastLines('a\n', 5)).toBe('a\n');
    expect(lastLines('', 5)).toBe('');
  });
  it('shows what a terminal would show', () => {
    expect(plain('\u001b[31mred\u001b[0m \u001b]0;title\u0007x')).toBe('red x');
    expect(plain('10%\r50%\r100%\ndone\r\n')).toBe('100%\ndone\n');
  });
  it('finds without regard to case', () => {
    expect(findAll('Error error ERR', 'err')).toEqual([0, 6, 12]);
    expect(findAll('abc', '')).toEqual([]);
  });
});

describe('the cluster form', () => {
  it('names each bad field once, jump hosts and ports too', () => {
    const { input, errors } = checkDraft({
      ...emptyDraft,
      name: 'x',
      host: '-bad',
      port: '',
      user: 'u',
      jumps: [{ host: '', port: 70_000, user: 'u' }],
      methods: [],
    });
    expect(input).toBeNull();
    expect(errors).toMatchObject({
      host: 'A host cannot begin with a hyphen.',
      port: 'A port is a number from 1 to 65535.',
      'jumps.0.host': 'Give the name or address of the login node.',
      'jumps.0.port': 'A port is a number from 1 to 65535.',
      methods: 'Choose at least one way to sign in.',
    });
  });
  it('gives the input the engine takes', () => {
    expect(checkDraft({ ...emptyDraft, name: ' c ', host: 'h.example', user: 'u' }).input).toMatchObject({
      name: 'c',
      port: 22,
    });
  });
  it('moves a way to sign in, and shows the others after', () => {
    expect(moveMethod(['agent', 'key', 'password'], 'key', -1)).toEqual(['key', 'agent', 'password']);
    expect(moveMethod(['agent', 'key'], 'agent', -1)).toEqual(['agent', 'key']);
    expect(methodRows(['password']).map((row) => [row.method, row.on])).toEqual([
      ['password', true],
      ['agent', false],
      ['key', false],
      ['interactive', false],
    ]);
  });
});

describe('the connection log', () => {
  const event = (at: number, clusterId: string, text: string) => ({
    at,
    clusterId,
    clusterName: clusterId,
    kind: 'asked' as const,
    text,
  });
  it('says once what a cluster says again and again, and keeps what came between', () => {
    const log = [event(1, 'a', 'Waiting'), event(2, 'b', 'Waiting'), event(3, 'a', 'Waiting'), event(4, 'a', 'In')];
    expect(foldEvents([...log, event(5, 'a', 'Waiting')]).map(({ at, times }) => [at, times])).toEqual([
      [5, 1],
      [4, 1],
      [3, 2],
      [2, 1],
    ]);
    expect(foldEvents([])).toEqual([]);
  });
});

describe('fingerprints', () => {
  const shown = 'SHA256:Lm4Rx9Ub2QwEz7Tn0KsVc6HyPj1DgFa8IoX5ZtNqB3e';
  it.each([
    ['', 'empty'],
    ['SHA2', 'empty'],
    [shown, 'same'],
    [`256 ${shown} root@host (ED25519)`, 'same'],
    ['Lm4Rx9', 'partial'],
    ['SHA256:Lm4Rx9Ub2QwEz7Tn0KsVc6HyPj1DgFa8IoX5ZtNqB3E', 'differs'],
  ])('%j is %s', (pasted, verdict) => expect(compareFingerprint(shown, pasted)).toBe(verdict));
});

describe('finding things', () => {
  it('filters recipes by words, category and launcher', () => {
    const all = { text: '', category: '', launcher: '' };
    const names = (filter: Partial<typeof all>) =>
      filterRecipes(state.recipes.list, { ...all, ...filter }).map((recipe) => recipe.name);
    expect(names({ text: 'WEB app' })).toEqual(['flask', 'django']);
    expect(names({ category: 'Notebooks' })).toEqual(['jupyter']);
    expect(names({ launcher: 'gridengine' })).toEqual(['sweep', 'django']);
    expect(names({})).toHaveLength(7);
  });
  it('searches everything, or only commands or clusters', () => {
    const labels = (query: string) => search(state, query).map((item) => item.label);
    expect(labels('jup')).toEqual(['Open JupyterLab', 'Stop JupyterLab', 'Launch JupyterLab']);
    expect(new Set(search(state, '>').map((item) => item.group))).toEqual(new Set(['Commands']));
    expect(labels('>').at(-1)).toBe('Show all keys');
    expect(labels('> tunnel')).toEqual(['Go to tunnels', 'Open a tunnel']);
    expect(labels('> token')).toEqual(['Open settings: API and tokens', 'New token']);
    expect(labels('> audit')).toEqual(['Show the audit log']);
    expect(labels('@ lab-box')).toEqual(['Connect lab-box', 'Files of lab-box', 'Edit lab-box']);
    expect(labels('zzz')).toEqual([]);
  });
});

describe('keys', () => {
  const key = (name: string, mods: Partial<KeyboardEvent> = {}) => ({
    key: name,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    ...mods,
  });
  const page = { mac: false, view: false, fullScreen: false };
  const view = { mac: false, view: true, fullScreen: false };
  it('follows the table', () => {
    expect(commandForKey(key('k', { ctrlKey: true }), page)).toBe('palette');
    expect(commandForKey(key('k', { metaKey: true }), { ...page, mac: true })).toBe('palette');
    expect(commandForKey(key('3', { altKey: true }), page)).toBe('page-3');
    expect(commandForKey(key('2', { ctrlKey: true }), page)).toBe('view-2');
    expect(commandForKey(key('/'), page)).toBe('search');
    expect(commandForKey(key('F6'), page)).toBe('region');
    expect(commandForKey(key('F6', { shiftKey: true }), page)).toBe('previous-region');
    expect(commandForKey(key('F1'), page)).toBe('help');
    expect(commandForKey(key('?', { shiftKey: true }), page)).toBe('help');
    expect(commandForKey(key('0', { ctrlKey: true }), page)).toBe('zoom-reset');
    expect(commandForKey(key('-', { ctrlKey: true }), page)).toBe('zoom-out');
    expect(commandForKey(key('+', { ctrlKey: true, shiftKey: true }), page)).toBe('zoom-in');
    expect(commandForKey(key('X', { ctrlKey: true, shiftKey: true }), view)).toBe('stop');
    expect(commandForKey(key('+', { ctrlKey: true, shiftKey: true }), view)).toBe('zoom-in');
    expect(commandForKey(key('Tab', { ctrlKey: true, shiftKey: true }), view)).toBe('previous-view');
    expect(commandForKey(key('F11'), view)).toBe('full-screen');
    expect(commandForKey(key('f', { ctrlKey: true, metaKey: true }), { ...view, mac: true })).toBe('full-screen');
    expect(commandForKey(key('Escape'), { ...view, fullScreen: true })).toBe('full-screen');
  });
  it('leaves keys of a view alone where there is none', () => {
    for (const name of ['w', 'r', 'f']) expect(commandForKey(key(name, { ctrlKey: true }), page)).toBeNull();
    expect(commandForKey(key('ArrowLeft', { altKey: true }), page)).toBeNull();
    expect(commandForKey(key('l'), view)).toBeNull();
    expect(commandForKey(key('F11'), page)).toBeNull();
    expect(commandForKey(key('Escape'), view)).toBeNull();
  });
  it('zooms by steps and stops at the ends', () => {
    expect(nextZoom(1, 'in')).toBe(1.1);
    expect(nextZoom(1, 'out')).toBe(0.9);
    expect(nextZoom(1.07, 'in')).toBe(1.1);
    expect(nextZoom(5, 'in')).toBe(5);
    expect(nextZoom(0.3, 'out')).toBe(0.3);
    expect(nextZoom(3, 'reset')).toBe(1);
  });
});

describe('the view', () => {
  const view = {
    id: 'a',
    instanceId: 'a',
    title: '',
    canGoBack: false,
    canGoForward: false,
    loading: false,
    painted: true,
    zoom: 1,
    find: null,
    detached: false,
    error: null,
  };
  const app = fixtureInstance({
    id: 'a',
    title: 'A',
    endpoint: { kind: 'socket', node: 'c1', path: '/s' },
    route: { kind: 'node', text: '', refused: [], warning: null },
  });
  it('shows the page only when there is one', () => {
    expect(fillingOf(view, app)).toBe('page');
    expect(fillingOf(view, { ...app, state: 'reconnecting' })).toBe('reconnecting');
    expect(fillingOf(view, { ...app, state: 'failed' })).toBe('over');
    expect(fillingOf({ ...view, detached: true }, app)).toBe('detached');
    expect(fillingOf({ ...view, error: 'x' }, app)).toBe('error');
    expect(fillingOf(view, undefined)).toBe('gone');
  });
  it('tells the way hop by hop', () => {
    const place = { loginNode: 'login2', address: 'u@h', through: 'through gate' };
    expect(hops(app, place).map((hop) => hop.kind)).toEqual(['computer', 'login', 'node', 'socket']);
    expect(hops({ ...app, route: { ...app.route!, kind: 'relay' } }, place)[2]).toMatchObject({
      title: 'Node c1',
      text: expect.stringContaining('relay inside the job'),
    });
    const port = {
      ...app,
      endpoint: { kind: 'port' as const, node: 'c1', port: 8888 },
      route: { ...app.route!, kind: 'port' as const },
    };
    expect(hops(port, place).at(-1)).toMatchObject({ kind: 'port', text: 'others on the cluster can reach it' });
  });
  it('says which step of the way back runs', () => {
    const lost = {
      state: 'reconnecting' as const,
      since: now - 21_000,
      roundTrip: null,
      attempt: 2,
      nextTryAt: now + 8000,
      error: null,
    };
    expect(reconnectSteps(lost, app, now)[0]).toEqual({ text: 'Try again in 8 s', state: 'now', time: 'attempt 2' });
    const up = { ...lost, state: 'connected' as const, since: now - 3000, nextTryAt: null };
    expect(reconnectSteps(up, app, now).map((step) => step.state)).toEqual(['done', 'now', 'todo']);
    expect(reconnectSteps(up, app, now)[1]).toMatchObject({ text: 'Second hop to node c1', time: '3.0 s' });
  });
});

describe('recipes of others', () => {
  const [recipe] = state.recipes.list;
  const from = (source: string, name = 'lab') => recipe && originOf({ ...recipe, name, source });
  it('names where a recipe comes from by the end of its address', () => {
    expect(from('https://git.example.org/lab/recipes.git')).toBe('lab/recipes');
    expect(from('git@git.example.org:lab/recipes.git/')).toBe('lab/recipes');
    expect(from('/home/ada/recipes')).toBe('ada/recipes');
    expect(from('shipped')).toBeNull();
    expect(from('Your folders', 'folders/wave-1a2b3c')).toBeNull();
  });
  it('counts errors of what would newly be used', () => {
    const entry = (change: 'new' | 'same', ...levels: ('error' | 'warning')[]) => ({
      name: 'a',
      title: 'A',
      change,
      may: [],
      findings: levels.map((level) => ({ level, line: 'a/run.sh:2: words' })),
    });
    const recipes = [entry('new', 'error', 'warning'), entry('same', 'error')];
    expect(newErrors({ recipes })).toBe(1);
  });
});
