import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../electron/core/clock.ts';
import type { Clock } from '../../../electron/core/deps.ts';
import type { Observation } from '../../../electron/core/instances/observation.ts';
import { DirectoryWatch } from '../../../electron/core/instances/watch/directory-watch.ts';
import type { Looker } from '../../../electron/core/instances/watch/watch-script.ts';
import type { LiveConnection } from '../../../electron/core/ssh/client/connection.ts';
import type { CommandStream, Terminal } from '../../../electron/core/ssh/types.ts';
import {
  closeKeptTerminal,
  lookForKept,
  openKeptTerminal,
} from '../../../electron/core/terminals/kept/kept-terminals.ts';
import { attachScript } from '../../../electron/core/terminals/kept/program.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { quote } from '../../../electron/shared/shell-quote.ts';
import { holdClusters } from '../../helpers/cluster-locks.ts';
import { type ClusterInfo, onNode, upCluster } from '../../helpers/clusters.ts';
import { liveConnection } from '../../helpers/live-connection.ts';
import { until } from './harness.ts';

let cluster: ClusterInfo;
let bastion: LiveConnection;
const open = new Set<LiveConnection>();

beforeAll(async () => {
  await holdClusters(['login'], 'alone as ada');
  cluster = await upCluster('login');
  bastion = await liveConnection(cluster, 'bastion');
});
afterEach(async () => {
  for (const connection of open) connection.close();
  open.clear();
  await setShell('/bin/bash');
  for (const file of ['.bashrc', '.zshrc', '.tcshrc', '.cshrc', 'starts']) await rm(home(file), { force: true });
});
afterAll(() => bastion?.close());

const home = (file: string) => join(cluster.shared, 'home/ada', file);
const setShell = (shell: string) => onNode(cluster, 'login', ['usermod', '-s', shell, 'ada']);

async function connect(port = 22): Promise<LiveConnection> {
  const connection = await liveConnection(cluster, 'login', { port, through: bastion });
  open.add(connection);
  return connection;
}

