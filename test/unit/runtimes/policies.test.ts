import { describe, expect, test } from 'vitest';
import { parseRecipeFile } from '../../../electron/core/recipes/recipe-file.ts';
import { parseBind } from '../../../electron/core/runtimes/bind-policy.ts';
import { containerError } from '../../../electron/core/runtimes/container-errors.ts';
import { cacheKey, isLoopbackRegistry, parseImage } from '../../../electron/core/runtimes/image-policy.ts';
import { planContainer } from '../../../electron/core/runtimes/plan-container.ts';
import { pullError } from '../../../electron/core/runtimes/pull-errors.ts';
import { progressOf } from '../../../electron/core/runtimes/pull-progress.ts';
import { clusterDefaultsSchema } from '../../../electron/shared/clusters.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { canRun, imageText } from '../../../electron/shared/image-policy.ts';
import type { RuntimeName } from '../../../electron/shared/kinds.ts';
import { launchError } from '../../../electron/shared/launch-problems.ts';
import { chooseRuntime, type RuntimeRequest } from '../../../electron/shared/runtime-policy.ts';

const outcome = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    const { code, message, hint } = AppError.from(error);
    return `${code}: ${message} ${hint ?? ''}`;
  }
};

describe('an image', () => {
  test.each([
    ['python:3.13', 'docker.io/library/python:3.13'],
    ['jupyter/base-notebook', 'docker.io/jupyter/base-notebook:latest'],
    ['docker://quay.io/jupyter/base-notebook:2025-01-01', 'quay.io/jupyter/base-notebook:2025-01-01'],
    ['localhost:5000/a/b', 'localhost:5000/a/b:latest'],
    ['localhost/a:1', 'localhost/a:1'],
    [`ghcr.io/x/y@sha256:${'a'.repeat(64)}`, `ghcr.io/x/y@sha256:${'a'.repeat(64)}`],
    ['oras://ghcr.io/x/y:1', 'oras://ghcr.io/x/y:1'],
    ['~/images/a.sif', '/home/ada/images/a.sif'],
    ['/opt/images/a b.tar.gz', '/opt/images/a b.tar.gz'],
  ])('%s is %s', (text, words) => {
    expect(imageText(parseImage(text, '/home/ada'))).toBe(words);
  });

  test.each([
    '',
    'relative/./path',
    'http://a.example/b',
    'Python:3',
    'a b',
    '--privileged',
    'x;reboot',
    '$(reboot)',
    'a\nb',
  ])('%j is refused', (text) => {
    expect(outcome(() => parseImage(text, '/home/ada'))).toMatch(/^bad-input: [\s\S]*is not an image/);
  });

  test('which runtime runs which', () => {
    const sif = parseImage('/a.sif', '/h');
    const tar = parseImage('/a.tar', '/h');
    const oras = parseImage('oras://a.example/b:1', '/h');
    const hub = parseImage('python', '/h');
    const able = (runtime: 'apptainer' | 'podman' | 'docker') =>
      [sif, tar, oras, hub].map((image) => canRun(runtime, image));
    expect(able('apptainer')).toEqual([true, true, true, true]);
    expect(able('podman')).toEqual([false, true, false, true]);
    expect(able('docker')).toEqual([false, true, false, true]);
  });

  test('a cache folder of its own, one for podman and docker', () => {
    const keys = ['python', 'docker.io/library/python:latest', 'python:3'].map((text) =>
      cacheKey('podman', parseImage(text, '/h')),
    );
    expect(keys[0]).toBe(keys[1]);
    expect(keys[2]).not.toBe(keys[0]);
    expect(cacheKey('apptainer', parseImage('python', '/h'))).not.toBe(keys[0]);
    expect(keys[0]).toMatch(/^[0-9a-f]{24}$/);
  });

  test('only a registry on the node itself goes without TLS', () => {
    const plain = ['localhost:5000/a', '127.0.0.1:5000/a', 'localhost.example/a', '10.0.0.1:5000/a', 'python'];
    expect(plain.map((text) => isLoopbackRegistry(parseImage(text, '/h')))).toEqual([true, true, false, false, false]);
  });
});

