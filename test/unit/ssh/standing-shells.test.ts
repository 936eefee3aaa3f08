import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../electron/core/clock.ts';
import type { Clock } from '../../../electron/core/deps.ts';
import { StandingShells } from '../../../electron/core/ssh/shells/standing-shells.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { LocalChannel } from '../../helpers/local-channel.ts';

/** Set-up installs every shell on Debian, where one that is missing fails its tests; elsewhere those that are there are tested. */
const isExpected = (shell: string) => process.platform === 'linux' || spawnSync(shell, ['-c', ':']).status === 0;

interface World {
  shells: StandingShells;
  /** Every session that was started. */
  sessions: LocalChannel[];
  close: AbortController;
  /** How many sessions there may be at once. */
  limit: number;
  waiting: number;
}

const worlds: World[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) {
    world.close.abort(new AppError('connection-lost', 'The test is over.'));
    for (const session of world.sessions) session.signal('KILL');
  }
});

/** Waits a tenth as long. */
const fastClock: Clock = { now: systemClock.now, sleep: (ms, signal) => systemClock.sleep(ms / 10, signal) };

function createWorld(command = ['dash', '-s'], { limit = 10, clock = systemClock } = {}): World {
  const sessions: LocalChannel[] = [];
  const close = new AbortController();
  const start = async () => {
    const live = sessions.filter(({ process }) => process.exitCode === null && process.signalCode === null).length;
    if (live >= world.limit) return null;
    const channel = new LocalChannel(command[0] ?? '', command.slice(1));
    sessions.push(channel);
    return channel.asChannel;
  };
  const channels = {
    get waiting() {
      return world.waiting;
    },
    tryExec: start,
    exec: async () => {
      for (;;) {
        const channel = await start();
        if (channel) return channel;
        await systemClock.sleep(5, close.signal);
      }
    },
  };
  const shells = new StandingShells({ node: 'here', channels, clock, closed: close.signal });
  const world: World = { shells, sessions, close, limit, waiting: 0 };
  worlds.push(world);
  return world;
}

const text = async (world: World, script: string, options = {}) => {
  const { stdout, stderr, exitCode } = await world.shells.run(script, options);
  return { stdout: stdout.toString(), stderr, exitCode };
};

const startsWith = (text: string) => new RegExp(`^${text}`);

const variants: [name: string, command: string[]][] = [
  ['dash', ['dash', '-s']],
  ['bash', ['bash', '--posix', '-s']],
  ['busybox', ['busybox', 'sh', '-s']],
  ['mksh', ['mksh', '-s']],
  ['ksh', ['ksh', '-s']],
];

