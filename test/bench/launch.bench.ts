import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { clusterInputSchema } from '../../electron/shared/clusters.ts';
import type { Instance } from '../../electron/shared/instances.ts';
import { endOwn, launchReady } from '../helpers/apps.ts';
import { openTestCore, type TestCore } from '../helpers/core.ts';
import { median, Rig } from './distance/rig.ts';

/**
 * From the request to the ready app, over a connection that is open, without what the app needs by itself: a page that starts
 * at once on the login launcher writes down when its script began and when it listened. Needs openssh-server on this
 * machine. `BENCH_ROUNDS`: 5 unless given.
 */
const DELAYS = [0, 80];
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);

const APP = `import { createServer } from 'node:http';
import { writeFileSync } from 'node:fs';
createServer((request, response) => response.end('ready')).listen(process.env.TUNEL_SOCKET, () => {
  writeFileSync(process.env.TUNEL_DIR + '/times', process.env.BEGUN + ' ' + Date.now());
});
`;

let rig: Rig;
let open: TestCore;
let home = '';
let recipes = '';
const clusters = new Map<number, string>();

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'tunel-bench-home-'));
  recipes = mkdtempSync(join(tmpdir(), 'tunel-bench-recipes-'));
  const folder = join(recipes, 'page');
  mkdirSync(join(folder, 'files'), { recursive: true });
  writeFileSync(
    join(folder, 'app.yaml'),
    'launcher: login\nlaunchers_supported: [login]\nscript: run.sh\ndescription: a page\nserve:\n  listen: socket\n  path: /\n  ready: { path: / }\n',
  );
  writeFileSync(
    join(folder, 'run.sh'),
    `#!/bin/sh\nBEGUN=$(date +%s%3N)\nexport BEGUN\nexec ${process.execPath} "$TUNEL_DIR/files/app.mjs"\n`,
  );
  writeFileSync(join(folder, 'files/app.mjs'), APP);
  chmodSync(join(folder, 'run.sh'), 0o755);
  rig = await Rig.start(DELAYS, [`SetEnv HOME=${home}`]);
  open = await openTestCore();
  await open.request('settings.save', { recipeFolders: [recipes] });
  for (const delay of DELAYS) {
    const input = clusterInputSchema.parse({
      name: `delay${delay}`,
      host: '127.0.0.1',
      port: rig.port(delay),
      user: rig.user,
      methods: ['key'],
      keyFiles: [rig.keyFile],
      knownHostsFile: rig.knownHosts,
    });
    clusters.set(delay, (await open.request('clusters.save', { input })).id);
  }
}, 120_000);
afterAll(async () => {
  if (open) await endOwn(open);
  await open?.close();
  await rig?.dispose();
  for (const folder of [home, recipes]) rmSync(folder, { recursive: true, force: true });
});

const stepsOf = ({ steps }: Instance) =>
  steps.map(({ name, startedAt, endedAt }) => `${name} ${(endedAt ?? 0) - (startedAt ?? 0)}`).join(', ');

/** The time of one launch beyond the app's own, ms. */
async function launch(clusterId: string): Promise<{ beyond: number; own: number; steps: string }> {
  const begin = Date.now();
  const { id } = await launchReady(open, { clusterId, recipe: 'page', launcher: 'login' });
  const instance = open.state().instances.find((each) => each.id === id);
  if (!instance?.readyAt) throw new Error('It is not ready.');
  const [begun = 0, listening = 0] = readFileSync(join(instance.directory, 'times'), 'utf8').split(' ').map(Number);
  const own = listening - begun;
  return { beyond: instance.readyAt - begin - own, own, steps: stepsOf(instance) };
}

describe('launch to ready', () => {
  it.each(DELAYS)('%i ms', { timeout: 600_000 }, async (delay) => {
    const clusterId = clusters.get(delay) ?? '';
    const first = await launch(clusterId);
    console.log(`first connection, ${delay} ms: ${first.beyond} ms beyond the app's ${first.own} ms (${first.steps})`);
    for (const kind of ['no other app', 'beside another app']) {
      const runs: Awaited<ReturnType<typeof launch>>[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        if (kind === 'no other app') await endOwn(open);
        runs.push(await launch(clusterId));
      }
      const beyond = runs.map((run) => run.beyond);
      const steps = runs.find((run) => run.beyond === median(beyond))?.steps;
      const own = Math.round(median(runs.map((run) => run.own)));
      console.log(
        `${kind}, ${delay} ms: ${median(beyond)} ms (${Math.min(...beyond)} to ${Math.max(...beyond)}) beyond the app's ${own} ms (${steps})`,
      );
    }
    await endOwn(open);
  });
});
