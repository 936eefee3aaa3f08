import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  clusterOf,
  jobsEver,
  launchReady,
  queuedJobs,
  saveCluster,
  stopApp,
  untilGone,
  untilReady,
  viewOf,
} from '../../helpers/apps.ts';
import { runChild } from '../../helpers/child.ts';
import { type ClusterInfo, cutNetwork, killSessions, restoreNetwork, upCluster } from '../../helpers/clusters.ts';
import { openTestCore, type TestCore } from '../../helpers/core.ts';
import { eventually } from '../../helpers/instance.ts';
import { lateClock } from '../../helpers/late-clock.ts';

const nodes = ['c1', 'c2', 'slogin'];
const hello = { recipe: 'hello', launcher: 'slurm' } as const;

/** Whatever dies, the app goes on where it runs, is found again, and is one job. */
describe('an app survives', () => {
  let slurm: ClusterInfo;
  let open: TestCore;
  let id = '';
  const folders: string[] = [];
  const folder = () => {
    const made = mkdtempSync(join(tmpdir(), 'tunel-recovery-'));
    folders.push(made);
    return made;
  };
  const stateOf = (core: TestCore) => core.state().instances.find((app) => app.id === id)?.state;

  beforeAll(async () => {
    slurm = await upCluster('slurm24');
  });
  afterEach(async () => {
    await restoreNetwork(slurm);
    await stopApp(open, id);
    await untilGone(slurm, nodes, id);
    await open.close();
  });
  afterAll(() => {
    for (const made of folders) rmSync(made, { recursive: true, force: true });
  });

  async function start(): Promise<void> {
    open = await openTestCore();
    ({ id } = await launchReady(open, { ...hello, clusterId: await saveCluster(open, slurm) }));
  }

  test('a killed sshd: a request made meanwhile is answered at the same address', async () => {
    await start();
    const view = viewOf(open, id);
    const before = await pidOf(view);
    const { origin } = view.access;
    expect(await killSessions(slurm, 'slogin')).toBeGreaterThan(0);
    await open.until('reconnecting', () => stateOf(open) === 'reconnecting');
    const held = pidOf(view);
    await untilReady(open, id);
    expect(await held).toBe(before);
    expect(open.core.viewAccess(id).origin).toBe(origin);
    expect(await queuedJobs(slurm, id)).toHaveLength(1);
    expect(await jobsEver(slurm, id)).toBe(1);
    view.close();
  });

  test('a minute without network', async () => {
    await start();
    const view = viewOf(open, id);
    const before = await pidOf(view);
    const cutAt = Date.now();
    await cutNetwork(slurm);
    await open.until('reconnecting', () => stateOf(open) === 'reconnecting');
    const noticed = Date.now() - cutAt;
    const held = pidOf(view);
    await eventually(
      async () => Date.now() - cutAt,
      (passed) => passed >= 60_000,
    );
    await restoreNetwork(slurm);
    const backAt = Date.now();
    await untilReady(open, id);
    console.log(
      `noticed after ${(noticed / 1000).toFixed(0)} s, ready again ${Date.now() - backAt} ms after the network`,
    );
    expect(await held).toBe(before);
    expect(await queuedJobs(slurm, id)).toHaveLength(1);
    expect(await jobsEver(slurm, id)).toBe(1);
    view.close();
  });

  test.each([
    ['while it uploads', 'upload'],
    ['as it submits', 'submit'],
    ['right after it submitted', 'queue'],
    ['when it is ready', 'ready'],
  ] as const)('the death of the core %s', async (_words, dieAt) => {
    const data = folder();
    const died = await runChild({ data, cluster: clusterOf(slurm), launch: hello, dieAt });
    ({ id } = z.object({ id: z.string() }).parse(JSON.parse(died.stdout.split('\n')[0] ?? '')));
    expect(died.code).toBe(-1);

    open = await openTestCore({ data });
    expect(await pidOf(viewOf(open, (await untilReady(open, id)).id))).toBeGreaterThan(0);
    expect(await queuedJobs(slurm, id)).toHaveLength(1);
    expect(await jobsEver(slurm, id)).toBe(1);
  });

  test.each([
    ['while it uploads', 'upload'],
    ['as it submits', 'submit'],
    ['right after it submitted', 'queue'],
  ] as const)('the death of the core %s, noticed after more than two minutes', async (_words, dieAt) => {
    const data = folder();
    const died = await runChild({ data, cluster: clusterOf(slurm), launch: hello, dieAt });
    ({ id } = z.object({ id: z.string() }).parse(JSON.parse(died.stdout.split('\n')[0] ?? '')));
    open = await openTestCore({ data, clock: lateClock(3 * 60_000) });
    await open.until('ready or interrupted', () => ['ready', 'interrupted'].includes(stateOf(open) ?? ''));
    if (stateOf(open) === 'interrupted') {
      expect(dieAt).not.toBe('queue');
      expect(await jobsEver(slurm, id)).toBe(0);
      await open.request('instances.continue', { id });
    }
    expect(dieAt === 'upload' ? stateOf(open) : 'starting').not.toBe('ready');
    await untilReady(open, id);
    expect(await queuedJobs(slurm, id)).toHaveLength(1);
    expect(await jobsEver(slurm, id)).toBe(1);
  });

  test('being opened from another computer', async () => {
    await start();
    const here = await pidOf(viewOf(open, id));
    const other = await openTestCore();
    try {
      const clusterId = await saveCluster(other, slurm);
      await other.request('clusters.connect', { id: clusterId });
      const found = await untilReady(other, id);
      expect(found).toMatchObject({ recipe: 'hello', title: 'Hello', launcher: 'slurm', clusterId });
      expect(await pidOf(viewOf(other, id))).toBe(here);
      expect(other.core.viewAccess(id).secretHeader.value).not.toBe(open.core.viewAccess(id).secretHeader.value);
      expect(await jobsEver(slurm, id)).toBe(1);
    } finally {
      await other.close();
    }
    // The other computer let go of it; here it goes on.
    expect(await pidOf(viewOf(open, id))).toBe(here);
  });
});

/** The app's own process: the same number means the same app. */
async function pidOf(view: ReturnType<typeof viewOf>): Promise<number> {
  const answer = await view.get('/api/facts');
  if (answer.status !== 200) throw new Error(`${answer.status}: ${answer.text.slice(0, 500)}`);
  return z.object({ pid: z.number() }).parse(JSON.parse(answer.text)).pid;
}
