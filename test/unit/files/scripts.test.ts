import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  HOME_KEPT,
  makeDirectoryScript,
  moveScript,
  removeScript,
} from '../../../electron/core/files/change-scripts.ts';
import { sftpPath } from '../../../electron/core/files/paths.ts';
import { readStat, readUsage, statScript, usageScript } from '../../../electron/core/files/stat-scripts.ts';
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
    const stat = async (name: string) => readStat((await run(statScript(name))).stdout);
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
    const { bytes, folders, complete } = readUsage((await run(usageScript('data'))).stdout);
    expect(complete).toBe(true);
    expect(folders.map(({ name }) => name)).toEqual(['large', 'small']);
    expect(folders[0]?.bytes).toBeGreaterThanOrEqual(200_000);
    expect(bytes).toBeGreaterThan(folders[0]?.bytes ?? 0);
    const file = readUsage((await run(usageScript('data/large/file'))).stdout);
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