describe.each(variants.filter(([, [shell = '']]) => isExpected(shell)))('a standing %s', (_name, command) => {
  test('runs one script after the other, byte for byte', async () => {
    const world = createWorld(command);
    expect(await text(world, 'echo a; echo b >&2; exit 5')).toEqual({ stdout: 'a\n', stderr: 'b\n', exitCode: 5 });
    expect(await text(world, 'set -e; cd /; false; echo no')).toEqual({ stdout: '', stderr: '', exitCode: 1 });
    expect((await text(world, 'cat; pwd')).stdout).toBe(`${process.cwd()}\n`);
    expect(await text(world, 'exec sh -c "kill -9 \\$\\$"')).toMatchObject({ exitCode: 137 });
    expect((await text(world, 'if then')).exitCode).not.toBe(0);
    expect(await text(world, 'printf "no newline"')).toMatchObject({ stdout: 'no newline', exitCode: 0 });
    expect(world.sessions).toHaveLength(1);
  });

  test('gives a script its input and nothing else, whatever it leaves unread', async () => {
    const world = createWorld(command);
    const bytes = randomBytes(1_000_000);
    const { stdout } = await world.shells.run('cat', { stdin: bytes });
    expect(stdout.equals(bytes)).toBe(true);
    const lines = Buffer.from('echo hacked\n'.repeat(10_000));
    expect((await text(world, 'head -c 4', { stdin: lines })).stdout).toBe('echo');
    expect(await text(world, 'exit 3', { stdin: lines })).toEqual({ stdout: '', stderr: '', exitCode: 3 });
    expect((await text(world, 'cat; echo end', { stdin: new Uint8Array() })).stdout).toBe('end\n');
    expect((await text(world, 'cat; echo end')).stdout).toBe('end\n');
    expect(world.sessions).toHaveLength(1);
  });

  test('ends what a cancelled script has started, also what ignores TERM', async () => {
    const world = createWorld(command);
    const mark = `86.${Math.floor(Math.random() * 1e6)}`;
    const left = () => spawnSync('pgrep', ['-f', `sleep ${mark}`]).stdout.toString();
    const end = async (script: string) => {
      const abort = new AbortController();
      const run = text(world, script, { signal: abort.signal }).catch(AppError.from);
      await expect.poll(left).not.toBe('');
      abort.abort();
      expect(await run).toMatchObject({ code: 'cancelled' });
      await expect.poll(left, { timeout: 10_000 }).toBe('');
    };
    await end(`sleep ${mark}; echo no`);
    await end(`trap '' TERM; sleep ${mark}; sleep ${mark}`);
    expect((await text(world, 'echo next')).stdout).toBe('next\n');
  });

  test('never takes what an earlier script left running for output of the next', async () => {
    const world = createWorld(command);
    expect((await text(world, '(sleep 0.3; echo late; echo late >&2) & echo now')).stdout).toBe('now\n');
    for (let count = 0; count < 20; count++) {
      expect(await text(world, `sleep 0.05; echo ${count}`)).toEqual({ stdout: `${count}\n`, stderr: '', exitCode: 0 });
    }
    const before = world.sessions.length;
    await text(world, 'sleep 1 >/dev/null 2>&1 &');
    await text(world, 'true');
    expect(world.sessions).toHaveLength(before);
  });
});

