import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fetchSite } from '../../../electron/core/sites/fetch-site.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { endOwn, launchReady, saveCluster, stopApp, untilGone } from '../../helpers/apps.ts';
import { bundleCli, Tunel } from '../../helpers/cli.ts';
import { type ClusterInfo, upCluster } from '../../helpers/clusters.ts';
import { openTestCore, type TestCore } from '../../helpers/core.ts';

const profile = `site: Slurm for tests
launcher: slurm
queues:
  - { name: debug, description: Short and soon, maxTime: 3 }
  - { name: cpu }
  - { name: gone }
workDirectory: ~
forbiddenRoutes: [node]
pollInterval: 2
message: Be kind.
`;

const failureOf = async (work: Promise<unknown>): Promise<AppError> =>
  work.then(
    () => Promise.reject(new Error('it went well')),
    (error: unknown) => AppError.from(error),
  );

describe('a site profile read from an address', () => {
  let server: Server;
  let base = '';
  const pages: Record<string, RequestListener> = {
    '/site.yaml': (_, answer) => answer.end(profile),
    '/moved': (_, answer) => answer.writeHead(302, { location: '/deep/er' }).end(),
    '/deep/er': (_, answer) => answer.writeHead(307, { location: '../site.yaml' }).end(),
    '/loop': (_, answer) => answer.writeHead(302, { location: '/loop' }).end(),
    '/file': (_, answer) => answer.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    '/away': (_, answer) => answer.writeHead(302, { location: 'http://site.invalid/x' }).end(),
    '/page': (_, answer) => answer.end('<!doctype html><title>x</title>'),
    '/endless': (_, answer) => {
      const timer = setInterval(() => answer.write('#'.repeat(8192)), 1);
      answer.once('close', () => clearInterval(timer));
    },
    '/silent': () => undefined,
    '/stalls': (_, answer) => void answer.write('site: '),
    '/cut': (_, answer) => {
      answer.writeHead(200, { 'content-length': '1000' });
      answer.write(profile);
      answer.destroy();
    },
  };

  beforeAll(async () => {
    server = createServer((request, answer) => {
      const page = pages[request.url ?? ''];
      if (page) page(request, answer);
      else answer.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    base = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test('follows redirects and says where it ended', async () => {
    expect(await fetchSite(`${base}/moved`)).toEqual({ text: profile, url: `${base}/site.yaml` });
  });

  test.each([
    ['/loop', 'not-found', /from one address to the next/],
    ['/file', 'bad-input', /by https only/],
    ['/away', 'bad-input', /by https only/],
    ['/none', 'not-found', /answers 404/],
    ['/endless', 'site-invalid', /larger than 64 KiB/],
    ['/silent', 'timeout', /within 0\.5 s/],
    ['/stalls', 'timeout', /within 0\.5 s/],
    ['/cut', 'not-found', /could not be read/],
  ])('%s is %s', async (path, code, message) => {
    const error = await failureOf(fetchSite(`${base}${path}`, { limitMs: path === '/endless' ? 10_000 : 500 }));
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)]);
  });

  test('a port nobody listens on, and a wish to stop', async () => {
    expect((await failureOf(fetchSite('http://127.0.0.1:1/x'))).code).toBe('not-found');
    const stop = new AbortController();
    const asked = failureOf(fetchSite(`${base}/silent`, { signal: stop.signal }));
    stop.abort();
    expect((await asked).code).toBe('cancelled');
  });

  test('the request reads it, shows the final address and changes nothing', async () => {
    const open = await openTestCore({ resume: false });
    try {
      const reading = await open.request('sites.read', { source: `${base}/moved` });
      expect(reading).toMatchObject({ source: `${base}/site.yaml`, profile: { site: 'Slurm for tests' } });
      expect((await failureOf(open.request('sites.read', { source: `${base}/page` }))).hint).toContain('Raw');
      expect(open.state().clusters.every(({ cluster }) => cluster.site === null)).toBe(true);
    } finally {
      await open.close();
    }
  });
});

describe('a site profile on a Slurm cluster', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tunel-sites-'));
  const file = join(folder, 'site.yaml');
  let slurm: ClusterInfo;
  let open: TestCore;
  let clusterId = '';
  const state = (id = clusterId) => open.state().clusters.find(({ cluster }) => cluster.id === id);
  const queues = () => state()?.facts?.launchers.find(({ name }) => name === 'slurm')?.queues ?? [];

  beforeAll(async () => {
    slurm = await upCluster('slurm24', 'shared');
    writeFileSync(file, profile);
    open = await openTestCore();
    clusterId = await saveCluster(open, slurm);
    await open.request('clusters.connect', { id: clusterId });
    await open.until('facts', () => state()?.facts);
  });
  afterAll(async () => {
    await endOwn(open);
    await open.close();
    rmSync(folder, { recursive: true });
  });

  test('is reviewed against what was detected, then offers and limits what it lists', async () => {
    const detected = queues().map(({ name }) => name);
    const { review, ...reading } = await open.request('sites.read', { source: file, clusterId });
    expect(review).toEqual(
      expect.arrayContaining([
        'Queues offered, the usual one first: debug (at most 3 min); cpu; gone.',
        'Not found there, so not offered: gone.',
        'Found there and no longer offered: gpu.',
        'Routes to a running app that are not tried: node.',
      ]),
    );
    expect(queues().map(({ name }) => name)).toEqual(detected);
    await open.request('clusters.setSite', { id: clusterId, profile: reading.profile });
    expect(queues().map(({ name, isDefault, description }) => [name, isDefault, description])).toEqual([
      ['debug', true, 'Short and soon'],
      ['cpu', false, ''],
    ]);
    expect(queues()[0]?.maxSeconds).toBe(180);
  });

  test('stays when the cluster is edited or copied', async () => {
    await saveCluster(open, slurm, { name: 'other' });
    const copy = await open.request('clusters.copy', { id: clusterId });
    expect(state(copy.id)?.cluster.site?.site).toBe('Slurm for tests');
    await open.request('clusters.remove', { id: copy.id });
  });

  test('a launch that names no queue goes to its usual one, keeps its limits and its forbidden ways', async () => {
    const launch = { clusterId, recipe: 'hello', launcher: 'slurm' as const };
    const error = await failureOf(open.request('instances.launch', { ...launch, resources: { time: 4 } }));
    expect(error.code).toBe('limit-exceeded');
    expect(error.message).toContain('3 min');

    const app = await launchReady(open, { ...launch, resources: { cpus: 1, memory: 100, time: 2 } });
    // It may be ready by its own files before the scheduler has told of it.
    await open.until('its queue', ({ instances }) =>
      instances.find(({ id, job }) => id === app.id && job?.queue === 'debug'),
    );
    expect(app.route?.kind).toBe('relay');
    expect(app.route?.refused).toEqual(expect.arrayContaining([expect.objectContaining({ kind: 'node' })]));

    const seen = await open.until(
      'who can reach it',
      ({ instances }) => instances.find(({ id }) => id === app.id)?.exposure,
    );
    expect(seen).toMatchObject({
      level: 'only-you',
      text: expect.stringMatching(/^Only you: the folder \/home\/ada/),
    });
    const again = await open.request('instances.exposure', { id: app.id });
    expect(again).toMatchObject({ level: 'only-you', text: seen.text });
    expect(again.checkedAt).toBeGreaterThan(seen.checkedAt);
    await stopApp(open, app.id);
    await untilGone(slurm, ['c1', 'c2'], app.id);
    expect((await failureOf(open.request('instances.exposure', { id: app.id }))).code).toBe('conflict');
    await open.request('instances.remove', { id: app.id });
  });

  test('is let go again', async () => {
    await open.request('clusters.setSite', { id: clusterId, profile: null });
    expect(queues().map(({ name }) => name)).toContain('gpu');
  });

  test.each([
    ['a pipe', 'bad-input', () => execFileSync('mkfifo', [join(folder, 'a pipe')])],
    ['nothing', 'not-found', () => undefined],
    ['large', 'site-invalid', () => writeFileSync(join(folder, 'large'), `site: x\n#${'x'.repeat(65_536)}`)],
  ])('a file that is %s is %s', async (name, code, make) => {
    make();
    expect((await failureOf(open.request('sites.read', { source: join(folder, name) }))).code).toBe(code);
  });

  test('a folder, an unknown name and a relative path are told', async () => {
    expect((await failureOf(open.request('sites.read', { source: folder }))).code).toBe('bad-input');
    const error = await failureOf(open.request('sites.read', { source: 'nowhere' }));
    expect(error.hint).toMatch(/There are: .*slurm-example/);
  });

  test('the command line shows it, takes it over only when told to, and lets it go', async () => {
    const home = mkdtempSync(join(folder, 'home-'));
    const tunel = new Tunel(await bundleCli(), home);
    await tunel.run('clusters', 'add', 'hpc', 'ada@hpc.example');
    const saved = () => readFileSync(join(home, 'tunel-data/clusters.json'), 'utf8');

    expect((await tunel.run('site')).stdout).toMatch(/^htcondor-example +htcondor +Example HTCondor pool$/m);
    const asked = await tunel.run('site', 'import', file, '--cluster', 'hpc');
    expect(asked).toMatchObject({ code: 1, stdout: expect.stringContaining('debug (at most 3 min)') });
    expect(asked.stderr).toContain('Nothing was taken over');
    expect(saved()).not.toContain('Slurm for tests');
    expect(await tunel.run('site', 'import', file, '--cluster', 'hpc', '--yes')).toMatchObject({ code: 0 });
    expect(saved()).toContain('Slurm for tests');
    const removed = await tunel.run('site', 'remove', '--cluster', 'hpc');
    expect(removed).toMatchObject({ code: 0, stderr: expect.stringContaining('hpc follows no profile') });
    expect(saved()).not.toContain('Slurm for tests');
    await tunel.stopEngine();
  });
});
