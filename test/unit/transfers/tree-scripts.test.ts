import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  entryScript,
  LookReader,
  NOT_ENTERED,
  NOTHING_THERE,
  PairReader,
  readEntry,
  TreeReader,
  treeScript,
} from '../../../electron/core/transfers/tree-script.ts';
import { writeTo } from '../../helpers/transfer-desk.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-tree-'));
  chmodSync(folder, 0o755);
});
afterEach(() => {
  for (const name of ['closed', 'unread']) spawnSync('chmod', ['-R', '755', join(folder, 'data', name)]);
  rmSync(folder, { recursive: true, force: true });
});

const NOBODY = 65_534;

/** By a user whom permissions concern. */
function run(script: string, path = process.env.PATH): { status: number | null; stdout: Buffer } {
  const isRoot = process.getuid?.() === 0;
  const { status, stdout } = spawnSync('/bin/sh', ['-c', script], {
    env: { ...process.env, PATH: path },
    cwd: folder,
    ...(isRoot && { uid: NOBODY, gid: NOBODY }),
  });
  return { status, stdout };
}

function readTree(script: string, path?: string) {
  const reader = new TreeReader();
  const { status, stdout } = run(script, path);
  new PairReader(reader.add).add(stdout);
  return { status, reader };
}

/** As finds that know neither how to print nor what can be read. */
function pathOfPlainFind(): string {
  const find = writeTo(
    join(folder, 'bin/find'),
    `#!/bin/sh
for word; do case $word in -printf | -readable | -ignore_readdir_race) exit 1 ;; esac; done
PATH=/usr/bin:/bin exec find "$@"
`,
  );
  chmodSync(find, 0o755);
  return `${join(folder, 'bin')}:${process.env.PATH}`;
}

describe.each([
  ['the find of GNU', () => process.env.PATH],
  ['any other find', pathOfPlainFind],
])('%s', (_name, path) => {
  test('lists all, and names the folders that cannot be read, whatever they are called', () => {
    writeTo(join(folder, 'data/a'), 'a');
    writeTo(join(folder, 'data/unread/within'), 'x');
    const odd = "data/closed/find: \u2018x\u2019: Permission denied\n'y'";
    writeTo(join(folder, odd, 'within'), 'x');
    symlinkSync('unread', join(folder, 'data/link'));
    chmodSync(join(folder, 'data/unread'), 0o311);
    chmodSync(join(folder, odd), 0o400);
    const { status, reader } = readTree(treeScript(join(folder, 'data'), false), path());
    expect(status).toBe(0);
    expect(reader.unread.sort()).toEqual([odd.slice('data/'.length), 'unread']);
    expect(reader.files.map(({ name }) => name)).toEqual(expect.arrayContaining(['', 'a', 'link', 'unread', 'closed']));
    expect([0, 1]).toContain(reader.exitCode);
    chmodSync(join(folder, odd), 0o755);
  });

  test('takes an unreadable folder for one, although its name looks like an entry', () => {
    const name = 'd 3 4 7 x';
    mkdirSync(join(folder, 'data', name), { recursive: true });
    chmodSync(join(folder, 'data', name), 0o311);
    const { reader } = readTree(treeScript(join(folder, 'data'), false), path());
    chmodSync(join(folder, 'data', name), 0o755);
    expect(reader.unread).toEqual([name]);
    expect(reader.files.map((file) => file.name).sort()).toEqual(['', name]);
  });

  test('says by its code why there is nothing', () => {
    writeTo(join(folder, 'data/file'), 'x');
    mkdirSync(join(folder, 'data/closed/deep'), { recursive: true });
    chmodSync(join(folder, 'data/closed'), 0o600);
    for (const script of [treeScript, entryScript]) {
      const code = (name: string) => run(script(join(folder, name), false), path()).status;
      expect(code('data/absent')).toBe(NOTHING_THERE);
      expect(code('absent/and/deep')).toBe(NOTHING_THERE);
      expect(code('data/file/below')).toBe(NOTHING_THERE);
      expect(code('data/closed/deep')).toBe(NOT_ENTERED);
    }
  });

  test('describes one path alone', () => {
    writeTo(join(folder, 'data/file'), 'four');
    const [line = '', link = ''] = run(entryScript(join(folder, 'data'), false), path())
      .stdout.toString()
      .split('\0');
    expect(readEntry(line, link)).toMatchObject({ name: '', kind: 'folder' });
    const [own = ''] = run(entryScript(join(folder, 'data/file'), false), path())
      .stdout.toString()
      .split('\0');
    expect(readEntry(own, '')).toMatchObject({ name: '', kind: 'file', size: 4 });
  });
});

test('a list comes in pieces of any size', () => {
  const text = Buffer.from('/f\0\0f f 5 1.5 644 \u00fc\0\0l f 3 2 777 link\0\u00fc\0\0\0/g\0\0d d 1 1 755 sub\0\0\0\0');
  for (const size of [1, 2, 3, 7, 1000]) {
    const reader = new LookReader();
    const pairs = new PairReader(reader.add);
    for (let at = 0; at < text.length; at += size) pairs.add(text.subarray(at, at + size));
    expect([...reader.found.keys()]).toEqual(['/f/\u00fc', '/f/link', '/g/sub']);
    expect(reader.found.get('/f/link')?.link).toBe('\u00fc');
  }
});
