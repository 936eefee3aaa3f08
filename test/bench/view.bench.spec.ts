import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from '@playwright/test';
import { z } from 'zod';
import { appPage } from '../../electron/security/app-origin.ts';
import { clusterInputSchema } from '../../electron/shared/clusters.ts';
import { eventually } from '../helpers/instance.ts';
import { answers, cpuOf, freePort, median, Rig } from './distance/rig.ts';
import { copyApp, writeRecipe } from './view/app-copy.ts';
import { ElectronProcess } from './view/electron-process.ts';

/**
 * A page in a view of the real app compared with the same page in a plain Electron window through `ssh -L`, in turns within one
 * run. `npm run build` makes what it measures. Run by: npx playwright test --config test/bench/playwright.config.ts view
 * `BENCH_DELAYS` (0,20,80), `BENCH_ROUNDS` (3), `BENCH_SETTLE`: seconds that the engine
 * idles before (25, after which V8 has done what it does to an idle heap), `BENCH_PROFILE`: a folder for profiles of the engine,
 * `BENCH_BODY`: `blob` for uploads of a Blob instead of an array of bytes.
 */
const DELAYS = (process.env.BENCH_DELAYS ?? '0,20,80').split(',').map(Number);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const DOWNLOAD_MB: Record<number, number> = { 0: 300, 20: 200, 80: 150 };
const UPLOAD_MB = 20;
const IS_BLOB = process.env.BENCH_BODY === 'blob';

interface Side {
  name: 'ssh' | 'view';
  /** Chromium gives a page that nobody sees less. */
  show(): Promise<unknown>;
  electron: ElectronProcess;
  origin: string;
  pid: number;
}

let rig: Rig;
/** On the cluster. */
let home = '';
let app: ElectronProcess;
let enginePid = 0;
const plain: ElectronProcess[] = [];
const instances: string[] = [];
const sides = new Map<number, Side[]>();

const probeSocket = () => join(rig.folder, 'probe');

const delaySchema = z.object({
  p99: z.number(),
  busy: z.number(),
  collections: z.object({ full: z.number(), count: z.number(), ms: z.number() }),
});

/** Asks the probe in the engine's process. */
function probe(action: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    request({ socketPath: probeSocket(), path: `/${action}` }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      response.once('end', () => resolve(JSON.parse(text)));
    })
      .once('error', reject)
      .end();
  });
}

const invoke = (name: string, input: unknown) =>
  app.inPage(appPage, `window.tunel.invoke(${JSON.stringify(name)}, ${JSON.stringify(input)})`);

test.beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'tunel-bench-'));
  rig = await Rig.start(DELAYS, [`SetEnv HOME=${home}`]);
  const recipes = writeRecipe(rig.folder, await rig.childFile());
  const data = join(rig.folder, 'data');
  app = await ElectronProcess.start([`--user-data-dir=${join(rig.folder, 'chromium')}`, copyApp(rig.folder)], {
    TUNEL_DATA_DIR: data,
    TUNEL_BENCH_PROBE: probeSocket(),
    TUNEL_BENCH_PROFILES: process.env.BENCH_PROFILE ?? '',
  });
  await invoke('settings.save', { recipeFolders: [recipes] });
  enginePid = Number(
    await app.evaluate(
      `return require('electron').app.getAppMetrics().find((each) => [each.name, each.serviceName].includes('Tunel engine')).pid`,
    ),
  );
  for (const delay of DELAYS) sides.set(delay, [await openPlain(delay), await openView(delay)]);
  await sleep(Number(process.env.BENCH_SETTLE ?? 25) * 1000);
});

