import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
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
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  copyScript,
  HOME_KEPT,
  makeDirectoryScript,
  moveScript,
  removeScript,
  setModeScript,
} from '../../../electron/core/files/change-scripts.ts';
import { sftpPath } from '../../../electron/core/files/paths.ts';
import { readStat, readUsage, statScript, usageScript } from '../../../electron/core/files/stat-scripts.ts';
import {
  IN_TRASH,
  readPath,
  readTrashed,
  restoreScript,
  trashedScript,
  trashId,
  trashScript,
} from '../../../electron/core/files/trash-scripts.ts';
import { decodeName } from '../../../electron/shared/file-names.ts';
import { quote } from '../../../electron/shared/shell-quote.ts';
import { runCommand } from '../../helpers/clusters.ts';

/** Holds the home directory, so that what a broken script removes is no more than this. */
let base = '';
let home = '';
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'tunel-files-'));
  home = join(base, 'home');
  mkdirSync(home);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const write = (name: string, text = 'x'): string => {
  writeFileSync(join(home, name), text, { mode: 0o640 });
  return join(home, name);
};
const folder = (name: string): string => {
  mkdirSync(join(home, name), { recursive: true });
  return join(home, name);
};

/** Every shell here that a login node may have as its `sh`. */
const shells = [['sh'], ['busybox', 'sh'], ['ksh'], ['mksh'], ['bash', '--posix']];

