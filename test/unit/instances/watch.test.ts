import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../electron/core/clock.ts';
import type { Clock } from '../../../electron/core/deps.ts';
import type { Observation } from '../../../electron/core/instances/observation.ts';
import { DirectoryWatch } from '../../../electron/core/instances/watch/directory-watch.ts';
import {
  type Looker,
  type WatchItem,
  watchProgram,
  watchScript,
} from '../../../electron/core/instances/watch/watch-script.ts';
import { LocalCommand } from '../../helpers/local-command.ts';

const isExpected = (shell: string) => process.platform === 'linux' || spawnSync(shell, ['-c', ':']).status === 0;
const variants: [name: string, shell: string[], program: string][] = [
  ['bash', ['bash', '--norc'], watchProgram],
  ['dash', ['dash'], watchProgram],
  ['busybox', ['busybox', 'sh'], watchProgram],
  ['ksh', ['ksh'], watchProgram],
  ['mksh', ['mksh'], watchProgram],
  ['sh that becomes bash', ['dash'], watchScript],
];

let home: string;
let commands: LocalCommand[];
let watches: DirectoryWatch[];
let seen: Map<string, Observation[]>;
let hung: Map<string, boolean>;
let lookers: Map<string, Looker>;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tunel watch '));
  commands = [];
  watches = [];
  seen = new Map();
  hung = new Map();
  lookers = new Map();
});
afterEach(() => {
  for (const watch of watches) watch.close();
  for (const command of commands) command.child.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

const item = (id: string, change: Partial<WatchItem> = {}): WatchItem => {
  const directory = join(home, id);
  mkdirSync(directory, { recursive: true });
  return { id, directory, process: null, logFrom: null, job: null, ...change };
};
const put = ({ directory }: WatchItem, name: string, text: string) => {
  writeFileSync(join(directory, `.${name}`), text);
  renameSync(join(directory, `.${name}`), join(directory, name));
};
const last = (id: string) => seen.get(id)?.at(-1);
const looks = (id: string) => seen.get(id)?.length ?? 0;
const logOf = (id: string) => (seen.get(id) ?? []).map(({ log }) => log?.bytes.toString('latin1') ?? '').join('');

async function open(
  shell: string[],
  program: string,
  env: Record<string, string> = {},
  clock: Clock = systemClock,
): Promise<DirectoryWatch> {
  const connection = {
    node: 'here',
    openSpareCommand: async (_script: string, { stderr }: { stderr?: Writable } = {}) => {
      const own = { tunel_login: 'PATH=/bin', LC_ALL: 'C.UTF-8', ...env };
      const command = new LocalCommand(program, own, { stderr, shell });
      commands.push(command);
      return command;
    },
  };
  const note = (id: string, observation: Observation) => seen.set(id, [...(seen.get(id) ?? []), observation]);
  const ports = {
    clock,
    seen: note,
    hung: (ids: readonly string[], isHung: boolean) => {
      for (const id of ids) hung.set(id, isHung);
    },
    lookers,
  };
  const watch = await DirectoryWatch.open(connection, ports, AbortSignal.timeout(20_000));
  if (!watch) throw new Error('It was not opened.');
  watches.push(watch);
  return watch;
}

const until = <T>(value: () => T) => expect.poll(value, { timeout: 20_000, interval: 20 });

const pathOf = (program: string) =>
  spawnSync('sh', ['-c', `command -v ${program}`])
    .stdout.toString()
    .trim();
const startTime = (pid: number) =>
  spawnSync('cut', ['-d', ' ', '-f', '22', `/proc/${pid}/stat`])
    .stdout.toString()
    .trim();

describe.each(variants.filter(([, [shell = '']]) => isExpected(shell)))('watched by %s', (name, shell, program) => {
  test('directories are reported when they change, and only then', async () => {
    const watch = await open(shell, program);
    expect(watch.node).toBe(hostname());
    const one = item('a1', { job: '17' });
    const odd = item('a2', { directory: join(home, "it's *\n$x `") });
    mkdirSync(odd.directory);
    watch.setList([one, odd], 50);
    await until(() => last('a1')?.job).toBe('17');
    await until(() => last('a2')).toMatchObject({ exists: true, endpoint: null, exitCode: null });
    const [first, second] = [looks('a1'), looks('a2')];
    put(odd, 'started', '12 n1\n');
    put(odd, 'endpoint', '{"kind":"socket","node":"n1","path":"/s"}\n');
    await until(() => last('a2')?.endpoint).toEqual({ kind: 'socket', node: 'n1', path: '/s' });
    put(odd, 'exit', '3\n');
    await until(() => last('a2')?.exitCode).toBe(3);
    expect(last('a2')?.endedAt).toBeGreaterThan(0);
    expect(looks('a1')).toBe(first);
    expect(looks('a2')).toBeGreaterThan(second);
    rmSync(odd.directory, { recursive: true });
    await until(() => last('a2')?.exists).toBe(false);
  });

  test('logs are read from where they are known, also when they are cut off, replaced and removed', async () => {
    const watch = await open(shell, program);
    const one = item('a1', { logFrom: 3 });
    const log = join(one.directory, 'log');
    const bytes = Buffer.from([0x80, 0, 0xff, 10, 13, 39]);
    writeFileSync(log, Buffer.concat([Buffer.from('old'), bytes]));
    watch.setList([one], 50);
    await until(() => logOf('a1')).toBe(bytes.toString('latin1'));
    expect(last('a1')).toMatchObject({ logSize: 9, log: { offset: 3 } });
    appendFileSync(log, 'more');
    watch.setList([{ ...one, logFrom: 9 }], 60);
    await until(() => last('a1')?.log).toEqual({ offset: 9, bytes: Buffer.from('more') });
    truncateSync(log, 2);
    await until(() => last('a1')).toMatchObject({ logSize: 2, log: { offset: 0, bytes: Buffer.from('ol') } });
    put(one, 'log', 'another one');
    await until(() => last('a1')?.log).toEqual({ offset: 2, bytes: Buffer.from('other one') });
    rmSync(log);
    await until(() => last('a1')).toMatchObject({ logSize: 0, log: null });
    const before = looks('a1');
    watch.setList([{ ...one, logFrom: null }], 50);
    put(one, 'log', 'not wanted');
    await until(() => looks('a1')).toBeGreaterThan(before);
    expect(last('a1')).toMatchObject({ logSize: null, log: null });
  });

  test.runIf(process.platform === 'linux')(
    'the end of a process is seen, and a later one is not taken for it',
    async () => {
      const watch = await open(shell, program);
      const child = spawn('sleep', ['60']);
      const { pid = 0 } = child;
      await until(() => startTime(pid)).not.toBe('');
      const one = item('a1', { process: { pid, start: startTime(pid) } });
      watch.setList([one, item('a2', { process: { pid, start: '1' } })], 50);
      await until(() => last('a2')?.isProcessAlive).toBe(false);
      expect(last('a1')?.isProcessAlive).toBe(true);
      child.kill('SIGKILL');
      await until(() => last('a1')?.isProcessAlive).toBe(false);
    },
  );

  test.runIf(process.platform === 'linux')('an end comes with everything that was written before it', async () => {
    const bin = join(home, 'bin');
    mkdirSync(bin);
    // The app writes its last line and ends in the moment after its log was measured.
    const wc = `#!/bin/sh
${pathOf('wc')} "$@"
log=$(readlink /proc/self/fd/0)
[ -e "\${log%/log}/exit" ] || { echo end >>"$log"; echo 1 >"\${log%/log}/exit"; }
`;
    writeFileSync(join(bin, 'wc'), wc, { mode: 0o755 });
    const watch = await open(shell, program, { PATH: `${bin}:${process.env.PATH}` });
    const one = item('a1', { logFrom: 0 });
    writeFileSync(join(one.directory, 'log'), 'begin\n');
    watch.setList([one], 50);
    await until(() => last('a1')?.exitCode).toBe(1);
    expect(seen.get('a1')?.find(({ exitCode }) => exitCode !== null)).toMatchObject({ logSize: 10 });
    expect(logOf('a1')).toBe('begin\nend\n');
  });

  test('a question runs beside, one after the other, and starts no login shell', async () => {
    const watch = await open(shell, program);
    const one = item('a1');
    watch.setList([one], 50);
    const script = `printf '%s\\n' "$tunel_login" "$LC_ALL" "don't"; sleep 0.3; echo e >&2; exit 5`;
    const answers = Promise.all([watch.run(script), watch.run(script), watch.run('cat; printf end')]);
    put(one, 'exit', '0\n');
    await until(() => last('a1')?.exitCode).toBe(0);
    expect(watch.cost.commandsRun).toBeGreaterThan(0);
    const answer = { stdout: "PATH=/bin\nC.UTF-8\ndon't\n", stderr: '', exitCode: 5 };
    expect(await answers).toEqual([answer, answer, { stdout: 'end', stderr: '', exitCode: 0 }]);
  });

  test('a question without an answer ends the watch', async () => {
    const watch = await open(shell, program);
    await expect(watch.run('sleep 5', { timeoutMs: 100 })).rejects.toMatchObject({ code: 'timeout' });
    expect(watch.closed.aborted).toBe(true);
    await expect(watch.run('echo')).rejects.toMatchObject({ code: 'timeout' });
  });

  // mksh has no printf of its own, and starts one in each round.
  if (name !== 'mksh')
    test('a round starts no program, and nothing is left when the input ends', async () => {
      const bin = join(home, 'bin');
      mkdirSync(bin);
      for (const name of ['uname', 'bash']) symlinkSync(pathOf(name), join(bin, name));
      const [file = '', ...rest] = shell;
      const watch = await open([pathOf(file), ...rest], program, { PATH: bin });
      const one = item('a1', { process: { pid: process.pid, start: '1' } });
      watch.setList([one], 20);
      await until(() => looks('a1')).toBe(1);
      put(one, 'endpoint', '{"kind":"port","node":"n1","host":"127.0.0.1","port":5}\n');
      await until(() => last('a1')?.endpoint?.kind).toBe('port');
      expect(commands[0]?.said).toBe('');
      commands[0]?.child.stdin.end();
      expect(await commands[0]?.ended).toEqual({ code: 0, signal: null });
      expect(watch.closed.aborted).toBe(true);
    });
});

describe.runIf(process.platform === 'linux')('a folder that hangs', () => {
  /** Stands for a file system that hangs: the log of what is in `hung` is not measured before the test opens the pipe. */
  async function openBesideHung(): Promise<{ watch: DirectoryWatch; well: WatchItem; stuck: WatchItem; free(): void }> {
    const bin = join(home, 'bin');
    const pipe = join(home, 'pipe');
    mkdirSync(bin);
    spawnSync('mkfifo', [pipe]);
    const wc = `#!/bin/sh
case $(readlink /proc/self/fd/0) in */hung/*) exec 3<'${pipe}' ;; esac
exec ${pathOf('wc')} "$@"
`;
    writeFileSync(join(bin, 'wc'), wc, { mode: 0o755 });
    const watch = await open(['bash', '--norc'], watchProgram, { PATH: `${bin}:${process.env.PATH}` });
    const well = item('a1', { logFrom: 0 });
    const stuck = item('b1', { directory: join(home, 'hung', 'b1'), logFrom: 0 });
    mkdirSync(stuck.directory, { recursive: true });
    for (const { directory } of [well, stuck]) writeFileSync(join(directory, 'log'), 'line\n'.repeat(20_000));
    return { watch, well, stuck, free: () => closeSync(openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK)) };
  }

  test('delays neither what is in another one nor a question', async () => {
    const { watch, well, stuck, free } = await openBesideHung();
    watch.setList([stuck, well], 50);
    await until(() => logOf('a1').length).toBe(64 * 1024);
    put(well, 'exit', '4\n');
    await until(() => last('a1')?.exitCode).toBe(4);
    // Lists that its process cannot take keep nothing waiting.
    for (let everyMs = 50; everyMs < 60; everyMs += 1) watch.setList([stuck, well], everyMs);
    expect((await watch.run('echo answer')).stdout).toBe('answer\n');
    expect(looks('b1')).toBe(0);
    const freeing = setInterval(() => {
      try {
        free();
      } catch (error) {
        // Nobody waits at the pipe now.
        expect(error).toMatchObject({ code: 'ENXIO' });
      }
    }, 20);
    await until(() => logOf('b1').length)
      .toBe(64 * 1024)
      .finally(() => clearInterval(freeing));
  });

  test('is looked at by no second process while the former one lives', async () => {
    const former = spawn('sleep', ['60']);
    const { pid = 0 } = former;
    await until(() => startTime(pid)).not.toBe('');
    lookers.set(`${hostname()} ${home}`, { pid, start: startTime(pid) });
    const fast: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms / 100, signal) };
    const watch = await open(['bash', '--norc'], watchProgram, {}, fast);
    watch.setList([item('a1')], 50);
    await until(() => hung.get('a1')).toBe(true);
    expect(looks('a1')).toBe(0);
    former.kill('SIGKILL');
    await until(() => last('a1')?.exists).toBe(true);
    await until(() => [hung.get('a1'), lookers.size]).toEqual([false, 0]);
  });
});
