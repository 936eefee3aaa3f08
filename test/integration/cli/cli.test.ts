import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { StateFollower } from '../../../cli/state-follower.ts';
import { systemClock } from '../../../electron/core/clock.ts';
import { openStorage } from '../../../electron/core/storage/storage.ts';
import { jobsEver, queuedJobs, untilGone } from '../../helpers/apps.ts';
import { bundleCli, Tunel } from '../../helpers/cli.ts';
import { holdClusters } from '../../helpers/cluster-locks.ts';
import { type ClusterInfo, runCommand, upCluster } from '../../helpers/clusters.ts';
import { fixtureInstance } from '../../helpers/fixtures/parts.ts';
import { eventually } from '../../helpers/instance.ts';

const appSchema = z.object({
  id: z.string(),
  state: z.string(),
  recipe: z.string(),
  launcher: z.string(),
  job: z.object({ id: z.string(), node: z.string() }).nullable(),
});
const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.string(), hint: z.string() }) });

const endedId = (number: number) => `old${String(number).padStart(4, '0')}xyz`;

/** So many ended apps, each fifth of them failed, in the database of a data directory. */
async function writeHistory(data: string, count: number): Promise<void> {
  const storage = openStorage(data, systemClock);
  for (let number = 0; number < count; number += 1) {
    const at = 1_700_000_000_000 + number * 60_000;
    const ended = { createdAt: at, endedAt: at + 30_000, recipe: 'hello', clusterId: 'gone', clusterName: 'hpc' };
    const instance = fixtureInstance({
      ...ended,
      id: endedId(number),
      title: `App ${number}`,
      state: number % 5 === 0 ? 'failed' : 'ended',
      job: null,
      notes: [{ label: 'Version', value: '1.0', secret: false }],
      logTail: `the log of ${number}\n`,
    });
    storage.saveInstance({ instance, removed: false });
  }
  await storage.close();
}

