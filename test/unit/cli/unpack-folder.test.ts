import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { partOf } from '../../../cli/transfer/byte-copies.ts';
import { unpackFolder } from '../../../cli/transfer/unpack-folder.ts';

let folder = '';
const at = (name: string) => join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-unpack-'));
  mkdirSync(at('elsewhere'));
  mkdirSync(at('into'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function unpack(...names: string[]) {
  const archive = pack();
  for (const name of names) archive.entry({ name }, name);
  archive.finalize();
  return unpackFolder(Readable.from(archive), at('into'));
}

test('writes files with their folders, and over files', async () => {
  writeFileSync(at('into/a'), 'old');
  expect(await unpack('a', './b/c/d')).toEqual({ files: 2, left: [] });
  expect([readFileSync(at('into/a'), 'utf8'), readFileSync(at('into/b/c/d'), 'utf8')]).toEqual(['a', './b/c/d']);
});

test.each(['../elsewhere/a', '/elsewhere/a', 'a/../../elsewhere/a', 'C:\\elsewhere\\a', 'a\\..\\..\\elsewhere\\a'])(
  'writes nothing for the name %s',
  async (name) => {
    await expect(unpack(name)).rejects.toMatchObject({ code: 'bad-input' });
    expect(readdirSync(at('elsewhere'))).toEqual([]);
  },
);

test('writes nothing behind a link that is there', async () => {
  symlinkSync('../elsewhere', at('into/link'));
  await expect(unpack('link/a')).rejects.toMatchObject({ code: 'bad-input' });
  mkdirSync(at('into/b'));
  symlinkSync('../../elsewhere', at('into/b/link'));
  await expect(unpack('b/link/deep/a')).rejects.toMatchObject({ code: 'bad-input' });
  symlinkSync('../elsewhere/b', partOf(at('into/c')));
  expect(await unpack('c')).toEqual({ files: 1, left: [] });
  expect([readdirSync(at('elsewhere')), existsSync(at('into/c'))]).toEqual([[], true]);
});