async function all(stream: CommandStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

/** How often the start-up file ran that counts. */
async function starts(): Promise<number> {
  const text = await readFile(home('starts'), 'utf8').catch(() => '');
  return text.length;
}
const counting = 'printf x >>$HOME/starts\n';

const nasty = ["it's", '$HOME', '`id`', '!!', '*', 'a\nb', "'; } ; exit 7; { '", 'ünï 🚀', '%s%n', '~root', '\\'];

describe.each(['bash', 'dash', 'ksh', 'zsh', 'tcsh', 'fish'])('with %s as the login shell', (shell) => {
  test('scripts, their input and commands that talk are exact', async () => {
    await setShell(`/bin/${shell}`);
    const connection = await connect();
    const { stdout } = await connection.run(`printf '%s|' ${nasty.map(quote).join(' ')}; ps -o comm= -p $$`);
    expect(stdout).toBe(`${nasty.map((argument) => `${argument}|`).join('')}sh\n`);
    const bytes = Buffer.from('0123456789abcdef'.repeat(20_000));
    expect((await connection.run('cat', { stdin: bytes })).stdout).toBe(bytes.toString());
    expect((await connection.run('echo err >&2; exit 9')).stderr).toBe('err\n');
    const stream = await connection.openCommand('cat; exit 4');
    stream.end('to and fro');
    expect(await all(stream)).toBe('to and fro');
    expect(await stream.ended).toEqual({ code: 4, signal: null });
  });
});

describe('start-up files', () => {
  test('run once for many scripts, and an answer comes as soon as they are through', async () => {
    await writeFile(home('.bashrc'), `${counting}sleep 2\n`);
    const connection = await connect();
    const begin = performance.now();
    await connection.run('true');
    const first = performance.now() - begin;
    const answers = await Promise.all(Array.from({ length: 30 }, (_, index) => connection.run(`echo ${index}`)));
    expect(answers.map(({ stdout }) => stdout)).toEqual(Array.from({ length: 30 }, (_, index) => `${index}\n`));
    expect(await starts()).toBe(1);
    console.info(`first answer after ${Math.round(first)} ms`);
    expect(first).toBeLessThan(2500);
    expect(connection.usage).toMatchObject({ sessionsStarted: 1, commandsRun: 31 });
  });

  test.each([
    ['print', 'echo Welcome; echo noise >&2; printf "no newline"\n'],
    ['read a line', 'read x\n'],
    ['set the terminal', 'stty erase ^H\n'],
    ['become zsh', 'exec zsh -l\n'],
    ['become tcsh', 'exec tcsh\n'],
  ])('that %s leave scripts as they are', async (_what, rc) => {
    await writeFile(home('.bashrc'), rc);
    const connection = await connect();
    for (const word of ['one', 'two']) {
      expect(await connection.run(`echo ${word}; echo err >&2`)).toEqual({
        stdout: `${word}\n`,
        stderr: 'err\n',
        exitCode: 0,
      });
    }
    expect((await connection.run('ps -o comm= -p $$')).stdout).toBe('sh\n');
  });

  test('that become fish are named', async () => {
    await writeFile(home('.bashrc'), 'exec fish -l\n');
    const connection = await connect();
    const error = await connection.run('true').catch(AppError.from);
    expect(error).toMatchObject({ code: 'command-failed', message: expect.stringMatching(/starts fish/) });
  });

  test('do not run again for a command that talks, once a shell stands', async () => {
    await writeFile(home('.bashrc'), counting);
    const connection = await connect();
    await connection.run('true');
    const before = await starts();
    const stream = await connection.openCommand('ps -o ppid= -p $$ >/dev/null; echo here');
    expect(await all(stream)).toBe('here\n');
    expect(before).toBe(1);
    // The shell that was taken is replaced.
    await until('another stands', async () => (await starts()) === 2);
  });

  test('of an account that may run nothing end in a clear error', async () => {
    await setShell('/usr/sbin/nologin');
    const error = await (await connect()).run('true').catch(AppError.from);
    expect(error).toMatchObject({ code: 'command-failed', message: expect.stringMatching(/did not run a command/) });
  });

  test.each([
    ['a restricted shell', 22, '/bin/rbash', /is restricted/, 'exec: restricted'],
    ['file transfer only', 2209, '/bin/bash', /only transfers files/, ''],
  ])(
    'of an account with %s run once: what cannot run says why, and files are copied',
    async (_what, port, shell, message, detail) => {
      await setShell(shell);
      const connection = await connect(port);
      const expected = {
        code: 'command-failed',
        message: expect.stringMatching(message),
        detail: expect.stringContaining(detail),
      };
      for (const word of ['one', 'two', 'three']) {
        expect(await connection.run(`echo ${word}`).catch(AppError.from)).toMatchObject(expected);
      }
      expect(connection.usage.sessionsStarted).toBe(1);
      const ports = { clock: systemClock, seen: () => undefined, hung: () => undefined, lookers: new Map() };
      const watch = DirectoryWatch.open(connection, ports, AbortSignal.timeout(20_000));
      expect(await watch.catch(AppError.from)).toMatchObject(expected);
      await connection.writeFile('/home/ada/limited.txt', Buffer.from('file'));
      expect(String(await connection.readFile('/home/ada/limited.txt'))).toBe('file');
      await rm(home('limited.txt'));
    },
  );
});

test('one session is shared by scripts, files and commands', async () => {
  const connection = await connect(2208);
  expect((await connection.run('echo one')).stdout).toBe('one\n');
  await connection.writeFile('/home/ada/shared.txt', Buffer.from('file'));
  const [file, script] = await Promise.all([connection.readFile('/home/ada/shared.txt'), connection.run('echo two')]);
  expect([String(file), script.stdout]).toEqual(['file', 'two\n']);
  const stream = await connection.openCommand('cat');
  expect((await connection.run('echo three', { timeoutMs: 10_000 })).stdout).toBe('three\n');
  stream.end('talk');
  expect(await all(stream)).toBe('talk');
});

test('a file system that hangs delays only what is on it, by one process that ends with it', async () => {
  const processes = async () => {
    const script = 'ps -u ada -o args= | grep -c "[t]unel_mask="';
    return Number((await onNode(cluster, 'login', script, { check: false })).stdout);
  };
  await onNode(
    cluster,
    'login',
    `mkdir -p /srv/hangs /mnt/hangs && chown ada: /srv/hangs && bindfs /srv/hangs /mnt/hangs
     runuser -u ada -- mkdir -p /home/ada/.tunel/well /mnt/hangs/stuck`,
  );
  const daemon = (signal: string) => onNode(cluster, 'login', `pkill -${signal} -f 'bindfs /srv/hangs'`);
  const seen = new Map<string, Observation>();
  const hung = new Map<string, boolean>();
  const clock: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms / 10, signal) };
  const ports = {
    clock,
    seen: (id: string, observation: Observation) => void seen.set(id, observation),
    hung: (ids: readonly string[], isHung: boolean) => {
      for (const id of ids) hung.set(id, isHung);
    },
    lookers: new Map<string, Looker>(),
  };
  const begin = async () => {
    const watch = await DirectoryWatch.open(await connect(), ports, AbortSignal.timeout(20_000));
    const item = (id: string, directory: string) => ({ id, directory, process: null, logFrom: null, job: null });
    watch?.setList([item('stuck', '/mnt/hangs/stuck'), item('well', '/home/ada/.tunel/well')], 100);
    return watch;
  };
  let count = 0;
  const expectWell = async () => {
    count += 1;
    await onNode(cluster, 'login', `cd /home/ada/.tunel/well && echo ${count} >exit && : >new-${count}`);
    await expect.poll(() => seen.get('well')?.exitCode).toBe(count);
  };
  try {
    const watch = await begin();
    await expect.poll(() => seen.get('stuck')?.exists).toBe(true);
    await daemon('STOP');
    await expect
      .poll(async () => {
        await expectWell();
        return hung.get('stuck');
      })
      .toBe(true);
    // One that reads requests, and one for each folder.
    expect(await processes()).toBe(3);
    expect((await watch?.run('echo asked'))?.stdout).toBe('asked\n');
    // A connection that comes after starts no second process for it.
    watch?.close();
    await expect.poll(processes).toBe(1);
    hung.clear();
    const next = await begin();
    await expect.poll(() => hung.get('stuck')).toBe(true);
    await expectWell();
    expect(await processes()).toBe(3);
    seen.clear();
    await daemon('CONT');
    await expect.poll(() => seen.get('stuck')?.exists).toBe(true);
    expect([await processes(), hung.get('stuck')]).toEqual([3, false]);
    next?.close();
    await expect.poll(processes).toBe(0);
  } finally {
    await onNode(
      cluster,
      'login',
      `pkill -CONT -f 'bindfs /srv/hangs'; umount /mnt/hangs; rm -rf /home/ada/.tunel/well`,
    );
  }
});