describe.each(shells)('in %s', (program, ...args) => {
  const run = (script: string) =>
    runCommand(program, [...args, '-s'], { input: `HOME=${quote(home)}; export HOME\n${script}`, check: false });

  test('stat says what a path is, and of a link what it leads to', async () => {
    const path = write(' an "odd" $name', 'hello');
    symlinkSync(path, join(home, 'link'));
    symlinkSync('nowhere', join(home, 'broken'));
    const stat = async (name: string) => readStat(Buffer.from((await run(statScript(name))).stdout));
    const { mtimeMs } = statSync(path);
    const file = await stat(path);
    expect(file).toMatchObject({ path, kind: 'file', link: false, size: 5, mode: 0o640 });
    expect(Math.abs((file.modified ?? 0) - mtimeMs)).toBeLessThan(1000);
    expect(await stat('~/link')).toMatchObject({ kind: 'file', link: true, size: 5, version: file.version });
    expect(await stat('broken')).toMatchObject({ kind: 'other', link: true, size: null, version: null });
    expect(await stat('')).toMatchObject({ path: home, kind: 'folder', size: null, version: null });
    rmSync(path);
    write(' an "odd" $name', 'hallo');
    expect((await stat(path)).version).not.toBe(file.version);
    const absent = await run(statScript('~/absent'));
    expect(absent).toMatchObject({ code: 1, stderr: expect.stringContaining('No such file') });
  });

  test('usage adds folders up, the largest first', async () => {
    folder('data/small');
    folder('data/large');
    write('data/large/file', 'x'.repeat(200_000));
    const { bytes, folders, complete } = readUsage(Buffer.from((await run(usageScript('data'))).stdout));
    expect(complete).toBe(true);
    expect(folders.map(({ name }) => name)).toEqual(['large', 'small']);
    expect(folders[0]?.bytes).toBeGreaterThanOrEqual(200_000);
    expect(bytes).toBeGreaterThan(folders[0]?.bytes ?? 0);
    const file = readUsage(Buffer.from((await run(usageScript('data/large/file'))).stdout));
    expect(file).toMatchObject({ folders: [], complete: true });
    expect(file.bytes).toBeGreaterThanOrEqual(200_000);
  });

  test('remove takes files, links and empty folders; a full one only with what is in it', async () => {
    write('file');
    folder('full/empty');
    symlinkSync('full', join(home, 'link'));
    for (const name of ['file', 'link', 'full/empty'])
      expect(await run(removeScript(name, false))).toMatchObject({ code: 0 });
    expect([existsSync(join(home, 'file')), existsSync(join(home, 'link'))]).toEqual([false, false]);
    write('full/file');
    expect(await run(removeScript('full', false))).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/not empty/i),
    });
    expect(existsSync(join(home, 'full/file'))).toBe(true);
    expect(await run(removeScript('full', true))).toMatchObject({ code: 0 });
    expect(existsSync(join(home, 'full'))).toBe(false);
    expect(await run(removeScript('full', true))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No such'),
    });
  });

  test('the home directory and what it is in are never removed', async () => {
    folder('a');
    symlinkSync(home, join(home, 'a/here'));
    for (const path of ['', '~', home, `${home}/../home`, base, 'a/here/'])
      expect(await run(removeScript(path, true)), path).toMatchObject({ code: HOME_KEPT });
    for (const path of ['/', tmpdir()])
      expect(await run(removeScript(path, false)), path).toMatchObject({ code: HOME_KEPT });
    expect(existsSync(join(home, 'a'))).toBe(true);
  });

  test('move replaces a file only where that is wanted, and a folder never', async () => {
    write('one', '1');
    write('two', '2');
    folder('folder');
    const refused = { code: 1, stderr: expect.stringContaining('File exists') };
    expect(await run(moveScript('one', 'two', false))).toMatchObject(refused);
    expect(await run(moveScript('one', 'folder', true))).toMatchObject(refused);
    expect(await run(moveScript('one', 'two', true))).toMatchObject({ code: 0 });
    expect(readFileSync(join(home, 'two'), 'utf8')).toBe('1');
    expect(await run(moveScript('folder', 'new name', false))).toMatchObject({ code: 0 });
    expect(existsSync(join(home, 'new name'))).toBe(true);
    expect(await run(moveScript('absent', 'other', false))).toMatchObject({ code: 1 });
  });

  test('copy keeps times, modes and links, and replaces a file only where that is wanted', async () => {
    folder('from/in');
    const path = write('from/in/file', 'text');
    utimesSync(path, 1_000_000, 1_000_000);
    symlinkSync('file', join(home, 'from/in/link'));
    expect(await run(copyScript('from', '~/to', false, 'u'))).toMatchObject({ code: 0 });
    expect(readFileSync(join(home, 'to/in/file'), 'utf8')).toBe('text');
    expect(statSync(join(home, 'to/in/file'))).toMatchObject({ mtimeMs: 1_000_000_000, mode: 0o100640 });
    expect(lstatSync(join(home, 'to/in/link')).isSymbolicLink()).toBe(true);
    const refused = { code: 1, stderr: expect.stringContaining('File exists') };
    expect(await run(copyScript(path, 'to/in/file', false, 'u'))).toMatchObject(refused);
    expect(await run(copyScript(path, 'to', true, 'u'))).toMatchObject(refused);
    write('to/in/file', 'old');
    expect(await run(copyScript(path, 'to/in/file', true, 'u'))).toMatchObject({ code: 0 });
    expect(readFileSync(join(home, 'to/in/file'), 'utf8')).toBe('text');
    expect(await run(copyScript('from', 'from/in/again', false, 'u'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('into itself'),
    });
    expect(await run(copyScript('from', 'absent/to', false, 'u'))).toMatchObject({
      stderr: expect.stringMatching(/no such|can't cd|cannot/i),
    });
    expect(readdirSync(join(home, 'from/in')).sort()).toEqual(['file', 'link']);
  });

  test('a mode is set, and a name is no option', async () => {
    write('-R');
    expect(await run(setModeScript('-R', 0o600, 0o777))).toMatchObject({ code: 0 });
    expect(statSync(join(home, '-R')).mode & 0o7777).toBe(0o600);
    expect(await run(setModeScript('absent', 0o600, 0o777))).toMatchObject({ code: 1 });
  });

  test('bits that nobody asked about stay, also setgid of a folder, and those that were asked about change', async () => {
    const path = folder('shared');
    const modeAfter = async (mode: number, mask: number) => {
      expect(await run(setModeScript('shared', mode, mask))).toMatchObject({ code: 0, stderr: '' });
      return statSync(path).mode & 0o7777;
    };
    chmodSync(path, 0o3775);
    expect(await modeAfter(0o750, 0o777)).toBe(0o3750);
    expect(await modeAfter(0o004, 0o004)).toBe(0o3754);
    expect(await modeAfter(0o0700, 0o7777)).toBe(0o700);
    expect(await modeAfter(0o2750, 0o7777)).toBe(0o2750);
    expect(await modeAfter(0, 0)).toBe(0o2750);
  });

  test('the trash holds what is put there, and gives it back where it was', async () => {
    const path = write('a "b"\'s', 'text');
    const id = trashId(1_796_000_000_000, 'ab12');
    const { code, stdout } = await run(trashScript(path, id));
    expect(code).toBe(0);
    const trash = readPath(Buffer.from(stdout));
    expect(trash).toBe(join(home, '.tunel-trash', id));
    expect([existsSync(path), statSync(join(home, '.tunel-trash')).mode & 0o777]).toEqual([false, 0o700]);
    const listed = await run(trashedScript(''));
    expect(readTrashed(Buffer.from(listed.stdout))).toEqual([{ trash, path, trashedAt: 1_796_000_000_000 }]);
    write('a "b"\'s', 'another');
    expect(await run(restoreScript(trash))).toMatchObject({ code: 1, stderr: expect.stringContaining('File exists') });
    rmSync(path);
    const restored = await run(restoreScript(trash));
    expect([restored.code, readPath(Buffer.from(restored.stdout))]).toEqual([0, path]);
    expect(readFileSync(path, 'utf8')).toBe('text');
    expect(readdirSync(join(home, '.tunel-trash'))).toEqual([]);
  });

  test('a folder is put back although the one it was in has gone; the trash and the home directory are not put in it', async () => {
    folder('work/run');
    write('work/run/.hidden');
    symlinkSync('run', join(home, 'work/link'));
    const link = readPath(Buffer.from((await run(trashScript('~/work/link', 'l-1'))).stdout));
    expect(existsSync(join(home, 'work/run/.hidden'))).toBe(true);
    const trash = readPath(Buffer.from((await run(trashScript('work/run', 'r-1'))).stdout));
    rmSync(join(home, 'work'), { recursive: true });
    expect(await run(restoreScript(trash))).toMatchObject({ code: 0 });
    expect(await run(restoreScript(link))).toMatchObject({ code: 0 });
    expect(readdirSync(join(home, 'work/run'))).toEqual(['.hidden']);
    expect(lstatSync(join(home, 'work/link')).isSymbolicLink()).toBe(true);
    for (const path of ['', base, '/']) expect((await run(trashScript(path, 'x-1'))).code, path).toBe(HOME_KEPT);
    for (const path of ['.tunel-trash', '.tunel-trash/r-1'])
      expect([IN_TRASH, 1], path).toContain((await run(trashScript(path, 'x-1'))).code);
    expect(await run(restoreScript('work/run'))).toMatchObject({ code: IN_TRASH });
  });

  test('a trash of another user is left alone, and what is lost from the trash is not said to be restored', async () => {
    const others = join(home, '.tunel-trash');
    // What root owns is another user's, but for root itself.
    if (process.getuid?.() === 0) {
      mkdirSync(others);
      chownSync(others, 4242, 4242);
    } else symlinkSync('/usr', others);
    const path = write('mine');
    const trash = readPath(Buffer.from((await run(trashScript('mine', 'm-1'))).stdout));
    expect(trash).toBe(`${others}-${process.getuid?.()}/m-1`);
    expect(readTrashed(Buffer.from((await run(trashedScript(''))).stdout))).toMatchObject([{ trash, path }]);
    expect((await run(trashScript(trash, 'x-1'))).code).toBe(IN_TRASH);
    expect(await run(restoreScript(trash))).toMatchObject({ code: 0 });
    expect(existsSync(path)).toBe(true);
    const again = readPath(Buffer.from((await run(trashScript('mine', 'm-2'))).stdout));
    rmSync(join(again, 'content/mine'));
    expect(await run(restoreScript(again))).toMatchObject({ code: 1, stderr: expect.stringContaining('No such file') });
  });

  test('a home directory that is a link has one trash', async () => {
    const path = write('file');
    symlinkSync(home, join(base, 'link'));
    const linked = (script: string) =>
      runCommand(program, [...args, '-s'], { input: `HOME=${quote(join(base, 'link'))}; export HOME\n${script}` });
    const trash = readPath(Buffer.from((await linked(trashScript('file', 'f-1'))).stdout));
    expect(trash).toBe(join(home, '.tunel-trash/f-1'));
    expect(readTrashed(Buffer.from((await linked(trashedScript(''))).stdout))).toMatchObject([{ trash, path }]);
    await linked(restoreScript(trash));
    expect(existsSync(path)).toBe(true);
  });

  test('what was put in the trash long ago goes when something else is', async () => {
    write('old');
    write('new');
    const old = readPath(Buffer.from((await run(trashScript('old', 'old-1'))).stdout));
    utimesSync(old, new Date(Date.now() - 8 * 86_400_000), new Date(Date.now() - 8 * 86_400_000));
    const trash = readPath(Buffer.from((await run(trashScript('new', 'new-1'))).stdout));
    await vi.waitFor(() => expect(existsSync(old)).toBe(false), 5000);
    expect(existsSync(join(trash, 'content/new'))).toBe(true);
  });

  test('a name of any bytes is found, moved and put back', async () => {
    const bytes = Buffer.from([0x61, 0xff, 0xfe, 0x0a, 0x1b, 0x27, 0xe2, 0x82, 0xac, 0x0a]);
    writeFileSync(Buffer.concat([Buffer.from(`${home}/`), bytes]), 'odd');
    const name = decodeName(bytes);
    expect(name).toMatch(/^[\P{Cc}\t]*$/u);
    expect(readStat(Buffer.from((await run(statScript(name))).stdout))).toMatchObject({ kind: 'file', size: 3 });
    const trash = readPath(Buffer.from((await run(trashScript(name, 'b-1'))).stdout));
    expect(await run(restoreScript(trash))).toMatchObject({ code: 0 });
    expect(readdirSync(home, { encoding: 'buffer' }).some((found) => found.equals(bytes))).toBe(true);
    expect(await run(moveScript(name, 'even', false))).toMatchObject({ code: 0 });
    expect(readFileSync(join(home, 'even'), 'utf8')).toBe('odd');
  });

  test('a folder is made for its owner only; with parents it may be there', async () => {
    expect(await run(makeDirectoryScript('new', false))).toMatchObject({ code: 0 });
    expect(statSync(join(home, 'new')).mode & 0o777).toBe(0o700);
    expect(await run(makeDirectoryScript('new', false))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('File exists'),
    });
    expect(await run(makeDirectoryScript('new', true))).toMatchObject({ code: 0 });
    expect(await run(makeDirectoryScript('a/b', false))).toMatchObject({ code: 1 });
    expect(await run(makeDirectoryScript('a/b', true))).toMatchObject({ code: 0 });
  });
});

test.each([
  ['~', '.'],
  ['~/a b', 'a b'],
  ['~//a', 'a'],
  ['a/~/b', 'a/~/b'],
  ['-rf', './-rf'],
  ['/~/x', '/~/x'],
  ['~ada', '~ada'],
])('sftp finds %s as %s', (path, relative) => expect(sftpPath(path)).toBe(relative));
