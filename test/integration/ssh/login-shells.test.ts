import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { LiveConnection } from '../../../electron/core/ssh/client/connection.ts';
import type { CommandStream } from '../../../electron/core/ssh/types.ts';
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
    await setShell('/bin/rbash');
    const restricted = await (await connect()).run('true').catch(AppError.from);
    expect(restricted).toMatchObject({ code: 'command-failed', detail: expect.stringMatching(/restricted/) });
  });
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