describe('a bind', () => {
  test.each([
    ['/data', { source: '/data', target: null, readOnly: false }],
    ['~/in:/in', { source: '~/in', target: '/in', readOnly: false }],
    ['/data:ro', { source: '/data', target: null, readOnly: true }],
    ['$TUNEL_DIR/files:/srv:ro', { source: '$TUNEL_DIR/files', target: '/srv', readOnly: true }],
  ])('%s', (text, bind) => {
    expect(parseBind(text)).toEqual(bind);
  });

  test.each(['data', '/a,/b', '/a:/b:z', '/a:/b:ro:x', '/a/../b', '$HOME/a', '~bob/a', '/a:b', '$TUNEL_DIRx'])(
    '%s is refused',
    (text) => {
      expect(outcome(() => parseBind(text))).toMatch(/^bad-input/);
    },
  );

  test('a recipe with a bad one names its line', () => {
    const yaml =
      'launcher: login\nscript: a.sh\ndescription: a\ncontainer:\n  image: python\n  binds:\n    - /data\n    - data\n';
    expect(parseRecipeFile('a', 'app.yaml', yaml).problems).toMatchObject([{ field: 'container.binds.1', line: 8 }]);
    expect(parseRecipeFile('a', 'app.yaml', yaml.replace('python', 'Py thon')).problems).toMatchObject([
      { field: 'container.image', line: 5 },
    ]);
  });
});

const all = ['apptainer', 'podman', 'docker'] as const;
const choice = (change: Partial<RuntimeRequest> = {}): RuntimeRequest => ({
  requested: '',
  isImageRequested: false,
  clusterDefault: 'auto',
  site: undefined,
  image: parseImage('python', '/h'),
  isPreferred: true,
  detected: all,
  mayBeLoaded: false,
  recipeTitle: 'web',
  clusterName: 'Hydra',
  ...change,
});

describe('the runtime', () => {
  test.each<[string, Parameters<typeof choice>[0], RuntimeName]>([
    ['a container where there is one', {}, 'apptainer'],
    ['what is there', { detected: ['docker', 'podman'] }, 'podman'],
    ['nothing there: native', { detected: [] }, 'native'],
    ['no image: native', { image: null }, 'native'],
    ['a recipe that prefers no container', { isPreferred: false }, 'native'],
    ['the cluster wants it', { isPreferred: false, clusterDefault: 'podman' }, 'podman'],
    ['the cluster wants none', { clusterDefault: 'native' }, 'native'],
    ['the site says which', { site: 'podman' }, 'podman'],
    ['the site says which, not whether', { site: 'podman', isPreferred: false }, 'native'],
    ['the site wants none', { site: 'native' }, 'native'],
    ['the cluster before the site', { site: 'podman', clusterDefault: 'docker' }, 'docker'],
    ['what the cluster names and is not there', { clusterDefault: 'podman', detected: ['apptainer'] }, 'apptainer'],
    ['the user before all', { requested: 'native', clusterDefault: 'podman' }, 'native'],
    ['the user, whatever the recipe prefers', { requested: 'podman', isPreferred: false }, 'podman'],
    ['an image the user names', { isImageRequested: true, isPreferred: false, clusterDefault: 'native' }, 'apptainer'],
    ['a runtime that can run it', { image: parseImage('/a.sif', '/h'), clusterDefault: 'podman' }, 'apptainer'],
    ['never connected: not ruled out', { requested: 'podman', detected: null }, 'podman'],
    ['a module may provide it', { requested: 'podman', detected: [], mayBeLoaded: true }, 'podman'],
  ])('%s', (_, change, expected) => {
    expect(chooseRuntime(choice(change))).toEqual({ ok: true, runtime: expected });
  });

  test.each<[string, Parameters<typeof choice>[0], RegExp]>([
    ['no container', { requested: 'podman', image: null }, /^bad-input: web names no image for Podman\. Give one/],
    [
      'a SIF for podman',
      { requested: 'podman', image: parseImage('/a.sif', '/h') },
      /^bad-input: Podman cannot run \/a\.sif\. Choose Apptainer/,
    ],
    [
      'not there',
      { requested: 'docker', detected: ['podman'] },
      /^command-missing: Docker was not found on Hydra\. Found there: Podman\./,
    ],
    [
      'nothing for the image',
      { isImageRequested: true, detected: ['podman'], image: parseImage('/a.sif', '/h') },
      /^command-missing: Hydra has nothing that can run the image \/a\.sif\. It needs Apptainer/,
    ],
  ])('%s is refused', (_, change, expected) => {
    const chosen = chooseRuntime(choice(change));
    expect(chosen.ok).toBe(false);
    if (chosen.ok) return;
    expect(
      outcome(() => {
        throw launchError(chosen.problem);
      }),
    ).toMatch(expected);
  });

  test('planned from a launch', () => {
    const plan = (change: Partial<Parameters<typeof planContainer>[0]> = {}) =>
      planContainer({
        input: { runtime: '', image: '' },
        container: { image: 'python', binds: ['/data:ro'], env: { A: 'b' } },
        cluster: { name: 'Hydra', defaults: clusterDefaultsSchema.parse({}), site: null },
        facts: { runtimes: [{ name: 'apptainer', version: '3.8', program: '/opt/singularity/bin/singularity' }] },
        launcher: 'slurm',
        home: '/home/ada',
        modules: [],
        environment: '',
        gpus: 1,
        recipeTitle: 'web',
        ...change,
      });
    expect(plan()).toEqual({
      runtime: 'apptainer',
      program: '/opt/singularity/bin/singularity',
      image: { kind: 'registry', scheme: 'docker', name: 'docker.io/library/python:latest' },
      binds: [{ source: '/data', target: null, readOnly: true }],
      env: { A: 'b' },
      gpu: true,
    });
    expect(plan({ container: undefined })).toBeNull();
    expect(plan({ container: undefined, input: { runtime: '', image: '~/a.sif' }, gpus: null })).toMatchObject({
      image: { path: '/home/ada/a.sif' },
      gpu: false,
    });
    // Compute nodes may have what the login node lacks, for a file.
    const file = { runtime: 'podman', image: '/opt/a.tar' } as const;
    expect(plan({ input: file })).toMatchObject({ runtime: 'podman' });
    expect(outcome(() => plan({ input: file, launcher: 'login' }))).toMatch(/^command-missing/);
    expect(outcome(() => plan({ home: '/home/a:b' }))).toMatch(/^runtime-failed/);
  });
});