describe('standing shells', () => {
  test('start one while it is enough, and another for what waits behind a long script', async () => {
    const world = createWorld();
    const quick = Array.from({ length: 20 }, async (_, index) => (await text(world, `echo ${index}`)).stdout);
    expect(await Promise.all(quick)).toEqual(Array.from({ length: 20 }, (_, index) => `${index}\n`));
    expect(world.sessions).toHaveLength(1);
    const abort = new AbortController();
    const long = text(world, 'sleep 30', { signal: abort.signal }).catch(AppError.from);
    expect((await text(world, 'echo beside')).stdout).toBe('beside\n');
    expect(world.sessions).toHaveLength(2);
    abort.abort();
    await long;
  });

  test('keep to the one session there is, and give it up to who waits', async () => {
    const world = createWorld(['dash', '-s'], { limit: 1 });
    const both = [text(world, 'sleep 0.7; echo 1'), text(world, 'echo 2')];
    expect((await Promise.all(both)).map(({ stdout }) => stdout)).toEqual(['1\n', '2\n']);
    expect(world.sessions).toHaveLength(1);
    const isGivenUp = () => {
      world.shells.yieldSession();
      return world.sessions[0]?.process.exitCode;
    };
    await expect.poll(isGivenUp).toBe(0);
    expect((await text(world, 'echo 3')).stdout).toBe('3\n');
    world.waiting = 1;
    await text(world, 'echo 4');
    await expect.poll(() => world.sessions[1]?.process.exitCode).toBe(0);
  });

  test('count commands and the seconds they took', async () => {
    const world = createWorld();
    await text(world, 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done');
    await expect.poll(() => world.shells.cpuSeconds).toBeGreaterThan(0.05);
    expect(world.shells.commandsRun).toBe(1);
  });

  test('tell of a shell that dies under a script, and start a fresh one for the next', async () => {
    const world = createWorld();
    const killed = await text(world, 'kill -9 0').catch(AppError.from);
    expect(killed).toMatchObject({
      code: 'command-failed',
      message: expect.stringMatching(/ended before it finished/),
    });
    expect((await text(world, 'echo again')).stdout).toBe('again\n');
    expect(world.sessions).toHaveLength(2);
  });

  test('give every answer to its own script while shells and scripts are killed', { timeout: 1_200_000 }, async () => {
    const world = createWorld();
    world.limit = 40;
    const most = Number(process.env.TUNEL_SHELL_COMMANDS ?? 400);
    let next = 0;
    let failed = 0;
    let answered = 0;
    const kill = () => {
      const live = world.sessions.filter(({ process }) => process.exitCode === null && process.signalCode === null);
      const leaders = live.map(({ process }) => String(process.pid));
      const members = spawnSync('pgrep', ['-g', leaders.join(',')])
        .stdout.toString()
        .trim()
        .split('\n');
      const victims = Math.random() < 0.5 ? leaders : members;
      const pid = Number(victims[Math.floor(Math.random() * victims.length)]);
      if (pid > 1) spawnSync('kill', ['-9', String(pid)]);
    };
    const worker = async () => {
      for (let index = next++; index < most; index = next++) {
        const input = Buffer.from(`in ${index}\n`.repeat(index % 7 === 0 ? 500 : 1));
        const script =
          index % 3 === 0 ? `cat; echo e${index} >&2; exit ${index % 250}` : `echo ${index}; exit ${index % 250}`;
        const options = { timeoutMs: 20_000, ...(index % 3 === 0 ? { stdin: input } : {}) };
        if (index % 25 === 24) setTimeout(kill, Math.random() * 20);
        const answer = await text(world, script, options).catch(AppError.from);
        if (answer instanceof AppError) failed++;
        else {
          // A process of the script itself may have been killed, which cuts its output short; it is never another's.
          expect([index % 250, 137, 141]).toContain(answer.exitCode);
          expect(index % 3 === 0 ? input.toString() : `${index}\n`).toMatch(startsWith(answer.stdout));
          if (!answer.stderr.includes('Killed'))
            expect(index % 3 === 0 ? `e${index}\n` : '').toMatch(startsWith(answer.stderr));
          if (answer.stdout !== '') answered++;
        }
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    expect(answered).toBeGreaterThan(most / 2);
    console.info(`${most} scripts: ${answered} answered, ${failed} failed, ${world.sessions.length} shells`);
    expect((await text(world, 'echo end')).stdout).toBe('end\n');
  });
});

describe('start-up files', () => {
  const directory = mkdtempSync(join(tmpdir(), 'tunel-startup-'));
  afterEach(() => rmSync(join(directory, 'rc'), { force: true }));

  /** As sshd runs it: bash reads its start-up file and then the one remote command. */
  function withStartUp(rc: string, clock?: Clock): World {
    writeFileSync(join(directory, 'rc'), rc);
    return createWorld(['bash', '-c', `. ${join(directory, 'rc')}; exec /bin/sh -s`], { clock });
  }

  test.each([
    ['noisy', 'echo Welcome; echo noise >&2; printf "no newline"'],
    ['slow', 'sleep 1.5'],
    ['reading one line', 'read x'],
    ['reading two lines', 'read x; read y'],
  ])('that are %s do not disturb a script', async (_what, rc) => {
    const world = withStartUp(rc, rc.includes('read') ? fastClock : systemClock);
    expect(await text(world, 'echo out; echo err >&2')).toEqual({ stdout: 'out\n', stderr: 'err\n', exitCode: 0 });
    expect((await text(world, 'echo next')).stdout).toBe('next\n');
    expect(world.sessions).toHaveLength(1);
  });

  test.each(['zsh', 'tcsh', 'ksh', 'mksh', 'bash'].filter(isExpected))(
    'that become %s lead to /bin/sh',
    async (shell) => {
      const world = withStartUp(`exec ${shell}`);
      const { stdout } = await text(world, 'cat /proc/$$/comm');
      expect(stdout).toBe('sh\n');
      expect(world.sessions).toHaveLength(1);
    },
  );

  test.runIf(isExpected('fish'))('that become fish are named', async () => {
    const world = withStartUp('cat | exec fish; exit', fastClock);
    expect(await text(world, 'true').catch(AppError.from)).toMatchObject({
      code: 'command-failed',
      message: expect.stringMatching(/starts fish/),
    });
  });

  test('that end the shell are told with what they said', async () => {
    const world = withStartUp('echo This account is not available. >&2; exit 1');
    expect(await text(world, 'true').catch(AppError.from)).toMatchObject({
      code: 'command-failed',
      message: expect.stringMatching(/did not run a command/),
      detail: 'This account is not available.',
    });
  });
});
