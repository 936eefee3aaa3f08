import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { scanFolder } from '../../../electron/core/folders/scan.ts';
import { syncFolder } from '../../../electron/core/folders/sync.ts';
import { localConnection } from './local-connection.ts';

let base: string;
let here: string;
let there: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'tunel-sync-'));
  here = join(base, 'here');
  there = join(base, 'home/.tunel/folders/x');
  mkdirSync(here);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const write = (name: string, text: string, mode?: number) => {
  mkdirSync(dirname(join(here, name)), { recursive: true });
  writeFileSync(join(here, name), text);
  if (mode) chmodSync(join(here, name), mode);
};
const read = (name: string) => readFileSync(join(there, 'tree', name), 'utf8');
const sync = async (signal?: AbortSignal) =>
  syncFolder({
    scan: await scanFolder(here),
    connection: localConnection,
    directory: there,
    hashes: join(base, 'hashes.json'),
    signal,
  });

describe('a folder on the cluster', () => {
  test('holds what is here; a second time only the change is sent', async () => {
    for (let n = 0; n < 39; n += 1) write(`data/${n}.txt`, `number ${n}`);
    write('run.sh', '#!/bin/sh\n', 0o755);
    write(`${'deep/'.repeat(30)}${'x'.repeat(150)}.txt`, 'long name');
    write('données é\n".txt', 'odd name');
    write('empty', '');
    const first = await sync();
    expect(first).toMatchObject({ files: 43, sentFiles: 43 });
    expect(statSync(join(there, 'tree/run.sh')).mode & 0o777).toBe(0o755);
    expect(statSync(there).mode & 0o777).toBe(0o700);
    expect(read('données é\n".txt')).toBe('odd name');
    expect(await sync()).toMatchObject({ sentFiles: 0, sentBytes: 0, words: 'nothing to send of 43 files' });

    write('data/7.txt', 'x'.repeat(312));
    expect((await sync()).words).toBe('sent 1 file, 312 bytes, of 43 files');
    utimesSync(join(here, 'data/8.txt'), 1, 1);
    chmodSync(join(here, 'data/9.txt'), 0o600);
    expect(await sync()).toMatchObject({ sentFiles: 0 });
    expect(statSync(join(there, 'tree/data/9.txt')).mode & 0o777).toBe(0o600);
  });

  test('loses only what was sent and is gone here; what was changed there is sent again', async () => {
    write('a/one.txt', 'one');
    write('b.txt', 'b');
    await sync();
    writeFileSync(join(there, 'tree/a/made-by-app.db'), 'kept');
    writeFileSync(join(there, 'tree/b.txt'), 'edited there');
    rmSync(join(here, 'a'), { recursive: true });
    expect(await sync()).toMatchObject({ sentFiles: 1, removedFiles: 1 });
    expect(read('a/made-by-app.db')).toBe('kept');
    expect(read('b.txt')).toBe('b');
    expect(existsSync(join(there, 'tree/a/one.txt'))).toBe(false);
  });

  test('a file becomes a folder, and a folder a file', async () => {
    write('x', 'file');
    write('y/inner', 'inner');
    await sync();
    rmSync(join(here, 'x'));
    rmSync(join(here, 'y'), { recursive: true });
    write('x/inner', 'now a folder');
    write('y', 'now a file');
    await sync();
    expect(read('x/inner')).toBe('now a folder');
    expect(read('y')).toBe('now a file');
  });

  test('cut off, what arrived stays and is not sent again', async () => {
    for (let n = 0; n < 5; n += 1) write(`${n}.bin`, String(n).repeat(200_000));
    const cut = new AbortController();
    const scan = await scanFolder(here);
    const halfway = syncFolder({
      scan,
      connection: localConnection,
      directory: there,
      hashes: join(base, 'hashes.json'),
      signal: cut.signal,
      progress: ({ fraction }) => (fraction ?? 0) > 0.5 && cut.abort(),
    });
    await expect(halfway).rejects.toMatchObject({ code: 'cancelled' });
    expect(existsSync(join(there, 'tree/0.bin'))).toBe(false);
    const rest = await sync();
    expect(rest.keptFiles).toBeGreaterThan(0);
    expect(rest.keptFiles + rest.sentFiles).toBe(5);
    for (let n = 0; n < 5; n += 1) expect(read(`${n}.bin`)).toBe(String(n).repeat(200_000));
    expect(existsSync(join(there, 'incoming'))).toBe(false);
  });

  test('.gitignore at every depth, environments, caches and links out of the folder stay here', async () => {
    write('.gitignore', '*.log\n/build\n!keep.log\n');
    write('sub/.gitignore', 'private/\n');
    for (const name of ['a.log', 'keep.log', 'build/x', 'sub/build/x', 'sub/private/x', 'sub/ok', '.git/config'])
      write(name, name);
    for (const name of ['myenv/pyvenv.cfg', 'myenv/lib/x.py', 'node_modules/a/b.js', 'p/__pycache__/m.pyc'])
      write(name, name);
    writeFileSync(join(base, 'outside.txt'), 'secret');
    symlinkSync('../outside.txt', join(here, 'leak'));
    symlinkSync('/etc', join(here, 'etc'));
    symlinkSync('keep.log', join(here, 'inside'));
    symlinkSync('.', join(here, 'loop'));
    const scan = await scanFolder(here);
    expect(scan.files.map(({ name }) => name)).toEqual(
      ['.gitignore', 'inside', 'keep.log', 'sub/.gitignore', 'sub/build/x', 'sub/ok'].sort(),
    );
    const why = Object.fromEntries(scan.left.map((left) => [left.name, left.why]));
    expect(why.leak).toMatch(/leads out/);
    expect(why.etc).toMatch(/leads out/);
    await sync();
    expect(read('inside')).toBe('keep.log');
  });
});