describe('words', () => {
  test.each([
    ['INFO:    Creating SIF file...', 0, null, 'Creating SIF file...'],
    ['\u001b[34mINFO:   \u001b[0m Converting', 300_000, null, 'Converting · 293 MiB so far'],
    ['Copying blob sha256:abc 34.5% |==>', 10, 0.34, 'Copying blob sha256:abc 34.5% |==>'],
    ['time="2026-01-01T00:00:00Z" level=info msg="Trying"', 0, null, '"Trying"'],
    ['', 2048, null, '2 MiB so far'],
  ])('%j', (line, kib, fraction, words) => {
    expect(progressOf(line, kib)).toEqual({ fraction, text: words });
  });

  test.each([
    [
      255,
      'FATAL: while unpacking: write /h/x: no space left on device',
      'no-space',
      /no space left on login1 for the image/,
    ],
    [
      125,
      'Error: initializing source docker://a.example/b:1: pinging container registry a.example: dial tcp: lookup a.example: no such host',
      'image-missing',
      /login1 cannot reach the registry/,
    ],
    [255, 'FATAL: reading manifest 9 in a.example/b: manifest unknown', 'image-missing', /There is no image b:1/],
    [
      125,
      'Error: reading manifest: requested access to the resource is denied',
      'image-missing',
      /does not exist, or needs a sign-in/,
    ],
    [127, 'pull.sh: apptainer: not found', 'command-missing', /apptainer was not found on login1/],
    [78, 'Tunel: the module apptainer could not be loaded', 'command-missing', /apptainer was not found on login1/],
    [1, 'FATAL: something new', 'runtime-failed', /could not fetch the image b:1: FATAL: something new/],
  ])('pull %i %s', (code, log, expected, words) => {
    const error = pullError('apptainer', 'b:1', 'login1', code, log);
    expect(error).toMatchObject({ code: expected, message: expect.stringMatching(words), detail: log });
    expect(error.hint).toBeTruthy();
  });

  test.each([
    ['image', '/a.sif', 'Tunel: not there', 'image-missing', /The image \/a\.sif is not on c1/],
    ['runtime-missing', 'podman', '', 'command-missing', /podman was not found on c1/],
    ['runtime', 'podman', 'Error: creating: no space left on device', 'no-space', /no space on c1/],
    [
      'runtime',
      'podman',
      'x\nError: cannot find UID/GID: no subuid ranges\nTunel: y',
      'runtime-failed',
      /podman could not start .* on c1: Error: cannot find/,
    ],
  ])('%s %s', (kind, subject, log, code, words) => {
    const error = containerError({ kind, subject }, 'Hello', 'c1', log);
    expect(error).toMatchObject({ code, message: expect.stringMatching(words) });
    expect(error.hint).toBeTruthy();
  });

  test.each(['fatal error: failed to reserve page summary memory', 'fatal error: runtime: cannot allocate memory'])(
    '%s: too little address space',
    (line) => {
      const error = containerError({ kind: 'runtime', subject: 'podman' }, 'Hello', 'e1', `${line}\nruntime.rt0_go()`);
      expect(error).toMatchObject({ code: 'runtime-failed', hint: expect.stringContaining('2000 MB or more') });
    },
  );
});
