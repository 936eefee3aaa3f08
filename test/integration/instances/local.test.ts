import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../electron/core/clock.ts';
import type { Launcher } from '../../../electron/core/launchers/common/launcher.ts';
import { launchers } from '../../../electron/core/launchers/index.ts';
import { findRoute } from '../../../electron/core/routes/routes.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { runTime } from '../../../electron/shared/instance-policy.ts';
import { lateClock } from '../../helpers/late-clock.ts';
import { LocalConnections } from './local-connections.ts';
import { createRig, type Rig, temporary, writeRecipes } from './rig.ts';

/** A process that ended and was not reaped by the machine's init is dead all the same. */
function isAlive(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

const forever = (signal: AbortSignal | undefined): Promise<never> =>
  new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));

/** The orchestration against real shells, processes and sockets of this machine; the connection is cut at will. */
describe('instances, on this machine', () => {
  const recipes = temporary('tunel-recipes-');
  let home: ReturnType<typeof temporary>;
  let data: ReturnType<typeof temporary>;
  let connections: LocalConnections;
  let rig: Rig;
  const open: Rig[] = [];
  const folders: ReturnType<typeof temporary>[] = [];
  /** It stays until the rigs that use it are closed. */
  const folder = (prefix: string) => {
    const made = temporary(prefix);
    folders.push(made);
    return made;
  };

  const start = async (
    dataPath = data.path,
    link = connections,
    using = launchers,
    clock = systemClock,
  ): Promise<Rig> => {
    const made = await createRig({
      connections: link,
      findRoute,
      data: dataPath,
      recipes: recipes.path,
      launchers: using,
      clock,
    });
    open.push(made);
    return made;
  };
  const directory = (id: string): string => join(home.path, '.tunel', id);

  beforeAll(() => writeRecipes(recipes.path));
  afterAll(() => recipes.remove());
  beforeEach(async () => {
    home = temporary('th-');
    data = folder('tunel-data-');
    connections = new LocalConnections(home.path);
    rig = await start();
  });
  afterEach(async () => {
    for (const each of open.splice(0)) {
      for (const instance of each.instances.list()) each.instances.end(instance.id);
      for (const instance of each.instances.list()) {
        await each.until(instance.id, (now) => now.state === 'ended' || now.state === 'failed');
      }
      await each.close();
    }
    home.remove();
    for (const made of folders.splice(0)) made.remove();
  });

  test('launches to ready, answers with its token, and stops', async () => {
    const id = rig.launch('web');
    const ready = await rig.untilState(id, 'ready');
    expect(ready).toMatchObject({ launcher: 'login', path: '/start', route: { kind: 'socket' } });
    expect(ready.steps.every((step) => step.state === 'done')).toBe(true);
    expect(await rig.isAnswering(id)).toBeNull();
    expect(statSync(directory(id)).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(directory(id))) {
      if (name === 's') continue;
      expect([name, statSync(join(directory(id), name)).mode & 0o077]).toEqual([name, 0]);
    }
    expect(readFileSync(join(directory(id), 'instance.json'), 'utf8')).not.toContain(rig.targets.get(id)?.token);
    const log = await rig.instances.log(id, -1000);
    expect(log.text).toContain('listening at last ✓');
    expect(log.next).toBe(log.size);

    rig.instances.stop(id);
    const ended = await rig.untilState(id, 'ended');
    expect(ended.error).toBeNull();
    expect(existsSync(join(directory(id), 's'))).toBe(false);
    expect(connections.leases).toBe(0);
    await rig.instances.remove(id);
    expect(existsSync(directory(id))).toBe(false);
    expect(rig.instances.list()).toEqual([]);
  });

  test('a port on the loopback, chosen on the node', async () => {
    const id = rig.launch('port');
    const ready = await rig.untilState(id, 'ready');
    expect(ready.endpoint?.kind).toBe('port');
    expect(await rig.isAnswering(id)).toBeNull();
  });

  test('a home directory whose path is too long for a socket', async () => {
    const deep = join(home.path, 'x'.repeat(90));
    await new LocalConnections(home.path).acquire('c1').then(({ connection }) => connection.run(`mkdir -p '${deep}'`));
    rig = await start(data.path, new LocalConnections(deep));
    const id = rig.launch('web');
    const ready = await rig.untilState(id, 'ready');
    const socket = ready.endpoint?.kind === 'socket' ? ready.endpoint.path : '';
    expect(socket).toMatch(/^\/tmp\/tunel-\w{8}\/s$/);
    expect(statSync(join(socket, '..')).mode & 0o777).toBe(0o700);
    rig.instances.stop(id);
    await rig.untilState(id, 'ended');
    expect(existsSync(join(socket, '..'))).toBe(false);
  });

  test.each([
    ['dies', 'job-failed', /exit code 3.*configuration is wrong/],
    ['missing', 'command-missing', /no-such-command was not found/],
    ['modules', 'command-missing', /module no-such-module\/1\.2 could not be loaded/],
    ['never', 'not-ready', /not ready within 4 s: it answered \/slow with status 503/],
    ['deaf', 'not-ready', /not ready within 4 s: it never began to listen/],
  ])('%s fails with %s', async (recipe, code, words) => {
    const id = rig.launch(recipe);
    const failed = await rig.until(id, (instance) => instance.state === 'failed');
    expect(failed.error).toMatchObject({ code, message: expect.stringMatching(words) });
    expect(failed.error?.hint).toBeTruthy();
    expect(failed.steps.some((step) => step.state === 'failed')).toBe(true);
    const pid = Number.parseInt(readFileSync(join(directory(id), 'pid'), 'utf8'), 10);
    expect(isAlive(pid)).toBe(false);
    expect(connections.leases).toBe(0);
  });

  test('a batch job is running, never ready, then ends', async () => {
    const id = rig.launch('batch', { args: { word: "it's $(luck) ✓" } });
    const running = await rig.untilState(id, 'running');
    expect(running).toMatchObject({ kind: 'job', path: '', readyAt: null });
    const ended = await rig.untilState(id, 'ended');
    expect(ended).toMatchObject({ error: null, readyAt: null });
    expect(runTime(ended)).toBeGreaterThan(1000);
    expect(rig.targets.size).toBe(0);
  });

  test('an app that ignores the request to end is ended after the grace', async () => {
    const id = rig.launch('stubborn');
    await rig.untilState(id, 'ready');
    rig.instances.stop(id);
    const asked = Date.now();
    await rig.untilState(id, 'ended');
    expect(Date.now() - asked).toBeLessThan(20_000);
  });

  test('a stop at once leaves nothing behind', async () => {
    for (const step of ['connect', 'upload', 'submit', 'queue', 'start'] as const) {
      const id = rig.launch('web');
      await rig.until(id, (now) => now.steps.some((each) => each.name === step && each.state !== 'todo'));
      rig.instances.stop(id);
      const ended = await rig.untilState(id, 'ended');
      expect(ended.error).toBeNull();
      if (existsSync(join(directory(id), 'pid'))) {
        const pid = Number.parseInt(readFileSync(join(directory(id), 'pid'), 'utf8'), 10);
        expect(isAlive(pid)).toBe(false);
      }
    }
  });

  test('the connection is cut and comes back: the same process answers', async () => {
    const id = rig.launch('web');
    const { job } = await rig.untilState(id, 'ready');
    connections.cut();
    await rig.untilState(id, 'reconnecting');
    expect(rig.targets.get(id)?.status()).toMatchObject({ state: 'down' });
    expect((await rig.instances.log(id, -1000)).text).toContain('listening');
    await connections.mend('c1');
    const back = await rig.untilState(id, 'ready');
    expect(back.job?.id).toBe(job?.id);
    expect(await rig.isAnswering(id)).toBeNull();
  });

  test('a scheduler that does not answer for a while changes nothing', async () => {
    let down = false;
    let refused = 0;
    const poll: typeof launchers.login.poll = async (...asked) => {
      if (!down) return launchers.login.poll(...asked);
      refused += 1;
      throw new AppError('command-failed', 'Unable to contact the controller.');
    };
    const link = new LocalConnections(home.path);
    const flaky = { ...launchers, login: { ...launchers.login, poll } };
    const other = folder('tunel-data-');
    rig = await createRig({ connections: link, findRoute, data: other.path, recipes: recipes.path, launchers: flaky });
    open.push(rig);
    const id = rig.launch('web');
    await rig.untilState(id, 'ready');
    down = true;
    // A cut makes it ask again, and each time it is refused.
    link.cut();
    await link.mend('c1');
    await expect.poll(() => refused).toBeGreaterThan(2);
    await rig.untilState(id, 'ready');
    const { job } = rig.instances.get(id);
    expect(job).toMatchObject({ state: 'running', reason: 'last known state: Unable to contact the controller' });
    expect(await rig.isAnswering(id)).toBeNull();
    down = false;
    rig.instances.stop(id);
    expect((await rig.untilState(id, 'ended')).error).toBeNull();
  });

  test.each(['submit', 'queue', 'start', 'tunnel'] as const)(
    'the connection is cut at step %s: the launch goes on when it is back',
    async (step) => {
      const id = rig.launch('web');
      await rig.until(id, (now) => now.steps.some((each) => each.name === step && each.state !== 'todo'));
      connections.cut();
      // At the last step it may have become ready in the same moment.
      await expect.poll(() => rig.instances.get(id).state).toMatch(/^(starting|reconnecting)$/);
      await connections.mend('c1');
      await rig.untilState(id, 'ready');
      expect(await rig.isAnswering(id)).toBeNull();
    },
  );

  test('it ends while the connection is away', async () => {
    const id = rig.launch('web');
    await rig.untilState(id, 'ready');
    connections.cut();
    const pid = Number.parseInt(readFileSync(join(directory(id), 'pid'), 'utf8'), 10);
    process.kill(-pid, 'SIGKILL');
    await connections.mend('c1');
    const failed = await rig.until(id, (now) => now.state === 'failed');
    expect(failed.error?.message).toMatch(/killed/);
  });

  test('a restart goes on with it, and another computer adopts it', async () => {
    const id = rig.launch('web');
    const { job } = await rig.untilState(id, 'ready');
    const token = rig.targets.get(id)?.token;
    await rig.close();
    open.splice(open.indexOf(rig), 1);

    const again = await start();
    expect(again.instances.get(id).state).toBe('reconnecting');
    again.instances.start();
    expect((await again.untilState(id, 'ready')).job?.id).toBe(job?.id);
    expect(again.targets.get(id)?.token).toBe(token);

    const otherData = folder('tunel-other-');
    const otherLink = new LocalConnections(home.path);
    const other = await start(otherData.path, otherLink);
    await otherLink.acquire('c1');
    await expect.poll(() => other.instances.list().length).toBe(1);
    const adopted = await other.untilState(id, 'ready');
    expect(adopted).toMatchObject({ title: again.instances.get(id).title, path: '/start', input: null });
    expect(await other.isAnswering(id)).toBeNull();
    other.instances.stop(id);
    await other.untilState(id, 'ended');
    await again.untilState(id, 'ended');
  });

  test('after a restart it has run since it began, also once it was stopped', async () => {
    const id = rig.launch('web');
    await rig.untilState(id, 'ready');
    await rig.close();
    open.splice(open.indexOf(rig), 1);
    // As if it had begun twenty minutes ago.
    const [epoch = '', node = ''] = readFileSync(join(directory(id), 'started'), 'utf8')
      .trim()
      .split(' ');
    writeFileSync(join(directory(id), 'started'), `${Number(epoch) - 1200} ${node}\n`);
    const again = await start();
    again.instances.start();
    await again.untilState(id, 'ready');
    again.instances.stop(id);
    const ran = runTime(await again.untilState(id, 'ended')) ?? 0;
    expect(ran).toBeGreaterThanOrEqual(1_200_000);
    expect(ran).toBeLessThan(1_300_000);
  });

  test.each(['connect', 'upload', 'submit', 'queue', 'start', 'tunnel'] as const)(
    'a crash at step %s is taken up again, with one process',
    async (step) => {
      const id = rig.launch('web');
      await rig.until(id, (now) => now.steps.some((each) => each.name === step && each.state !== 'todo'));
      await rig.close();
      open.splice(open.indexOf(rig), 1);
      const again = await start();
      again.instances.start();
      await again.untilState(id, 'ready');
      expect(await again.isAnswering(id)).toBeNull();
      const running = readdirSync('/proc').filter((pid) => {
        if (!/^\d+$/.test(pid)) return false;
        try {
          return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`${directory(id)}/files/app.py`);
        } catch {
          return false;
        }
      });
      expect(running).toHaveLength(1);
    },
  );

  describe('a launch that was cut off, found again after more than two minutes', () => {
    const restartLate = async ({ resumes = true, meanwhile = () => {} } = {}) => {
      await rig.close();
      meanwhile();
      open.splice(open.indexOf(rig), 1);
      const again = await start(data.path, connections, launchers, lateClock(3 * 60_000));
      if (resumes) again.instances.start();
      return again;
    };
    const cutOffAt = async (step: string) => {
      const id = rig.launch('web');
      await rig.until(id, (now) => now.steps.some((each) => each.name === step && each.state !== 'todo'));
      return id;
    };

    const cutOffInUpload = async () => {
      rig = await createRig({
        connections,
        findRoute,
        data: data.path,
        recipes: recipes.path,
        prepareFiles: ({ signal }) => forever(signal),
      });
      open.push(rig);
      return cutOffAt('upload');
    };

    /** Everything is sent, and the submission is never answered. */
    const cutOffBeforeAnswer = async () => {
      const submit: Launcher['submit'] = (_shell, _submission, signal) => forever(signal);
      rig = await start(data.path, connections, { ...launchers, login: { ...launchers.login, submit } });
      return cutOffAt('submit');
    };

    test('while it uploads: nothing is sent until the user continues it', async () => {
      const id = await cutOffInUpload();
      const again = await restartLate();
      expect(again.instances.get(id)).toMatchObject({ state: 'interrupted', endedAt: null, job: null });
      const before = existsSync(directory(id)) ? readdirSync(directory(id)).sort() : null;
      // A connection for another reason reads the directories, which starts nothing either.
      await again.instances.attachAll('c1', (await connections.acquire('c1')).connection);
      expect(again.instances.get(id).state).toBe('interrupted');
      expect(existsSync(directory(id)) ? readdirSync(directory(id)).sort() : null).toEqual(before);
      const admit = () => {
        throw new AppError('token-limit', 'Not so many.');
      };
      expect(() => again.instances.continueLaunch(id, { admit })).toThrow(/Not so many/);
      expect(again.instances.get(id).state).toBe('interrupted');
      again.instances.continueLaunch(id);
      await again.untilState(id, 'ready');
      expect(await again.isAnswering(id)).toBeNull();
      expect(() => again.instances.continueLaunch(id)).toThrow(/was not interrupted/);
    });

    test('what was sent of it goes when the user forgets it', async () => {
      const id = await cutOffBeforeAnswer();
      const again = await restartLate();
      await again.until(id, ({ state }) => state === 'interrupted');
      await connections.acquire('c1');
      await again.instances.forget(id);
      expect(again.instances.list()).toEqual([]);
      expect(existsSync(directory(id))).toBe(false);
    });

    test.each(['queue', 'start'])('at step %s: it was submitted, so it goes on as one process', async (step) => {
      const id = await cutOffAt(step);
      const again = await restartLate();
      await again.untilState(id, 'ready');
      expect(await again.isAnswering(id)).toBeNull();
    });

    test('its number was not written down: the submission is found', async () => {
      const id = await cutOffAt('submit');
      await expect.poll(() => existsSync(join(directory(id), 'pid'))).toBe(true);
      const pid = readFileSync(join(directory(id), 'pid'), 'utf8');
      const again = await restartLate();
      await again.untilState(id, 'ready');
      expect(readFileSync(join(directory(id), 'pid'), 'utf8')).toBe(pid);
    });

    test('its submission was begun, and no job is found: it waits, too', async () => {
      const id = await cutOffBeforeAnswer();
      const again = await restartLate({ meanwhile: () => writeFileSync(join(directory(id), 'submitting'), '') });
      await again.until(id, ({ state }) => state === 'interrupted');
      expect(existsSync(join(directory(id), 'pid'))).toBe(false);
      again.instances.continueLaunch(id);
      await again.untilState(id, 'ready');
    });

    test('a process that takes up nothing leaves everything as it is', async () => {
      const id = await cutOffInUpload();
      const again = await restartLate({ resumes: false });
      await connections.acquire('c1');
      await again.instances.attachAll('c1', (await connections.acquire('c1')).connection);
      expect(again.instances.get(id).state).toBe('interrupted');
    });
  });

  test.each([
    ['with its job begun', true],
    ['before anything began', false],
  ])('a submission whose answer was lost %s, stopped while it is tried again', async (_when, begun) => {
    let asked = 0;
    const login: Launcher = {
      ...launchers.login,
      async submit(shell, submission, signal) {
        asked += 1;
        if (asked === 1) {
          if (begun) await launchers.login.submit(shell, submission, signal);
          if (begun) writeFileSync(join(submission.directory, 'submitting'), '');
          throw new AppError('command-failed', 'The scheduler does not answer.');
        }
        return launchers.login.submit(shell, submission, signal);
      },
    };
    rig = await start(data.path, connections, { ...launchers, login });
    const id = rig.launch('web');
    await rig.until(id, ({ progress }) => progress?.text.endsWith('Trying again.') === true);
    rig.instances.stop(id);
    expect((await rig.untilState(id, 'ended')).error).toBeNull();
    expect(asked).toBe(begun ? 2 : 1);
    if (begun) expect(readFileSync(join(directory(id), 'exit'), 'utf8')).toMatch(/^\d+\n$/);
    else await expect.poll(() => existsSync(directory(id))).toBe(false);
  });

  test('a launch has one plan, made again only where nothing was known of the cluster at the request', async () => {
    const first = rig.launch('batch');
    await rig.untilState(first, 'ended');
    expect(rig.renders()).toBe(2);
    const second = rig.launch('batch');
    expect(rig.instances.get(second).directory).toBe(directory(second));
    await rig.untilState(second, 'ended');
    expect(rig.renders()).toBe(3);
  });

  test('two side by side, each with its own secret', async () => {
    const first = rig.launch('web');
    const second = rig.launch('web', { title: 'Second' });
    await rig.untilState(first, 'ready');
    await rig.untilState(second, 'ready');
    expect(rig.targets.get(first)?.token).not.toBe(rig.targets.get(second)?.token);
    expect(await rig.isAnswering(first)).toBeNull();
    expect(await rig.isAnswering(second)).toBeNull();
  });

  test('log events follow a starting app, whole characters only', async () => {
    const texts: string[] = [];
    rig.instances.onLog(({ text }) => texts.push(text));
    const id = rig.launch('web');
    await rig.untilState(id, 'ready');
    const unfollow = rig.instances.followLog(id);
    await expect.poll(() => texts.join('')).toContain('listening at last ✓');
    unfollow();
  });

  test('bad input is refused before anything is written', () => {
    expect(() => rig.launch('web', { clusterId: 'none' })).toThrow(/no such cluster/);
    expect(() => rig.launch('nothing-like-it')).toThrow(/no recipe/);
    expect(rig.instances.list()).toEqual([]);
  });

  test('a home that cannot be written', async () => {
    rig = await start(data.path, new LocalConnections('/proc/sys'));
    const id = rig.launch('web');
    const failed = await rig.until(id, (now) => now.state === 'failed');
    expect(['read-only', 'not-permitted', 'command-failed']).toContain(failed.error?.code);
    expect(failed.error?.detail).toBeTruthy();
  });
});
