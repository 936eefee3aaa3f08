import { spawn } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  findSection,
  lockFunctions,
  readSections,
  remoteScript,
} from '../../../electron/core/launchers/common/remote-script.ts';
import { parseLoginId } from '../../../electron/core/launchers/login/parse.ts';
import { cancelScript, startScript } from '../../../electron/core/launchers/login/script.ts';

/** The scripts as they are, in the shells of this machine. */
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tunel-lock-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

interface Outcome {
  stdout: string;
  stderr: string;
  killed: boolean;
}

function run(script: string, shell = 'sh'): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(shell, ['-c', script], { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (_, signal) => resolve({ stdout, stderr, killed: signal === 'SIGKILL' }));
  });
}

/** bash runs the script and kills itself before its command number `count`, as often as a command is begun. */
const killedAt = (count: number, script: string): string =>
  `set -T; steps=0; trap 'steps=$((steps + 1)); [ "$steps" -ne ${count} ] || kill -KILL $$ $BASHPID' DEBUG\n${script}`;

const locks = (): string[] => readdirSync(directory).filter((name) => name.startsWith('submit.lock'));
/** Says who is inside, and finds out whether anybody else was. */
const critical = `cd '${'$PLACE'}'; ${lockFunctions}
take_lock || return 0
mkdir inside || emit two 1 'two at once'
echo once >>count
rmdir inside
emit done 0 "$lock"`;
const body = (): string => remoteScript(critical.replace('$PLACE', directory));
const counted = (): number => {
  try {
    return readFileSync(join(directory, 'count'), 'utf8').trim().split('\n').length;
  } catch {
    return 0;
  }
};

describe.each(['dash', 'bash'])('the lock of a submission in %s', (shell) => {
  it('lets in one at a time, and goes with its owner', async () => {
    const outcomes = await Promise.all([1, 2, 3].map(() => run(body(), shell)));
    for (const { stdout } of outcomes) expect(readSections(stdout).map((section) => section.name)).toEqual(['done']);
    expect(counted()).toBe(3);
    expect(locks()).toEqual([]);
  });

  it.each([
    ['a process that is gone', `${hostname()} 999999999 5`],
    ['an earlier process with a number that is used again', `${hostname()} ${process.pid} 1`],
  ])('is taken over from %s, also by many at once', async (_, owner) => {
    symlinkSync(owner, join(directory, 'submit.lock.1'));
    symlinkSync(owner, join(directory, 'submit.lock.2'));
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => run(body(), shell)));
    for (const { stdout } of outcomes) expect(readSections(stdout).map((section) => section.name)).toEqual(['done']);
    expect(counted()).toBe(4);
    expect(locks()).toEqual(['submit.lock.1', 'submit.lock.2']);
  });

  it('of another node is waited for, until it is minutes old', async () => {
    const link = join(directory, 'submit.lock.1');
    symlinkSync('othernode 1 1', link);
    const quick = body().replace('-ge 30 ]', '-ge 1 ]');
    expect(findSection(readSections((await run(quick, shell)).stdout), 'busy')?.text).toBe('othernode 1 1');
    expect(counted()).toBe(0);
    await run(`touch -h -d '-6 minutes' '${link}'`);
    expect(findSection(readSections((await run(body(), shell)).stdout), 'done')).toBeDefined();
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
  });

  it('says why it cannot be taken', async () => {
    const nowhere = remoteScript(`${lockFunctions}\ncd /proc/self/task && take_lock`);
    expect(findSection(readSections((await run(nowhere, shell)).stdout), 'lock')).toMatchObject({ exitCode: 1 });
  });
});

it('survives a kill at every point of what takes it', async () => {
  let at = 0;
  let killed = true;
  while (killed) {
    at += 1;
    ({ killed } = await run(killedAt(at, body()), 'bash'));
    const before = counted();
    const { stdout } = await run(body());
    rmSync(join(directory, 'inside'), { recursive: true, force: true });
    const names = readSections(stdout).map((section) => section.name);
    expect(
      names.filter((name) => name !== 'two'),
      `killed at command ${at}`,
    ).toEqual(['done']);
    expect(counted()).toBe(before + 1);
    for (const name of locks()) rmSync(join(directory, name));
  }
  expect(at).toBeGreaterThan(15);
}, 60_000);

it('starts an app on the login node once, wherever the first attempt was killed', async () => {
  let at = 0;
  let killed = true;
  while (killed) {
    at += 3;
    const own = join(directory, String(at));
    mkdirSync(own);
    writeFileSync(join(own, 'run.sh'), '#!/bin/sh\necho once >>times\nexec sleep 60\n', { mode: 0o700 });
    const script = remoteScript(startScript(own));
    ({ killed } = await run(killedAt(at, script), 'bash'));
    const { stdout, stderr } = await run(script);
    const id = findSection(readSections(stdout), 'jobid')?.text ?? '';
    const job = parseLoginId(id);
    expect(job, `killed at command ${at}: ${stdout}${stderr}`).not.toBeNull();
    if (!job) return;
    await expect.poll(() => readdirSync(own)).toContain('times');
    await run(remoteScript(cancelScript([{ ...job, directory: own }], 'now')));
    expect(readFileSync(join(own, 'times'), 'utf8'), `killed at command ${at}`).toBe('once\n');
  }
  expect(at).toBeGreaterThan(30);
}, 60_000);
