import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../electron/core/clock.ts';
import { findRoute } from '../../../electron/core/routes/routes.ts';
import { createPrompts } from '../../../electron/core/ssh/auth/prompts.ts';
import { createConnections } from '../../../electron/core/ssh/pool/connections.ts';
import type { Connections } from '../../../electron/core/ssh/types.ts';
import { memorySecrets } from '../../../electron/core/storage/secrets.ts';
import { type Cluster, clusterInputSchema } from '../../../electron/shared/clusters.ts';
import { type Instance, resourcesSchema } from '../../../electron/shared/instances.ts';
import { asUser, type ClusterInfo, killSessions, upCluster } from '../../helpers/clusters.ts';
import { testHost } from '../../helpers/engine-host.ts';
import { createRig, logger, type Rig, temporary, writeRecipes } from './rig.ts';

const USER = 'ben';

/** The whole way of an instance through real ssh to a real Slurm. */
describe('instances on a Slurm cluster', () => {
  const recipes = temporary('tunel-recipes-');
  let info: ClusterInfo;
  let data: ReturnType<typeof temporary>;
  let cluster: Cluster;
  let rig: Rig;
  const open: { rig: Rig; connections: Connections }[] = [];
  const folders: ReturnType<typeof temporary>[] = [];
  /** It stays until the rigs that use it are closed. */
  const folder = (prefix: string) => {
    const made = temporary(prefix);
    folders.push(made);
    return made;
  };

  const start = async (path: string): Promise<Rig> => {
    const connections = createConnections({
      clusters: (id) => (id === cluster.id ? cluster : undefined),
      secrets: memorySecrets('a test'),
      prompts: createPrompts({ clock: systemClock, host: testHost }),
      clock: systemClock,
      logger,
      appKnownHostsFile: `${path}/known_hosts`,
      knownHostsFiles: [info.known_hosts],
      defaultKeyFiles: [],
      agentSocket: '',
    });
    const made = await createRig({ connections, findRoute, data: path, recipes: recipes.path, cluster });
    open.push({ rig: made, connections });
    return made;
  };
  const crash = async (which: Rig): Promise<void> => {
    const at = open.findIndex((each) => each.rig === which);
    const [each] = open.splice(at, 1);
    await each?.rig.close();
    await each?.connections.dispose();
  };
  const squeue = async (id: string): Promise<string[]> => {
    const argv = ['squeue', '-h', '-t', 'all', '-n', `tunel-${id}`, '-o', '%T'];
    const { stdout } = await asUser(USER, info, 'slogin', argv);
    return stdout.split('\n').filter((line) => line !== '');
  };
  const small = resourcesSchema.parse({ cpus: 1, memory: 100, time: 10, queue: 'cpu' });

  beforeAll(async () => {
    info = await upCluster('slurm24', 'alone as ben');
    writeRecipes(recipes.path);
    const { address, port } = info.hosts.slogin ?? { address: '', port: 22 };
    const input = clusterInputSchema.parse({
      name: 'Slurm',
      host: address,
      port,
      user: USER,
      methods: ['key'],
      keyFiles: [info.keys[USER]],
    });
    cluster = { ...input, id: 'c1', createdAt: 1, demo: false, site: null };
  });
  afterAll(() => recipes.remove());
  beforeEach(async () => {
    data = folder('tunel-data-');
    rig = await start(data.path);
  });
  afterEach(async () => {
    for (const { rig: each } of open) {
      for (const { id } of each.instances.list()) each.instances.end(id);
      for (const { id } of each.instances.list()) {
        await each.until(id, (now) => now.state === 'ended' || now.state === 'failed');
      }
    }
    for (const { rig: each } of [...open]) await crash(each);
    for (const made of folders.splice(0)) made.remove();
  });

  test('on the login node', async () => {
    const id = rig.launch('web', { launcher: 'login' });
    const begun = Date.now();
    const ready = await rig.untilState(id, 'ready');
    console.info(`login: ready after ${Date.now() - begun} ms`);
    expect(ready).toMatchObject({ launcher: 'login', route: { kind: 'socket' } });
    expect(await rig.isAnswering(id)).toBeNull();
    expect(rig.instances.sshCommand(id)).toMatch(/^ssh -N -L \d+:\/home\/ben\/.tunel\/\w+\/s .*ben@/);
    rig.instances.stop(id);
    expect((await rig.untilState(id, 'ended')).error).toBeNull();
  });

  test('on a compute node, through the queue and a second hop', async () => {
    const id = rig.launch('web', { launcher: 'slurm', resources: small });
    const begun = Date.now();
    const ready = await rig.untilState(id, 'ready');
    const steps = ready.steps.map(({ name, startedAt, endedAt }) => `${name} ${(endedAt ?? 0) - (startedAt ?? 0)}`);
    console.info(`slurm: ready after ${Date.now() - begun} ms: ${steps.join(', ')}`);
    expect(ready).toMatchObject({ launcher: 'slurm', route: { kind: 'node' } });
    // The app's own files may tell that it is ready before the scheduler is asked again.
    await rig.until(id, (now) => now.job?.state === 'running');
    expect(ready.endpoint?.node).toMatch(/^c[12]/);
    expect(await rig.isAnswering(id)).toBeNull();
    expect(rig.instances.sshCommand(id)).toMatch(/ -J ben@[\d.]+:22 ben@c[12]/);
    // What a node wrote is seen elsewhere some seconds later, on a shared file system.
    await expect.poll(async () => (await rig.instances.log(id, -4096)).text).toContain('at last ✓');
    rig.instances.stop(id);
    const ended = await rig.untilState(id, 'ended');
    expect(ended.error).toBeNull();
    expect(await squeue(id)).not.toContain('RUNNING');
    await rig.instances.remove(id);
    await expect(asUser(USER, info, 'slogin', ['ls', `/home/${USER}/.tunel/${id}`])).rejects.toThrow(/No such file/);
  });

  test('held by its user, and released', async () => {
    const id = rig.launch('web', { launcher: 'slurm', resources: { ...small, options: ['--hold'] } });
    await rig.until(id, ({ job }) => job?.state === 'held' && job.heldBy === 'user');
    await rig.instances.release(id);
    await rig.untilState(id, 'ready');
    await rig.until(id, ({ job }) => job?.state === 'running');
    await expect(rig.instances.release(id)).rejects.toMatchObject({ code: 'conflict' });
    rig.instances.stop(id);
    await rig.untilState(id, 'ended');
  });

  test('two side by side, one on each launcher, and a port', async () => {
    const ids = [
      rig.launch('web', { launcher: 'login' }),
      rig.launch('web', { launcher: 'slurm', resources: small }),
      rig.launch('port', { launcher: 'slurm', resources: small }),
    ];
    for (const id of ids) await rig.untilState(id, 'ready');
    for (const id of ids) expect(await rig.isAnswering(id)).toBeNull();
    expect(rig.instances.get(ids[2] ?? '').route?.kind).toBe('node');
  });

  // The deaths before the job runs are told in core/recovery.test.ts, and all steps in local.test.ts.
  test('a crash while its tunnel is opened: taken up again, one job', async () => {
    const id = rig.launch('web', { launcher: 'slurm', resources: small });
    await rig.until(id, (now) => now.steps.some((each) => each.name === 'tunnel' && each.state !== 'todo'));
    await crash(rig);
    const again = await start(data.path);
    again.instances.start();
    await again.untilState(id, 'ready');
    expect(await again.isAnswering(id)).toBeNull();
    expect(await squeue(id)).toEqual(['RUNNING']);
  });

  test('the session is killed on the compute node: a new hop is made', async () => {
    const id = rig.launch('web', { launcher: 'slurm', resources: small });
    const { endpoint } = await rig.untilState(id, 'ready');
    expect(await killSessions(info, endpoint?.node ?? '', USER)).toBeGreaterThan(0);
    const killed = Date.now();
    await expect.poll(() => rig.isAnswering(id)).toBeNull();
    console.info(`new hop ready after ${Date.now() - killed} ms`);
    await rig.untilState(id, 'ready');
  });

  test('refused before anything is sent', async () => {
    const first = rig.launch('dies', { launcher: 'login' });
    await rig.until(first, (now) => now.state === 'failed');
    const launch = (change: Partial<typeof small>) => () =>
      rig.launch('web', { launcher: 'slurm', resources: { ...small, ...change } });
    expect(launch({ queue: 'gold' })).toThrow(
      expect.objectContaining({ code: 'queue-unknown', hint: expect.stringMatching(/cpu/) }),
    );
    expect(launch({ cpus: 5000 })).toThrow(expect.objectContaining({ code: 'limit-exceeded' }));
  });

  test('refused by the scheduler, with its words', async () => {
    const id = rig.launch('web', { launcher: 'slurm', resources: { ...small, account: 'nobody-pays' } });
    const failed = await rig.until(id, (now) => now.state === 'failed');
    expect(failed.error?.code).toBe('account-invalid');
    expect(failed.steps.find((step) => step.state === 'failed')?.name).toBe('submit');
  });

  test('an app that is never ready fails, and nothing is left in the queue', async () => {
    const id = rig.launch('never', { launcher: 'slurm', resources: small });
    const failed = await rig.until(id, (now) => now.state === 'failed');
    expect(failed.error).toMatchObject({ code: 'not-ready', message: expect.stringMatching(/not ready within 4 s/) });
    await expect.poll(() => squeue(id)).not.toContain('RUNNING');
  });

  test('a job that waits says why, and is withdrawn when stopped', async () => {
    const probe = rig.launch('dies', { launcher: 'login' });
    await rig.until(probe, (now) => now.state === 'failed');
    const { stdout } = await asUser(USER, info, 'slogin', ['sinfo', '-h', '-p', 'cpu', '-N', '-o', '%c']);
    const cpusOfNodes = stdout.trim().split('\n').map(Number);
    // One more than there are nodes, and all of each node: one has to wait, whichever comes to the queue last.
    const whole = { ...small, cpus: Math.max(...cpusOfNodes) };
    const crowd = [...cpusOfNodes, 0].map(() => rig.launch('web', { launcher: 'slurm', resources: whole }));
    const states = () => crowd.map((id) => rig.instances.get(id));
    const waits = ({ state, job }: Instance) => state === 'waiting' && (job?.reason ?? '') !== '';
    const running = ({ job }: Instance) => job?.state === 'running';
    await expect
      .poll(() => [states().filter(running).length, states().filter(waits).length])
      .toEqual([cpusOfNodes.length, 1]);
    const waiting = states().find(waits);
    expect(waiting?.steps.find((step) => step.name === 'queue')?.state).toBe('now');
    const id = waiting?.id ?? '';
    rig.instances.stop(id);
    expect((await rig.untilState(id, 'ended')).error).toBeNull();
    expect(await squeue(id)).not.toContain('PENDING');
  });

  test('cancelled behind our back', async () => {
    const id = rig.launch('web', { launcher: 'slurm', resources: small });
    const { job } = await rig.untilState(id, 'ready');
    await asUser(USER, info, 'slogin', ['scancel', job?.id ?? '']);
    const ended = await rig.untilState(id, 'ended');
    expect(ended.job?.state).toBe('cancelled');
  });
});
