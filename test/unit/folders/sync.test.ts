import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withFolder } from '../../../electron/core/folders/folder-lock.ts';
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
const sync = async (more: Partial<Parameters<typeof syncFolder>[0]> = {}) =>
  syncFolder({
    scan: await scanFolder(here),
    connection: localConnection,
    directory: there,
    hashes: join(base, 'hashes.json'),
    owner: 'me',
    ...more,
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
    expect(await sync()).toMatchObject({ sentFiles: 0, sentBytes: 0, text: 'nothing to send of 43 files' });

    write('data/7.txt', 'x'.repeat(312));
    expect((await sync()).text).toBe('sent 1 file, 312 bytes, of 43 files');
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
      owner: 'me',
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

  test('is sent by one at a time, and by the next when the one before is gone', async () => {
    write('a.txt', 'mine');
    const order: string[] = [];
    const work = (owner: string, signal?: AbortSignal) =>
      withFolder(
        localConnection,
        there,
        { owner, signal, waiting: () => order.push(`${owner} waits`) },
        async (held) => {
          order.push(`${owner} in`);
          while (owner === 'app' && !order.includes('me waits')) await delay(20, undefined, { signal: held.signal });
          order.push(`${owner} out`);
        },
      );
    await Promise.all([
      work('app'),
      sync({ owner: 'me', progress: ({ text }) => text.startsWith('Waiting') && order.push('me waits') }),
    ]);
    expect(order.slice(0, 3)).toEqual(['app in', 'me waits', 'app out']);
    expect(read('a.txt')).toBe('mine');
    expect(readdirSync(there)).not.toContain('sending');

    mkdirSync(join(there, 'sending'));
    writeFileSync(join(there, 'sending/owner'), 'one that was killed');
    write('a.txt', 'taken over');
    await sync({ patience: 1 });
    expect(read('a.txt')).toBe('taken over');
    expect(readdirSync(there)).not.toContain('sending');
  });

  test('that somebody took over changes nothing any more; a wait can be cancelled', async () => {
    write('a.txt', 'first');
    await sync();
    write('a.txt', 'second, longer');
    const other = () => writeFileSync(join(there, 'sending/owner'), 'other');
    const late = sync({ progress: ({ text }) => text.startsWith('Sent') && other() });
    await expect(late).rejects.toMatchObject({ code: 'conflict' });
    expect(read('a.txt')).toBe('first');
    const cut = new AbortController();
    const waiting = sync({ signal: cut.signal, progress: ({ text }) => text.startsWith('Waiting') && cut.abort() });
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    expect(readFileSync(join(there, 'sending/owner'), 'utf8')).toBe('other');
  });

  test('a file that comes, goes or cannot be named is no obstacle', async () => {
    write('kept.txt', 'kept');
    write('a\\b.txt', 'backslash');
    write('sub/.gitignore/x', 'a folder of that name');
    write('.gitignore', '\ufeff*.TMP\r\nlogs/*\r\n!logs/keep\r\n');
    for (const name of ['x.TMP', 'y.tmp', 'logs/a', 'logs/keep']) write(name, name);
    writeFileSync(Buffer.concat([Buffer.from(`${here}/`), Buffer.from([0x66, 0xff])]), 'latin');
    const scan = await scanFolder(here);
    const names = ['.gitignore', 'a\\b.txt', 'kept.txt', 'logs/keep', 'sub/.gitignore/x', 'y.tmp'];
    expect(scan.files.map(({ name }) => name)).toEqual(names);
    expect(scan.left.map(({ why }) => why)).toContain('a name that is not UTF-8');
    rmSync(join(here, 'y.tmp'));
    await expect(sync({ scan })).rejects.toMatchObject({ code: 'conflict' });
    expect(await sync()).toMatchObject({ sentFiles: 5 });
    expect(await sync()).toMatchObject({ sentFiles: 0 });
    expect(read('a\\b.txt')).toBe('backslash');
  });
});
