import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLocalFiles } from '../../../electron/platform/local-files.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { fromLocalPath, toLocalPath } from '../../../electron/shared/local-path.ts';

let folder = '';
const trashed: string[] = [];
const files = createLocalFiles({
  isWindows: false,
  trashItem: async (path) => void trashed.push(path),
  knownFolders: () => [{ name: 'Downloads', path: '/d' }],
});
const { signal } = new AbortController();
const at = (name: string) => join(folder, name);
const failure = (work: Promise<unknown>): Promise<AppError> =>
  work.then(
    () => Promise.reject(new Error('it went well')),
    (error: unknown) => AppError.from(error),
  );

beforeEach(() => {
  trashed.length = 0;
  folder = mkdtempSync(join(tmpdir(), 'tunel-local-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('files of this computer', () => {
  test('are listed as those of a cluster are, whatever bytes their names have', async () => {
    writeFileSync(at('a b'), '12345', { mode: 0o640 });
    mkdirSync(at('data'));
    symlinkSync('data', at('link'));
    symlinkSync('nowhere', at('broken'));
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/m`), Buffer.from([0xff, 0x0a])]), 'x');
    const { path, entries, truncated } = await files.list(folder, signal);
    expect([path, truncated]).toEqual([folder, false]);
    const named = Object.fromEntries(entries.map((entry) => [entry.name, entry]));
    expect(named['a b']).toMatchObject({ kind: 'file', size: 5, mode: 0o640, link: false });
    expect(named.data).toMatchObject({ kind: 'folder', size: null });
    expect(named.link).toMatchObject({ kind: 'folder', link: true, target: 'data' });
    expect(named.broken).toMatchObject({ kind: 'other', link: true, target: 'nowhere' });
    expect(named['m\udcff\udc0a']).toMatchObject({ kind: 'file' });
    await files.move(at('m\udcff\udc0a'), at('m'));
    expect(readFileSync(at('m'), 'utf8')).toBe('x');
    expect(files.places().map(({ name }) => name)).toEqual(['Home', 'Downloads']);
    expect((await files.space(folder)).total).toBeGreaterThan(0);
  });

  test('are made, moved, copied, read and removed, and nothing is replaced', async () => {
    await files.makeFile(at('one'));
    await files.makeDirectory(at('folder'));
    writeFileSync(at('folder/in'), '0123456789');
    await files.copy(at('folder'), at('copy'), signal);
    expect(readFileSync(at('copy/in'), 'utf8')).toBe('0123456789');
    expect(Buffer.from(await files.read(at('copy/in'), 3, 4)).toString()).toBe('3456');
    expect(await files.read(at('copy/in'), 8, 100)).toHaveLength(2);
    for (const work of [
      files.makeFile(at('one')),
      files.makeDirectory(at('folder')),
      files.move(at('one'), at('folder')),
      files.copy(at('one'), at('copy/in'), signal),
    ])
      expect((await failure(work)).code).toBe('conflict');
    expect((await failure(files.list(at('absent'), signal))).code).toBe('not-found');
    expect((await failure(files.list(at('one'), signal))).code).toBe('not-found');
    await files.setMode(at('one'), { mode: 0o600 });
    expect(statSync(at('one')).mode & 0o777).toBe(0o600);
    await files.setMode(at('one'), { mode: 0o040, mask: 0o060 });
    expect(statSync(at('one')).mode & 0o777).toBe(0o640);
    await files.remove(at('folder'));
    await files.trash(at('one'));
    expect(trashed).toEqual([at('one')]);
    expect(readdirSync(folder).sort()).toEqual(['copy', 'one']);
  });

  test('are not replaced by one whose name differs in the case of its letters alone', async () => {
    writeFileSync(at('report'), 'old');
    writeFileSync(at('REPORT'), 'new');
    const isOneFile = readFileSync(at('report'), 'utf8') === 'new';
    const moved = isOneFile ? null : await failure(files.move(at('report'), at('REPORT')));
    expect([moved?.code ?? 'conflict', readFileSync(at('REPORT'), 'utf8')]).toEqual(['conflict', 'new']);
  });

  test('are copied whole or not at all', async () => {
    mkdirSync(at('from'));
    for (const name of ['a', 'b']) writeFileSync(at(`from/${name}`), name);
    mkdirSync(at('to'));
    writeFileSync(at('to/c'), 'c');
    expect((await failure(files.copy(at('from'), at('to'), signal))).code).toBe('conflict');
    const cancelled = AbortSignal.abort(new AppError('cancelled', 'Cancelled.'));
    expect((await failure(files.copy(at('from'), at('again'), cancelled))).code).toBe('cancelled');
    expect((await failure(files.copy(at('absent'), at('again'), signal))).code).toBe('not-found');
    expect([readdirSync(at('to')), readdirSync(folder).sort()]).toEqual([['c'], ['from', 'to']]);
  });

  test('are never another file where the system takes text alone', async () => {
    writeFileSync(at('m\ufffd'), 'another');
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/m`), Buffer.from([0xff])]), 'odd');
    for (const work of [files.trash(at('m\udcff')), files.copy(at('m\udcff'), at('n'), signal)])
      expect(await failure(work)).toMatchObject({ code: 'bad-input', message: expect.stringContaining('m\\xff') });
    expect(trashed).toEqual([]);
    expect(readdirSync(folder)).not.toContain('n');
  });

  test('are found from the home directory on, and by an absolute path without dots', async () => {
    for (const path of ['', '~', '~/']) expect((await files.list(path, signal)).path).toBe(homedir());
    expect((await failure(files.list('absent/here', signal))).message).toContain('absent/here');
    expect((await files.list(`${folder}/x/..//.`, signal)).path).toBe(folder);
    expect((await files.list(`~/${relative(homedir(), folder)}`, signal)).path).toBe(folder);
  });
});

test.each([
  ['C:\\Users\\ada', '/C:/Users/ada', 'C:/Users/ada'],
  ['C:\\', '/C:/', 'C:/'],
])('%s of Windows is %s in the page', (path, shown, back) => {
  expect(fromLocalPath(path, true)).toBe(shown);
  expect(toLocalPath(shown, true)).toBe(back);
  expect(toLocalPath('/C:', true)).toBe('C:/');
  expect(toLocalPath('/home/C:/x', false)).toBe('/home/C:/x');
});