test.afterAll(async () => {
  for (const id of instances) await invoke('instances.end', { id });
  for (const each of plain) await each.close();
  await app?.close();
  await rig?.dispose();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

async function openPlain(delay: number): Promise<Side> {
  const port = await freePort();
  const forward: ChildProcess = rig.ssh('-N', '-L', `127.0.0.1:${port}:${rig.webSocket}`, `delay${delay}`);
  await eventually(
    () => answers(port),
    (isUp) => isUp,
  );
  const origin = `http://127.0.0.1:${port}`;
  const folder = join(import.meta.dirname, 'view/plain-window');
  const electron = await ElectronProcess.start([`--user-data-dir=${join(rig.folder, `plain${delay}`)}`, folder], {
    BENCH_URL: `${origin}/`,
  });
  plain.push(electron);
  return { name: 'ssh', show: async () => undefined, electron, origin, pid: forward.pid ?? 0 };
}

async function openView(delay: number): Promise<Side> {
  const input = clusterInputSchema.parse({
    name: `delay${delay}`,
    host: '127.0.0.1',
    port: rig.port(delay),
    user: rig.user,
    methods: ['key'],
    keyFiles: [rig.keyFile],
    knownHostsFile: rig.knownHosts,
  });
  const { id: clusterId } = (await invoke('clusters.save', { input })) as { id: string };
  const { id } = (await invoke('instances.launch', { clusterId, recipe: 'bench' })) as { id: string };
  instances.push(id);
  await eventually(
    async () => {
      const { state } = (await invoke('app.state', undefined)) as {
        state: { instances: { id: string; state: string; error: { message: string } | null }[] };
      };
      const instance = state.instances.find((each) => each.id === id);
      if (instance?.error) throw new Error(instance.error.message);
      return instance?.state;
    },
    (state) => state === 'ready',
  );
  const show = () => invoke('views.open', { instanceId: id });
  await show();
  return { name: 'view', show, electron: app, origin: `https://${id}.apps.internal`, pid: enginePid };
}

const inSide = ({ electron, origin }: Side, script: string) =>
  electron.inPage(`${origin}/`, `(async () => {${script}})()`);

async function download(side: Side, megabytes: number): Promise<number> {
  const ms = await inSide(
    side,
    `const begin = performance.now();
    const { body } = await fetch('/bytes?${megabytes * 1e6}');
    const reader = body.getReader();
    let bytes = 0;
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      bytes += value.length;
    }
    if (bytes !== ${megabytes * 1e6}) throw new Error(bytes + ' bytes came');
    return performance.now() - begin;`,
  );
  return megabytes / (Number(ms) / 1000);
}

async function upload(side: Side, megabytes: number): Promise<number> {
  const ms = await inSide(
    side,
    `const bytesToSend = new Uint8Array(${megabytes * 1e6});
    const body = ${IS_BLOB} ? new Blob([bytesToSend]) : bytesToSend;
    const begin = performance.now();
    const answer = await fetch('/upload', { method: 'POST', body });
    const ms = performance.now() - begin;
    const bytes = Number(await answer.text());
    if (bytes !== bytesToSend.length) throw new Error(bytes + ' bytes arrived');
    return ms;`,
  );
  return megabytes / (Number(ms) / 1000);
}

let pages = 0;

/** A page of 100 assets in a frame, until it is loaded, ms. */
async function loadPage(side: Side): Promise<number> {
  pages += 1;
  const ms = await inSide(
    side,
    `const frame = document.createElement('iframe');
    const begin = performance.now();
    await new Promise((resolve) => {
      frame.onload = resolve;
      frame.src = '/page?${pages}';
      document.body.append(frame);
    });
    const ms = performance.now() - begin;
    frame.remove();
    return ms;`,
  );
  return Number(ms);
}

const format = (value: number) => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);

function report(what: string, unit: string, seen: Record<Side['name'], number[]>): void {
  const [ssh, ours] = [median(seen.ssh), median(seen.view)];
  console.log(
    `${what}: ssh -L ${format(ssh)} ${unit} (${seen.ssh.map(format).join(' ')}), view ${format(ours)} (${seen.view.map(format).join(' ')}), ratio ${(ours / ssh).toFixed(2)}`,
  );
}

interface Cost {
  /** The engine, or the ssh client. */
  client: number;
  network: number;
  pages: number;
}

/** Processor time so far, s. */
async function costOf({ electron, pid }: Side): Promise<Cost> {
  const metrics = z
    .array(z.object({ pid: z.number(), type: z.string(), serviceName: z.string() }))
    .parse(
      await electron.evaluate(
        `return require('electron').app.getAppMetrics().map(({ pid, type, serviceName = '' }) => ({ pid, type, serviceName }))`,
      ),
    );
  const sum = (pids: { pid: number }[]) => pids.reduce((seconds, each) => seconds + cpuOf(each.pid), 0);
  return {
    client: cpuOf(pid),
    network: sum(metrics.filter(({ serviceName }) => serviceName === 'network.mojom.NetworkService')),
    pages: sum(metrics.filter(({ type }) => type === 'Tab')),
  };
}

/** How late the event loops of the app are meanwhile. */
async function watchLoops<T>(act: () => Promise<T>): Promise<{ value: T; seen: string }> {
  await probe('reset');
  if (process.env.BENCH_PROFILE) await probe('profile');
  await app.evaluate(
    `globalThis.loopDelay ??= require('perf_hooks').monitorEventLoopDelay({ resolution: 1 }); loopDelay.reset(); loopDelay.enable();`,
  );
  const value = await act();
  const { p99, busy, collections } = delaySchema.parse(await probe('delay'));
  const window = z.number().parse(await app.evaluate('loopDelay.disable(); return loopDelay.percentile(99) / 1e6;'));
  if (process.env.BENCH_PROFILE) await probe('end-profile');
  const collected = `${collections.count} collections, ${collections.full} full, ${format(collections.ms)} ms`;
  return {
    value,
    seen: `engine p99 ${format(p99)}, busy ${busy.toFixed(2)}, ${collected}; window p99 ${format(window)}`,
  };
}

/** In turns, with the processor time of each part, s/GB. */
async function compare(
  what: string,
  unit: string,
  megabytes: number,
  delay: number,
  act: (side: Side) => Promise<number>,
) {
  const seen = { ssh: [] as number[], view: [] as number[] };
  const costs = { ssh: [] as Cost[], view: [] as Cost[] };
  const loops: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const side of sides.get(delay) ?? []) {
      await side.show();
      const before = await costOf(side);
      if (side.name === 'view') {
        const watched = await watchLoops(() => act(side));
        loops.push(watched.seen);
        seen.view.push(watched.value);
      } else seen.ssh.push(await act(side));
      const after = await costOf(side);
      const spent = (part: keyof Cost) => (after[part] - before[part]) / (megabytes / 1000);
      costs[side.name].push({ client: spent('client'), network: spent('network'), pages: spent('pages') });
    }
  }
  report(`${what}, ${delay} ms`, unit, seen);
  for (const part of ['client', 'network', 'pages'] as const) {
    const of = (name: Side['name']) => costs[name].map((cost) => cost[part]);
    if (megabytes > 0) report(`  ${part}`, 's/GB', { ssh: of('ssh'), view: of('view') });
  }
  console.log(`  loops, ms: ${loops.join('\n    ')}\n  load ${loadavg()[0]?.toFixed(1)}`);
}

for (const delay of DELAYS) {
  test(`download, ${delay} ms`, async () => {
    const megabytes = DOWNLOAD_MB[delay] ?? 100;
    await compare('download', 'MB/s', megabytes, delay, (side) => download(side, megabytes));
  });
  test(`page of 100 assets, ${delay} ms`, async () => {
    await compare('page', 'ms', 0, delay, loadPage);
  });
  test(`upload of ${UPLOAD_MB} MB, ${delay} ms`, async () => {
    await compare('upload', 'MB/s', UPLOAD_MB, delay, (side) => upload(side, UPLOAD_MB));
  });
}

test('the tenth upload in a view that has loaded much', async () => {
  for (const side of sides.get(0) ?? []) {
    await side.show();
    const rates = [await upload(side, UPLOAD_MB)];
    for (let page = 0; page < 10; page += 1) await loadPage(side);
    for (let file = 0; file < 10; file += 1) await download(side, 100);
    for (let count = 2; count <= 10; count += 1) rates.push(await upload(side, UPLOAD_MB));
    console.log(
      `uploads, ${side.name}: ${rates.map(format).join(' ')} MB/s, tenth to first ${((rates[9] ?? 0) / (rates[0] ?? 1)).toFixed(2)}`,
    );
  }
});
