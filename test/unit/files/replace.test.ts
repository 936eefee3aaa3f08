import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FILE_CHANGED, replaceScript } from '../../../electron/core/files/replace-script.ts';
import { readStat, statScript } from '../../../electron/core/files/stat-scripts.ts';
import { quote } from '../../../electron/shared/shell-quote.ts';
import { runCommand } from '../../helpers/clusters.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tunel-replace-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const isRoot = process.getuid?.() === 0;

describe.each([['sh'], ['busybox', 'sh'], ['ksh'], ['mksh'], ['bash', '--posix']])('in %s', (program, ...args) => {
  /** `setup`: what the shell does before. */
  const replace = (path: string, old: string, text: string, { version = null as string | null, setup = '' } = {}) => {
    const script = replaceScript({ path, bytes: text.length, sha256: sha256(old), version, unique: 'ab12' });
    const input = `HOME=${quote(home)}; export HOME\n${setup}\n${script}`;
    return runCommand(program, [...args, '-c', input], { input: text, check: false });
  };
  const file = (name: string, text: string, mode = 0o640): string => {
    writeFileSync(join(home, name), text);
    chmodSync(join(home, name), mode);
    return join(home, name);
  };

  test('a file with the content that was read gets another one, and keeps its mode and its name only', async () => {
    const path = file("a 'b'", 'old', 0o2754);
    const before = statSync(path);
    expect(await replace(path, 'old', 'new content')).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(path, 'utf8')).toBe('new content');
    expect(statSync(path)).toMatchObject({ mode: before.mode, uid: before.uid, gid: before.gid });
    expect(statSync(path).ino).not.toBe(before.ino);
    expect(readdirSync(home)).toEqual(["a 'b'"]);
  });

  test('a file that was written meanwhile stays, and so does one that is gone or is a folder', async () => {
    const path = file('file', 'theirs');
    expect(await replace(path, 'old', 'mine')).toMatchObject({ code: FILE_CHANGED });
    expect(readFileSync(path, 'utf8')).toBe('theirs');
    rmSync(path);
    expect(await replace(path, 'old', 'mine')).toMatchObject({ code: FILE_CHANGED });
    mkdirSync(path);
    expect(await replace(path, 'old', 'mine')).toMatchObject({ code: FILE_CHANGED });
    expect(readdirSync(home)).toEqual(['file']);
  });

  test('the last link stays a link, and all names of a file show its new content', async () => {
    mkdirSync(join(home, 'data'));
    const path = file('data/file', 'old');
    symlinkSync('data/file', join(home, 'inner'));
    symlinkSync('inner', join(home, 'outer'));
    expect(await replace('outer', 'old', 'one')).toMatchObject({ code: 0 });
    expect([readFileSync(path, 'utf8'), lstatSync(join(home, 'outer')).isSymbolicLink()]).toEqual(['one', true]);
    expect(lstatSync(join(home, 'inner')).isSymbolicLink()).toBe(true);
    linkSync(path, join(home, 'other'));
    expect(await replace(path, 'one', 'two')).toMatchObject({ code: 0 });
    expect(readFileSync(join(home, 'other'), 'utf8')).toBe('two');
    expect(readdirSync(join(home, 'data'))).toEqual(['file']);
  });

  test.runIf(isRoot)('a file of another user keeps its owner and group', async () => {
    const path = file('file', 'old', 0o664);
    chownSync(path, 4242, 4243);
    expect(await replace(path, 'old', 'new')).toMatchObject({ code: 0 });
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path)).toMatchObject({ uid: 4242, gid: 4243, mode: 0o100664 });
  });

  test('without a program for hashes size, time and inode decide', async () => {
    const setup = 'sha256sum() { return 127; }; shasum() { return 127; }; openssl() { return 127; }';
    const path = file('file', 'old');
    const { stdout } = await runCommand('sh', ['-s'], { input: `HOME=${quote(home)}\n${statScript(path)}` });
    const { version } = readStat(Buffer.from(stdout));
    expect(await replace(path, 'something else', 'new', { version: '3-1.0-2', setup })).toMatchObject({
      code: FILE_CHANGED,
    });
    expect(await replace(path, 'something else', 'new', { version, setup })).toMatchObject({ code: 0 });
    expect(readFileSync(path, 'utf8')).toBe('new');
  });

  test('without a program for hashes and a version nothing is replaced', async () => {
    const setup = 'sha256sum() { return 127; }; shasum() { return 127; }; openssl() { return 127; }';
    const path = file('file', 'theirs');
    const { code, stderr } = await replace(path, 'old', 'new', { setup });
    expect([code, stderr]).toEqual([1, expect.stringContaining('SHA-256')]);
    expect(readFileSync(path, 'utf8')).toBe('theirs');
  });

  /** Does `then` when half of the new content is in the file. */
  const half = (then: string) =>
    `cat() { case $2 in */sent) command head -c 2 -- "$2"; ${then}; command tail -c +3 -- "$2" ;; *) command cat "$@" ;; esac; }`;

  test('a file that is written in place is written to its end, also where the program is told to end', async () => {
    const path = file('file', 'old content');
    linkSync(path, join(home, 'other'));
    expect(await replace(path, 'old content', 'new', { setup: half('kill -s TERM $$') })).toMatchObject({ code: 0 });
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(await replace(path, 'new', 'newer', { setup: half('return 1') })).toMatchObject({ code: 1 });
    expect([readFileSync(path, 'utf8'), readdirSync(home)]).toEqual(['new', ['file', 'other']]);
  });

  test('what a file held is kept where it can be neither written nor put back', async () => {
    const path = file('file', 'old');
    linkSync(path, join(home, 'other'));
    const setup = 'cat() { case $2 in */sent | */old) return 1 ;; *) command cat "$@" ;; esac; }';
    const { code, stderr } = await replace(path, 'old', 'new', { setup });
    const kept = join(home, '.tunel-edit-ab12', 'old');
    expect([code, stderr]).toEqual([1, expect.stringContaining(kept)]);
    expect(readFileSync(kept, 'utf8')).toBe('old');
  });

  test('files that somebody else puts beside it are neither read nor written', async () => {
    const path = file('file', 'old');
    linkSync(path, join(home, 'other'));
    const victim = file('victim', 'precious');
    const setup = `wc() { ln -s victim "$t.new"; ln -s victim "$t.old"; command wc "$@"; }`;
    await replace(path, 'old', 'new', { setup });
    expect([readFileSync(victim, 'utf8'), readFileSync(path, 'utf8')]).toEqual(['precious', 'new']);
  });

  test('an upload that is not whole changes nothing', async () => {
    const path = file('file', 'old');
    const script = replaceScript({ path, bytes: 100, sha256: sha256('old'), version: null, unique: 'ab12' });
    const { code, stderr } = await runCommand(program, [...args, '-c', script], { input: 'half', check: false });
    expect([code, stderr]).toEqual([1, expect.stringContaining('4 of 100 bytes arrived')]);
    expect([readFileSync(path, 'utf8'), readdirSync(home)]).toEqual(['old', ['file']]);
  });
});