describe('tunel', () => {
  let login: ClusterInfo;
  let slurm: ClusterInfo;
  let home = '';
  let tunel: Tunel;

  beforeAll(async () => {
    await holdClusters(['login', 'slurm24'], 'shared');
    [login, slurm] = await Promise.all([upCluster('login'), upCluster('slurm24')]);
    home = mkdtempSync(join(tmpdir(), 'tunel-cli-'));
    tunel = new Tunel(await bundleCli(), home);
  });
  afterAll(async () => {
    await tunel?.stopEngine();
    rmSync(home, { recursive: true, force: true });
  });
  afterEach(async () => {
    // Whatever a command did, its processes are gone with it; an engine in the background serves the next command.
    expect(await tunel.commandProcesses()).toBe('');
    if (tunel.isEngineHosted) expect(await tunel.engineProcesses()).toBe('');
  });

  const address = (info: ClusterInfo, node: string) => `ada@${info.hosts[node]?.address}`;
  const apps = async () => z.array(appSchema).parse(await tunel.json('ps'));

  describe('saves clusters', () => {
    test('add, list, test, remove', async () => {
      expect((await tunel.run('clusters', 'list')).stdout.trim()).toMatch(/^NAME +ADDRESS +THROUGH +LAUNCHER$/);
      const keys = ['--key', slurm.keys.ada ?? '', '--known-hosts', slurm.known_hosts];
      const added = await tunel.run('clusters', 'add', 'slurm24', address(slurm, 'slogin'), ...keys);
      expect(added).toMatchObject({ code: 0, stderr: expect.stringContaining('Saved slurm24.') });
      const twice = await tunel.run('clusters', 'add', 'slurm24', address(slurm, 'slogin'));
      expect(twice).toMatchObject({ code: 1, stderr: expect.stringContaining('already') });
      const bad = await tunel.run('clusters', 'add', 'x', 'ada@host name', '--json');
      expect(bad.code).toBe(2);
      expect(errorSchema.parse(JSON.parse(bad.stdout)).error.code).toBe('bad-input');

      const tested = z
        .object({
          loginNode: z.string(),
          socketForwarding: z.boolean(),
          launchers: z.array(z.object({ name: z.string() })),
        })
        .parse(await tunel.json('clusters', 'test', 'slurm24'));
      expect(tested).toMatchObject({ loginNode: 'slogin', socketForwarding: true });
      expect(tested.launchers.map(({ name }) => name)).toEqual(['login', 'slurm']);

      await tunel.run('clusters', 'add', 'other', 'ada@other.invalid');
      expect((await tunel.run('clusters', 'remove', 'other')).code).toBe(0);
      const { stdout } = await tunel.run('clusters');
      expect(stdout).toContain('slurm24');
      expect(stdout).not.toContain('other');
      const gone = await tunel.run('clusters', 'test', 'other');
      expect(gone).toMatchObject({ code: 1, stderr: expect.stringContaining('There are: slurm24') });
    });

    test('doctor says what works on a cluster that it signs in to, and fails for one that cannot be reached', async () => {
      await tunel.run('clusters', 'add', 'nowhere', 'ada@127.0.0.1:1');
      const found = z
        .array(z.object({ subject: z.string(), check: z.string(), result: z.string(), text: z.string() }))
        .parse(await tunel.json('doctor', 'slurm24'));
      const of = (check: string) => found.find((each) => each.subject === 'slurm24' && each.check === check);
      expect(of('connection')).toMatchObject({ result: 'ok', text: expect.stringContaining('as ada') });
      expect(of('scheduler')).toMatchObject({ result: 'ok', text: expect.stringContaining('slurm 24') });
      expect(found.filter(({ subject }) => subject === 'This computer').length).toBeGreaterThan(4);
      const failed = await tunel.run('doctor', 'nowhere');
      expect(failed).toMatchObject({ code: 1, stdout: expect.stringMatching(/FAIL {2}connection: .+\n {8}\S/) });
      await tunel.run('clusters', 'remove', 'nowhere');
    });

    test('each of several at a time', async () => {
      const names = Array.from({ length: 8 }, (_, index) => `parallel-${index}`);
      const added = await Promise.all(names.map((name) => tunel.run('clusters', 'add', name, 'ada@none.invalid')));
      expect(added.map(({ code }) => code)).toEqual(names.map(() => 0));
      const saved = z.array(z.object({ name: z.string() })).parse(await tunel.json('clusters'));
      expect(saved.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
      await Promise.all(names.map((name) => tunel.run('clusters', 'remove', name)));
      expect((await tunel.run('clusters')).stdout).not.toContain('parallel-');
    });

    test('import from the SSH configuration, jump host and all', async () => {
      mkdirSync(join(home, '.ssh'), { mode: 0o700 });
      writeFileSync(
        join(home, '.ssh/config'),
        `Host bast\n  HostName ${login.hosts.bastion?.address}\n  User ada\nHost login\n  User ada\n  ProxyJump bast\nHost *\n  UserKnownHostsFile ${login.known_hosts}\n  PubkeyAuthentication no\n`,
      );
      const saved = await tunel.json('clusters', 'import', 'login');
      expect(saved).toMatchObject({ name: 'login', user: 'ada', jumps: [{ host: login.hosts.bastion?.address }] });
    });
  });

  describe('asks on the terminal', () => {
    test('for the password of each hop, without showing it', async () => {
      const done = await tunel.onTerminal(
        ['clusters', 'test', 'login'],
        [
          ['assword', 'ada-secret\r'],
          ['assword', 'ada-secret\r'],
        ],
      );
      expect(done.stdout).toContain('login works: login,');
      expect(done.stdout).not.toContain('ada-secret');
      expect(done.code).toBe(0);
    });

    test('and Ctrl-C at the question ends it', async () => {
      const done = await tunel.onTerminal(['clusters', 'test', 'login'], [['assword', '\x03']]);
      expect(done.code).toBe(130);
      expect(done.stdout).toMatch(/Interrupted/);
    });

    test('and the question closes when another client answers it', async ({ skip }) => {
      if (tunel.isEngineHosted) skip('an engine inside a command has no other client');
      const follower = new StateFollower(tunel.client(), { answersPrompts: true, onNextEngine: async () => {} });
      await follower.start();
      const command = tunel.startOnTerminal('clusters', 'test', 'login');
      const answer = { kind: 'secret', value: 'ada-secret', remember: false } as const;
      for (const hop of [1, 2]) {
        await eventually(
          async () => command.output(),
          (shown) => shown.split('assword').length > hop,
        );
        const { id = '' } = follower.state.prompts[0] ?? {};
        await tunel.client().request('prompts.answer', { id, answer });
      }
      expect(await command.ended).toBe(0);
      follower.close();
      expect(command.output().split('The question was answered elsewhere.').length).toBe(3);
      expect(command.output()).toContain('login works: login,');
    });

    test('and says so where there is none', async () => {
      const done = await tunel.run('clusters', 'test', 'login');
      expect(done.code).toBe(3);
      expect(done.stderr).toContain('nobody can be asked here');
    });
  });

  describe('knows recipes', () => {
    test('list-apps and info', async () => {
      const { stdout, code } = await tunel.run('list-apps');
      expect(code).toBe(0);
      for (const name of ['hello', 'jupyter', 'flask', 'django']) expect(stdout).toMatch(new RegExp(`^${name} `, 'm'));
      const info = await tunel.json('info', 'jupyter');
      const launchers = ['slurm', 'htcondor', 'gridengine', 'pbs', 'lsf', 'login'];
      expect(info).toMatchObject({ name: 'jupyter', launchers, serve: { listen: 'socket' } });
    });

    test('render gives the script, its context and the folder of its includes', async () => {
      const rendered = z
        .object({ context: z.record(z.string(), z.unknown()), includes: z.string(), script: z.string() })
        .parse(await tunel.json('render', 'hello', '--greeting=it\'s $(id) "x"\nü'));
      expect(rendered.script).toContain(`--greeting 'it'\\''s $(id) "x"\nü'`);
      expect(rendered.includes).toMatch(/recipes\/templates/);
      expect((await tunel.run('render', 'hello')).stdout).toBe(`${rendered.script.replace(/'it[\s\S]*ü'/, 'Hello')}\n`);
    });

    test('an unknown one is an error with the choices', async () => {
      const plain = await tunel.run('render', 'jupiter');
      expect(plain.code).toBe(1);
      expect(plain.stderr).toContain('jupiter');
      const { stdout, code } = await tunel.run('render', 'jupiter', '--json');
      expect(code).toBe(1);
      expect(errorSchema.parse(JSON.parse(stdout)).error.hint).toContain('jupyter');
      expect((await tunel.run('no-such-command')).code).toBe(2);
    });
  });

  test('runs an app on the demo cluster, shows, opens and stops it', async () => {
    const run = await tunel.run('run-app', 'demo', 'hello', '--greeting=Hi there', '--wait');
    expect(run.stderr).toMatch(/✓ ready /);
    expect(run.code).toBe(0);
    const [app] = await apps();
    expect(app).toMatchObject({ state: 'ready', recipe: 'hello', launcher: 'login' });
    const id = app?.id ?? '';
    expect((await tunel.run('ps')).stdout).toMatch(new RegExp(`^${id} +Hello +demo +ready`, 'm'));
    expect((await tunel.run('logs', id.slice(0, 4))).stdout).toContain('Listening on');

    const open = await tunel.start('open', id, '--print');
    const jar = join(home, 'jar');
    const curl = (url: string, ...more: string[]) =>
      runCommand('curl', ['-s', '-L', '-w', '\n%{http_code}', '-b', jar, '-c', jar, ...more, url]);
    const page = await curl(open.firstLine);
    expect(page.stdout).toContain('Hi there');
    expect(page.stdout).toMatch(/\n200$/);
    const { origin } = new URL(open.firstLine);
    expect((await curl(`${origin}/api/facts`)).stdout).toMatch(/"node".*\n200$/s);
    rmSync(jar);
    expect((await curl(open.firstLine)).stdout).toMatch(/\n403$/);
    expect((await curl(`${origin}/`)).stdout).toMatch(/\n403$/);
    open.child.kill('SIGINT');
    expect(await open.ended).toBe(130);

    expect(await tunel.json('stop-app', id)).toMatchObject({ id, state: 'ended', error: null });
    expect((await tunel.run('ps')).stdout).toMatch(new RegExp(`^${id} +Hello +demo +ended`, 'm'));
    expect((await tunel.run('open', id, '--print')).code).toBe(1);
    expect((await runCommand('pgrep', ['-af', 'hello[.]py'], { check: false })).stdout).not.toContain(home);
  });

  test('follows a log to the byte over the death of its engine', async ({ skip }) => {
    if (tunel.isEngineHosted) skip('the engine is the command');
    const { id } = appSchema.parse(await tunel.json('run-app', 'demo', 'hello', '--wait'));
    const follow = await tunel.start('logs', '-f', id);
    const address = readFileSync(join(home, 'tunel-data/engine.json'), 'utf8');
    process.kill(z.object({ pid: z.number() }).parse(JSON.parse(address)).pid, 'SIGKILL');
    expect(await tunel.json('api-get', '--app', id, '/api/facts')).toMatchObject({ status: 200 });
    await eventually(
      async () => follow.output(),
      (shown) => shown.includes('/api/facts'),
    );
    const terminated = await tunel.start('logs', '-f', id);
    terminated.child.kill('SIGTERM');
    expect(await terminated.ended).toBe(143);
    follow.child.kill('SIGINT');
    expect(await follow.ended).toBe(130);
    expect(follow.output()).toBe((await tunel.run('logs', id)).stdout);
    expect((await tunel.run('stop-app', id)).code).toBe(0);
  });

  test('follows a log over masked secrets, and ends when its engine is stopped', async ({ skip }) => {
    if (tunel.isEngineHosted) skip('the engine is the command');
    const { id } = appSchema.parse(await tunel.json('run-app', 'demo', 'hello', '--wait'));
    const directory = join(home, 'tunel-data/demo/home/.tunel', id);
    const file = join(directory, 'log');
    const token = readFileSync(join(directory, 'secret'), 'utf8').trim();
    expect(token.length).toBeGreaterThan(Buffer.byteLength('••••••'));
    const follow = await tunel.start('logs', '-f', id);
    appendFileSync(file, `first ${token}\n`);
    await eventually(
      async () => follow.output(),
      (shown) => shown.includes('first ••••••\n'),
    );
    const address = readFileSync(join(home, 'tunel-data/engine.json'), 'utf8');
    process.kill(z.object({ pid: z.number() }).parse(JSON.parse(address)).pid, 'SIGKILL');
    appendFileSync(file, 'second\n');
    await eventually(
      async () => follow.output(),
      (shown) => shown.endsWith('second\n'),
    );
    expect(follow.output()).toBe(readFileSync(file, 'utf8').replaceAll(token, '••••••'));
    expect((await tunel.run('engine', 'stop', '--force')).code).toBe(0);
    expect(await follow.ended).toBe(1);
    expect(follow.errors()).toContain('The engine was stopped.');
    expect(existsSync(join(home, 'tunel-data/engine.json'))).toBe(false);
    expect((await tunel.run('stop-app', id)).code).toBe(0);
  });

  test('finds apps that ps lists no more', async () => {
    const own = mkdtempSync(join(tmpdir(), 'tunel-cli-history-'));
    const other = new Tunel(await bundleCli(), own);
    try {
      await writeHistory(other.dataDirectory, 60);
      const listed = z.array(appSchema).parse(await other.json('ps'));
      expect(listed.map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, index) => endedId(59 - index)));

      const table = await other.run('history', '--limit', '55');
      expect(table.stdout.trim().split('\n')).toHaveLength(56);
      expect(table.stdout).toMatch(/^ID +APP +CLUSTER +STATE +JOB +NODE +LAUNCHED\n/);
      expect(table.stdout).toMatch(new RegExp(`^${endedId(5)} +App 5 +hpc +failed +[0-9-]{10} [0-9:]{5}$`, 'm'));
      expect(table.stderr).toContain('There are older ones');
      const all = await other.run('history', '--limit', '500');
      expect(all.stdout.trim().split('\n')).toHaveLength(61);
      expect(all.stderr).toBe('');
      const found = z.array(appSchema).parse(await other.json('history', '--text', 'app old005', '--state', 'failed'));
      expect(found.map(({ id }) => id)).toEqual([endedId(55), endedId(50)]);
      expect(await other.json('history', '--recipe', 'jupyter', '--since', '2001-01-01')).toEqual([]);
      expect((await other.run('history', '--cluster', 'hpc')).stderr).toContain('There is no cluster “hpc”');

      expect((await other.run('logs', 'old0003')).stdout).toBe('the log of 3\n');
      expect((await other.run('logs', '-f', endedId(3))).stdout).toBe('the log of 3\n');
      expect((await other.run('notes', endedId(3))).stdout).toContain('Version');
      expect((await other.run('logs', 'old000')).stderr).toContain('fits several apps');
      expect((await other.run('logs', 'old9')).stderr).toContain('There is no app “old9”');
      expect(await other.json('stop-app', endedId(3))).toMatchObject({ id: endedId(3), state: 'ended' });
      expect(await other.run('continue', endedId(3))).toMatchObject({ code: 0, stderr: 'App 3 is ended.\n' });
      expect((await other.run('forget', endedId(3))).stderr).toContain('was not interrupted');
      expect((await other.run('open', endedId(3), '--print')).stderr).toContain('is ended');
      expect((await other.run('exec', '--app', endedId(3), '--', 'true')).stderr).toContain('has ended');
    } finally {
      await other.stopEngine();
      rmSync(own, { recursive: true, force: true });
    }
  });

  test("runs JupyterLab on a compute node, in Tunel's spelling", async () => {
    const run = await tunel.run(
      'run-app',
      'slurm24',
      'slurm/socket/jupyter',
      '--interface=lab',
      '--wait',
      '--memory=400',
    );
    expect(run.stderr).toMatch(/✓ tunnel .* socket through c[12]/);
    expect(run.code).toBe(0);
    const app = (await apps()).find(({ recipe }) => recipe === 'jupyter');
    const id = app?.id ?? '';
    expect(app).toMatchObject({ state: 'ready', launcher: 'slurm', job: { node: expect.stringMatching(/^c[12]$/) } });
    expect((await tunel.run('logs', id)).stdout).toContain('Jupyter Server');
    expect(await queuedJobs(slurm, id)).toEqual([app?.job?.id]);
    const inUse = await tunel.run('clusters', 'remove', 'slurm24');
    expect(inUse).toMatchObject({ code: 1, stderr: expect.stringContaining('still run') });

    const stopped = await tunel.run('stop-app', id);
    expect(stopped).toMatchObject({ code: 0, stderr: expect.stringContaining('has ended') });
    await untilGone(slurm, ['c1', 'c2', 'slogin'], id);
    expect(await jobsEver(slurm, id)).toBe(1);
  });

  test('a launch that fails says why, and is exit code 1', async () => {
    const queue = await tunel.run('run-app', 'slurm24', 'hello', '--launcher=slurm', '--queue=nope', '--json');
    expect(queue.code).toBe(1);
    expect(errorSchema.parse(JSON.parse(queue.stdout)).error).toMatchObject({ code: 'queue-unknown' });
    const none = await tunel.run('run-app', 'nowhere', 'hello');
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no cluster “nowhere”') });
    const cpus = await tunel.run('run-app', 'slurm24', 'hello', '--cpus=many');
    expect(cpus).toMatchObject({ code: 2, stderr: 'Error: --cpus takes a number, not “many”.\n' });
    expect((await tunel.run('stop-app', 'zzzz')).stderr).toContain('There is no app “zzzz”');
  });
});
