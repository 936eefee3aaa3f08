import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ClusterUse,
  type Lock,
  lock,
  lockArguments,
  type Resource,
  resourcesOf,
} from '../../helpers/cluster-locks.ts';

let folder: string;
const locks: Promise<Lock>[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-locks-'));
});
afterEach(async () => {
  for (const taken of locks.splice(0)) await (await taken).release();
  rmSync(folder, { recursive: true });
});

const events: string[] = [];
beforeEach(() => {
  events.length = 0;
});

/** Asks for a lock; `events` says when it was given. */
function ask(name: string, resources: Resource[]): Promise<Lock> {
  const asked = lock(folder, resources).then((taken) => {
    events.push(name);
    return taken;
  });
  locks.push(asked);
  return asked;
}
const one = (mode: Resource['mode']): Resource[] => [{ name: 'a', mode }];

/** A process that sleeps in flock, started by one that locks in this folder. */
function isBlocked(pid: string): boolean {
  try {
    const [, name, state, parent] = /^\d+ \((.*)\) (\w) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return name === 'flock' && state === 'S' && readFileSync(`/proc/${parent}/cmdline`, 'utf8').includes(folder);
  } catch {
    return false; // It has ended.
  }
}

/** Waits until so many wait for a lock of this folder. */
async function untilBlocked(count: number): Promise<void> {
  const blocked = () => readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isBlocked(name)).length;
  while (blocked() < count) await delay(20);
}

describe.runIf(process.platform === 'linux')('the locks of clusters', () => {
  it('are shared by many, and held alone by one', async () => {
    const first = await ask('first', one('shared'));
    await ask('second', one('shared'));
    const third = ask('alone', one('exclusive'));
    await untilBlocked(1);
    expect(events).toEqual(['first', 'second']);
    await first.release();
    const second = await locks[1]!;
    await second.release();
    await third;
    expect(events).toEqual(['first', 'second', 'alone']);
  });

  it('let nobody pass one who waits to be alone', async () => {
    const first = await ask('first', one('shared'));
    const alone = ask('alone', one('exclusive'));
    await untilBlocked(1);
    const late = ask('late', one('shared'));
    await untilBlocked(2);
    expect(events).toEqual(['first']);
    await first.release();
    await (await alone).release();
    await late;
    expect(events).toEqual(['first', 'alone', 'late']);
  });

  it('are free again when their holder is killed', async () => {
    const program = `const { spawn } = require('node:child_process');
      spawn('bash', JSON.parse(process.argv[1]), { stdio: ['pipe', 'inherit', 'inherit'] });
      setInterval(() => {}, 1000);`;
    const args = JSON.stringify(lockArguments(folder, one('exclusive')));
    const holder = spawn(process.execPath, ['-e', program, args], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(holder.stdout, 'data');
    const next = ask('next', one('exclusive'));
    await untilBlocked(1);
    expect(events).toEqual([]);
    holder.kill('SIGKILL');
    await next;
  });

  it.each<[ClusterUse, ClusterUse, boolean]>([
    ['shared', 'shared', true],
    ['shared', 'alone as ben', true],
    ['shared', 'alone as ada', false],
    ['shared', 'alone', false],
    ['alone as ada', 'alone as ben', true],
    ['alone as ben', 'alone as ben', false],
    ['alone as ben', 'alone', false],
  ])('%s beside %s: %s', async (first, second, isPossible) => {
    const holder = await ask('first', resourcesOf('slurm24', first));
    const other = ask('second', resourcesOf('slurm24', second));
    if (isPossible) await other;
    else await untilBlocked(1);
    expect(events).toEqual(isPossible ? ['first', 'second'] : ['first']);
    await holder.release();
    await other;
  });

  it('fail when they cannot be taken', async () => {
    await expect(lock(join(folder, 'none'), one('shared'))).rejects.toThrow(/lock of a ended with 1/);
  });
});