describe('a kept terminal', () => {
  const size = { type: 'xterm-256color', columns: 90, rows: 20 };
  const asked = { ...size, clusterId: 'c', title: 'login', script: null, isInJob: false };
  const look = async (connection: LiveConnection) => (await lookForKept(connection, 'c')).terminals;
  const attach = async (id: string, port?: number) =>
    shownBy(await (await connect(port)).openTerminal({ ...size, script: attachScript(id) }));
  /** What it has shown so far. */
  const shownBy = (terminal: Terminal) => {
    const shown = { text: '', terminal };
    terminal.stream.on('data', (chunk: Buffer) => {
      shown.text += String(chunk);
    });
    terminal.stream.on('error', () => undefined);
    return shown;
  };
  const numbers = (text: string) => [...text.matchAll(/count (\d+)\r/g)].map(([, count]) => Number(count));
  const left = () =>
    onNode(
      cluster,
      'login',
      'ls /home/ada/.tunel/terminals /tmp/tunel-terminals-$(id -u ada) | grep -v :; pgrep -u ada -f "[t]unel-terminals" || :',
    );

  beforeEach(async () => {
    const connection = await connect();
    for (const { id } of await look(connection)) await closeKeptTerminal(connection, id);
  });

  test.each(['bash', 'tcsh', 'fish'])('of %s goes on without a connection, and is shown again whole', async (shell) => {
    await setShell(`/bin/${shell}`);
    const connection = await connect();
    const opening = await openKeptTerminal(connection, asked);
    expect(opening.notKept).toBeNull();
    const id = opening.kept?.id ?? '';
    const first = shownBy(opening);
    opening.stream.write("sh -c 'tty; stty size; i=0; while :; do i=$((i+1)); echo count $i; sleep 0.1; done'\r");
    await until('it counts', () => numbers(first.text).length > 3);
    expect(first.text).toMatch(/\/dev\/pts\/\d+\r\n20 90\r\n/);
    connection.close();
    expect(await opening.ended).toEqual({ code: null, signal: null });

    const again = await attach(id);
    const seen = numbers(first.text).at(-1) ?? 0;
    await until('it counts on', () => (numbers(again.text).at(-1) ?? 0) > seen + 3);
    const counted = numbers(again.text);
    expect(counted).toEqual(counted.map((_, index) => index + 1));
    expect(await look(await connect())).toMatchObject([{ id, running: 'sh', isAttached: true, title: 'login' }]);

    const other = await attach(id);
    expect(await again.terminal.ended).toMatchObject({ code: null, signal: expect.stringContaining('USR1') });
    other.terminal.resize({ columns: 70, rows: 12 });
    other.terminal.stream.write('\x03stty size; exit 7\r');
    expect(await other.terminal.ended).toMatchObject({ code: 7 });
    expect(other.text).toContain('12 70\r\n');
    await expect.poll(async () => (await left()).stdout.trim()).toBe('');
  });

  test('is closed from elsewhere with what runs in it, and one whose keeper was killed is forgotten', async () => {
    const connection = await connect();
    const closed = await openKeptTerminal(connection, { ...asked, script: 'trap "" HUP TERM; sleep 86311' });
    closed.stream.resume();
    await until('it runs', async () => (await left()).stdout.includes(closed.kept?.id ?? '-'));
    await closeKeptTerminal(connection, closed.kept?.id ?? '');
    expect(await closed.ended).toMatchObject({ signal: null });
    await expect.poll(async () => (await left()).stdout.trim()).toBe('');

    const killed = await openKeptTerminal(connection, { ...asked, script: 'sleep 86312' });
    const id = killed.kept?.id ?? '';
    killed.stream.resume();
    await onNode(cluster, 'login', `pkill -9 -u ada -f '[t]unel-terminals.*start ${id}'`);
    expect(await killed.ended).toMatchObject({ code: null, signal: expect.stringContaining('USR2') });
    expect(await look(connection)).toEqual([]);
    expect(await (await attach(id)).terminal.ended).toMatchObject({ signal: expect.stringContaining('USR2') });
    await expect.poll(async () => (await left()).stdout.trim()).toBe('');
    await expect
      .poll(async () => (await onNode(cluster, 'login', 'pgrep -f "[s]leep 8631[12]" || :')).stdout.trim())
      .toBe('');
  });

  test('is not left where the server gives no terminals, and is a plain one in a job', async () => {
    const refused = await openKeptTerminal(await connect(2208), asked).catch(AppError.from);
    expect(refused).toMatchObject({ code: 'channel-refused' });
    await expect.poll(async () => (await left()).stdout.trim()).toBe('');
    const inJob = await openKeptTerminal(await connect(), { ...asked, script: 'echo plain; exit 3', isInJob: true });
    inJob.stream.resume();
    expect(inJob.notKept).toEqual({ reason: 'in-job', detail: '' });
    expect(await inJob.ended).toMatchObject({ code: 3 });
  });
});
