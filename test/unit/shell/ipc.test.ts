import { describe, expect, it } from 'vitest';
import { engineEnvironment } from '../../../electron/ipc/engine-environment.ts';
import { afterEnd, countQuickEnds } from '../../../electron/ipc/restart-policy.ts';
import { overlaySystem, StateRelay } from '../../../electron/ipc/state-relay.ts';
import { contentSecurityPolicy, fileFor, headersFor } from '../../../electron/security/app-files-policy.ts';
import { isolatedHeaders } from '../../../electron/security/isolated-page-policy.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { type AppState, emptyState } from '../../../electron/shared/state.ts';

describe('restarts of the engine', () => {
  it('come after growing waits, then end', () => {
    const waits = [1, 2, 3, 4, 5].map(afterEnd);
    expect(waits.every(({ kind }) => kind === 'restart')).toBe(true);
    expect(afterEnd(6)).toEqual({ kind: 'give-up' });
  });

  it('count anew once it ran well', () => {
    expect(countQuickEnds(4, 59_999)).toBe(5);
    expect(countQuickEnds(4, 60_000)).toBe(1);
  });

  it('are told to the page in the engine’s place', () => {
    const failure = new AppError('storage', 'The disk is full.');
    expect(overlaySystem(emptyState.system, 'restarting', failure).engine).toBe('restarting');
    const down = overlaySystem(emptyState.system, 'down', failure);
    expect(down.notices).toMatchObject([{ id: 'engine-down', text: expect.stringContaining('The disk is full.') }]);
  });
});

describe('StateRelay', () => {
  it('completes the engine’s slices and keeps its revisions', () => {
    const replace = (slices: Partial<AppState>) => [{ op: 'replace' as const, slices }];
    const relay = new StateRelay();
    const seen: unknown[] = [];
    relay.on('changed', (event) => seen.push(event));
    relay.onStatus('running', null);
    relay.onChanges({ revision: 3, patches: replace({ system: emptyState.system }) });
    relay.setViews({ list: [], selected: null, fullScreen: false });
    expect(seen).toEqual([
      { revision: 0, patches: replace({ system: { ...emptyState.system, engine: 'running' } }) },
      { revision: 3, patches: replace({ system: { ...emptyState.system, engine: 'running' } }) },
      { revision: 3, patches: replace({ views: { list: [], selected: null, fullScreen: false } }) },
    ]);
  });
});

describe('the engine’s environment', () => {
  it('has what sign-in needs and nothing that changes programs', () => {
    const env = {
      PATH: '/bin',
      SSH_AUTH_SOCK: '/s',
      LC_ALL: 'C',
      TUNEL_DEBUG: '1',
      NODE_OPTIONS: '-r x',
      LD_PRELOAD: 'x',
    };
    expect(engineEnvironment(env)).toEqual({ PATH: '/bin', SSH_AUTH_SOCK: '/s', LC_ALL: 'C', TUNEL_DEBUG: '1' });
  });
});

describe('files of our page', () => {
  it.each([
    ['app://tunel/index.html', '/r/index.html'],
    ['app://tunel/', '/r/index.html'],
    ['app://tunel/assets/a.js?x#y', '/r/assets/a.js'],
    ['app://tunel/../secret.js', '/r/secret.js'],
    ['app://tunel/%2e%2e/secret.js', '/r/secret.js'],
    ['app://tunel/..%2f..%2fsecret.js', null],
    ['app://tunel/..%5c..%5csecret.js', null],
    ['app://tunel/%00.js', null],
    ['app://tunel/%zz.js', null],
    ['app://other/index.html', null],
    ['app://tunel/passwd', null],
  ])('%s is %s', (url, path) => {
    expect(fileFor(url, '/r')?.path ?? null).toBe(path);
  });

  it('run only scripts of the app', () => {
    expect(contentSecurityPolicy).toContain("default-src 'none'");
    expect(contentSecurityPolicy).toContain("script-src 'self';");
    expect(contentSecurityPolicy).not.toContain('unsafe-eval');
  });

  it('have one frame, which is isolated', () => {
    expect(contentSecurityPolicy).toContain('frame-src isolated://page;');
    const policy = isolatedHeaders['Content-Security-Policy'].split('; ');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain('sandbox allow-scripts');
    for (const directive of policy.filter((each) => each.includes('-src '))) {
      expect(directive).toMatch(/^[a-z-]+( 'none'| 'unsafe-inline'| 'unsafe-eval'| data:| blob:)+$/);
    }
  });

  it('compile WebAssembly in the workers that read files, and nowhere else', () => {
    const policyOf = (path: string) => headersFor(path)['Content-Security-Policy'];
    expect(policyOf('/r/assets/hdf5-worker-Uqni9NI3.js')).toBe(
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'",
    );
    for (const path of ['/r/index.html', '/r/assets/index-Uqni9NI3.js', '/r/assets/hdf5-worker-a.html']) {
      expect(policyOf(path)).toBe(contentSecurityPolicy);
    }
  });
});
