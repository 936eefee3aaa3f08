import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { endOwn, launchReady, saveCluster } from '../../helpers/apps.ts';
import { holdClusters } from '../../helpers/cluster-locks.ts';
import { type ClusterInfo, upCluster } from '../../helpers/clusters.ts';
import { openTestCore, type TestCore } from '../../helpers/core.ts';

let info: ClusterInfo;
let open: TestCore;
let clusterId: string;
const files = ['.bashrc', '.bash_profile', 'starts'];
const home = (file: string) => join(info.shared, 'home/ben', file);

beforeAll(async () => {
  await holdClusters(['login'], 'alone as ben');
  info = await upCluster('login', 'alone as ben');
  // Apps that an interrupted run left there would be taken over.
  await rm(home('.tunel'), { recursive: true, force: true });
  await writeFile(home('.bashrc'), 'case $- in *i*) ;; esac\nprintf "r" >>$HOME/starts\nsleep 2\n');
  await writeFile(home('.bash_profile'), 'printf "p" >>$HOME/starts\n. $HOME/.bashrc\n');
  open = await openTestCore();
  const jumps = [{ host: info.hosts.bastion?.address, port: 22, user: 'ben' }];
  clusterId = await saveCluster(open, info, { user: 'ben', jumps, keyFiles: [info.keys.ben] });
});
afterEach(async () => {
  await endOwn(open);
});
afterAll(async () => {
  await open?.close();
  for (const file of files) await rm(home(file), { force: true });
});

const starts = async () => readFile(home('starts'), 'utf8').catch(() => '');
const usage = () => open.request('clusters.usage', { id: clusterId });

const QUIET_MS = Number(process.env.TUNEL_QUIET_SECONDS ?? 20) * 1000;
const TITLE = 'a connection runs start-up files that take 2 s twice, and running apps run them no more';
test(TITLE, { timeout: QUIET_MS + 600_000 }, async () => {
  await open.request('clusters.connect', { id: clusterId });
  const begin = performance.now();
  await open.request('clusters.facts', { id: clusterId });
  const facts = performance.now() - begin;
  const listed = performance.now();
  await open.request('files.list', { clusterId, path: '', nearest: false });
  const list = performance.now() - listed;
  expect(await starts()).toMatch(/^rpr$/);
  expect((await usage()).sessionsStarted).toBe(1);
  console.info(`facts ${Math.round(facts)} ms, list ${Math.round(list)} ms`);

  await open.request('clusters.disconnect', { id: clusterId });
  const { sessionsStarted } = await usage();
  await rm(home('starts'));
  await open.request('clusters.connect', { id: clusterId });
  const again = performance.now();
  await open.request('files.list', { clusterId, path: '', nearest: false });
  const first = performance.now() - again;
  console.info(`first answer of the next connection ${Math.round(first)} ms`);
  expect(first).toBeLessThan(2500);

  const apps = [1, 2, 3, 4, 5].map((number) =>
    launchReady(open, { clusterId, recipe: 'hello', launcher: 'login', args: { greeting: `app ${number}` } }),
  );
  await Promise.all(apps);
  const before = { starts: await starts(), usage: await usage() };
  console.info('with five apps', before);
  expect(before.usage.sessionsStarted - sessionsStarted).toBeLessThanOrEqual(2);
  const end = performance.now() + QUIET_MS;
  await open.until('the quiet time is over', () => performance.now() > end, QUIET_MS + 60_000);
  const after = { starts: await starts(), usage: await usage() };
  console.info(`after ${QUIET_MS / 1000} s`, after);
  expect(after.starts).toBe(before.starts);
  expect(after.usage.sessionsStarted).toBe(before.usage.sessionsStarted);
});
