import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { bundleCli, Tunel } from '../../helpers/cli.ts';
import { runCommand } from '../../helpers/clusters.ts';

const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.string(), hint: z.string() }) });
const MIB = 1024 * 1024;

let base: string;
let disk: string;
let file: string;
let tunel: Tunel;

/** A disk of 2 MiB of which `free` bytes are left. */
function fill(free: number): void {
  const path = join(disk, 'fill');
  rmSync(path, { force: true });
  try {
    writeFileSync(path, Buffer.alloc(4 * MIB));
  } catch {
    // Full, as it should be.
  }
  if (free > 0) writeFileSync(path, Buffer.alloc(statSync(path).size - free));
}

async function failure(args: string[]): Promise<z.infer<typeof errorSchema>['error']> {
  const { code, stdout } = await tunel.run(...args, '--json');
  expect([args, code]).toEqual([args, 1]);
  return errorSchema.parse(JSON.parse(stdout)).error;
}

const add = (name: string) => ['clusters', 'add', name, `ada@${name}.example.edu`];
/** What a write that did not end leaves behind. */
const leftOver = () => readdirSync(tunel.dataDirectory).filter((name) => /\.tmp$|\.probe/.test(name));

beforeAll(async () => {
  file = await bundleCli();
  base = mkdtempSync(join(tmpdir(), 'tunel-disk-'));
  disk = join(base, 'disk');
  mkdirSync(disk);
  await runCommand('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]);
});

afterAll(async () => {
  await tunel.stopEngine();
  await runCommand('umount', [disk]);
  rmSync(base, { recursive: true, force: true });
});

beforeEach(() => {
  tunel = new Tunel(file, disk);
});

describe('the data directory', () => {
  test('is for its user alone, whatever it was and whatever the umask is', async () => {
    mkdirSync(tunel.dataDirectory);
    chmodSync(tunel.dataDirectory, 0o777);
    await tunel.json('clusters', 'list');
    await tunel.json(...add('one'));
    expect(statSync(tunel.dataDirectory).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(tunel.dataDirectory))
      expect([name, statSync(join(tunel.dataDirectory, name)).mode & 0o077]).toEqual([name, 0]);
  });

  test('on a disk that fills up: each save says so, nothing is half written, and all works once there is space', async () => {
    await tunel.json('clusters', 'list');
    const before = readFileSync(join(tunel.dataDirectory, 'clusters.json'), 'utf8');
    const processes = await tunel.engineProcesses();
    fill(0);
    const error = await failure(add('two'));
    expect(error).toMatchObject({ code: 'storage-full', hint: expect.stringContaining('Free some space') });
    expect(await tunel.json('clusters', 'list')).toMatchObject([{ name: 'one' }]);
    expect(readFileSync(join(tunel.dataDirectory, 'clusters.json'), 'utf8')).toBe(before);
    expect(leftOver()).toEqual([]);
    // It goes on, although its log has no space either.
    expect(await tunel.engineProcesses()).toBe(processes);
    fill(MIB);
    await tunel.json(...add('two'));
    expect(await tunel.json('clusters', 'list')).toMatchObject([{ name: 'one' }, { name: 'two' }]);
  });

  test('on a full disk: an engine that cannot start says why', async () => {
    await tunel.stopEngine();
    fill(0);
    expect(await failure(['clusters', 'list'])).toMatchObject({
      code: 'storage-full',
      hint: expect.stringContaining('Free some space'),
    });
    fill(MIB);
    expect(await tunel.json('clusters', 'list')).toMatchObject([{ name: 'one' }, { name: 'two' }]);
  });

  test('on a read-only disk says so', async () => {
    await tunel.stopEngine();
    await runCommand('mount', ['-o', 'remount,ro', disk]);
    try {
      expect(await failure(['clusters', 'list'])).toMatchObject({
        code: 'storage-read-only',
        hint: expect.stringContaining('read-only'),
      });
    } finally {
      await runCommand('mount', ['-o', 'remount,rw', disk]);
    }
  });

  test('that is removed while an engine runs is made anew by the next command', async () => {
    await tunel.json('clusters', 'list');
    const address = z.object({ pid: z.number() });
    const { pid } = address.parse(JSON.parse(readFileSync(join(tunel.dataDirectory, 'engine.json'), 'utf8')));
    rmSync(tunel.dataDirectory, { recursive: true });
    expect(await tunel.json('clusters', 'list')).toEqual([]);
    await tunel.json(...add('three'));
    // It would end by itself once nobody needs it.
    process.kill(pid, 'SIGTERM');
    expect(statSync(tunel.dataDirectory).mode & 0o777).toBe(0o700);
  });
});
