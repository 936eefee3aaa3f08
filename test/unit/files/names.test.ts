import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { downloadPart } from '../../../electron/core/files/download-part.ts';
import { EntryReader } from '../../../electron/core/files/entry-reader.ts';
import { createFiles } from '../../../electron/core/files/files.ts';
import { readSpace } from '../../../electron/core/files/space-script.ts';
import { clusterSchema } from '../../../electron/shared/clusters.ts';
import { decodeName, displayName, hasOddBytes, splitName } from '../../../electron/shared/file-names.ts';
import { LocalConnections } from '../../integration/instances/local-connections.ts';

const encode = (name: string): Buffer =>
  Buffer.concat(splitName(name).map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

test.each([
  [[0x61, 0x62], 'ab', 'ab'],
  [[0xe2, 0x82, 0xac], '€', '€'],
  [[0xf0, 0x9f, 0x98, 0x80], '😀', '😀'],
  [[0x6d, 0xff, 0x6e], 'm\udcffn', 'm\\xffn'],
  [[0xe2, 0x82], '\udce2\udc82', '\\xe2\\x82'],
  [[0x61, 0x0a], 'a\udc0a', 'a\\n'],
  [[0xc2, 0x85], '\udcc2\udc85', '\\xc2\\x85'],
  [[0x61, 0x09], 'a\t', 'a\\t'],
  [[0xef, 0xbb, 0xbf, 0x61], '\ufeffa', '\ufeffa'],
  [[0xed, 0xb3, 0xbf], '\udced\udcb3\udcbf', '\\xed\\xb3\\xbf'],
  [[0x61, 0xe2, 0x80, 0xae, 0x62], 'a\u202eb', 'a\\u202eb'],
])('bytes %j are the name %j, shown as %s', (bytes, name, shown) => {
  expect(decodeName(Uint8Array.from(bytes))).toBe(name);
  expect([...encode(name)]).toEqual(bytes);
  expect(displayName(name)).toBe(shown);
});

test('every byte in every place comes back', () => {
  for (let byte = 1; byte < 256; byte += 1) {
    for (const bytes of [[byte], [0x61, byte, 0x62], [0xe2, byte, 0x80], [byte, byte, byte, byte]])
      expect([...encode(decodeName(Uint8Array.from(bytes)))], String(bytes)).toEqual(bytes);
  }
  expect([hasOddBytes('a\udcff'), hasOddBytes('😀')]).toEqual([true, false]);
});

const pieces = (bytes: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );

test.each([1, 7, 64, 4096])('entries are read from pieces of %d bytes', (size) => {
  const output = Buffer.concat([
    Buffer.from('/home/ada\0ff 12 1700000000.5 640 1000\0a b\0\0ld 4 1700000000.1 777 0\0link\0to here\0'),
    Buffer.from('lN - - - -\0'),
    Buffer.from([0xff]),
    Buffer.from('\0\0ff 1 '),
  ]);
  const reader = new EntryReader();
  const entries = pieces(output, size).flatMap((piece) => reader.push(piece));
  expect([reader.path, reader.isWhole]).toEqual(['/home/ada', false]);
  expect(entries).toEqual([
    {
      name: 'a b',
      kind: 'file',
      link: false,
      size: 12,
      modified: 1_700_000_000_500,
      mode: 0o640,
      owner: '1000',
      target: null,
    },
    {
      name: 'link',
      kind: 'folder',
      link: true,
      size: null,
      modified: 1_700_000_000_100,
      mode: 0o777,
      owner: '0',
      target: 'to here',
    },
    { name: '\udcff', kind: 'other', link: true, size: null, modified: null, mode: null, owner: null, target: null },
  ]);
});

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-names-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a folder with names of any bytes is listed as it is', async () => {
  const { runCommand } = await import('../../helpers/clusters.ts');
  const { listAllScript } = await import('../../../electron/core/files/list-script.ts');
  const odd = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x6d, 0xff, 0x0a, 0x6e])]);
  writeFileSync(odd, 'x');
  symlinkSync(Buffer.from([0xfe, 0x41]), join(folder, 'link'));
  const script = `(${listAllScript(folder)}) | od -An -v -tx1`;
  const { stdout } = await runCommand('sh', ['-s'], { input: script });
  const reader = new EntryReader();
  const entries = reader.push(Buffer.from(stdout.replace(/\s/g, ''), 'hex'));
  expect(entries.map(({ name, target }) => [name, target]).sort()).toEqual([
    ['link', '\udcfeA'],
    ['m\udcff\udc0an', null],
  ]);
});

test('a folder whose own path has bytes that are no text is listed, and what is in it is found', async () => {
  const odd = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x64, 0xff])]);
  mkdirSync(odd);
  for (const name of ['a', 'b', 'c']) writeFileSync(Buffer.concat([odd, Buffer.from(`/${name}`)]), 'x');
  const connections = new LocalConnections(folder);
  const cluster = () => clusterSchema.parse({ id: 'c', name: 'C', createdAt: 1, host: 'login.example', user: 'ada' });
  const files = createFiles({ connections, cluster });
  const path = `${folder}/d\udcff`;
  const list = await files.list({ clusterId: 'c', path, nearest: false, limit: 2 });
  expect([list.path, list.entries.length, list.truncated]).toEqual([path, 2, true]);
  expect((await files.stat({ clusterId: 'c', path: `${list.path}/a` })).kind).toBe('file');
  const nearest = await files.list({ clusterId: 'c', path: `${path}/absent/x`, nearest: true });
  expect([nearest.path, nearest.entries.length]).toEqual([path, 3]);
  await connections.dispose();
});

test('a terminal begins in a folder whose name has any bytes', async () => {
  const { runCommand } = await import('../../helpers/clusters.ts');
  const { shellIn } = await import('../../../renderer/features/files/open-terminal-at.ts');
  const odd = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x6d, 0xff, 0x0a, 0x27])]);
  mkdirSync(odd);
  writeFileSync(Buffer.concat([odd, Buffer.from('/here')]), 'x');
  const script = shellIn(`${folder}/m\udcff\udc0a'`).replace(/exec .*/, 'exec ls');
  expect((await runCommand('sh', ['-s'], { input: script })).stdout).toBe('here\n');
});

test.each([
  [
    'a disk without a quota',
    '/dev/sda1 41152736 30000000 9012736 77% /\0/dev/sda1 2621440 402111 2219329 16% /\0\0\0',
    { total: 41_152_736 * 1024, free: 9_012_736 * 1024, filesTotal: 2_621_440, filesFree: 2_219_329, quota: null },
  ],
  [
    'quota -w, over the soft limit',
    [
      'nas:/home 100 50 50 50% /home',
      'nas:/home 0 0 0 - /home',
      '',
      'Disk quotas for user ada (uid 1000): \n     Filesystem  blocks   quota   limit   grace   files   quota   limit   grace\n      nas:/home  26812* 25600   30720   6days     210       0       0        \n',
    ].join('\0'),
    {
      total: 102_400,
      free: 51_200,
      filesTotal: null,
      filesFree: null,
      quota: { bytes: 26_812 * 1024, bytesLimit: 25_600 * 1024, files: 210, filesLimit: null },
    },
  ],
  [
    'quota -w, below it',
    'nas:/home 100 50 50 50% /home\0\0\0      nas:/home   6812  25600   30720             210     900    1000        \n',
    { quota: { bytes: 6812 * 1024, bytesLimit: 25_600 * 1024, files: 210, filesLimit: 900 } },
  ],
  [
    'lfs quota -q',
    'a:/s 100 50 50 50% /s\0\0        /mnt/lustre   1024  307200  309200       -      12   10000   11000       -\n\0',
    { quota: { bytes: 1024 * 1024, bytesLimit: 307_200 * 1024, files: 12, filesLimit: 10_000 } },
  ],
  ['nothing', '\0\0\0\0', { total: null, free: null, filesTotal: null, filesFree: null, quota: null }],
])('space is read from %s', (_what, output, space) => expect(readSpace(output)).toMatchObject(space));

test('a name that would lead out of its folder is none', () => {
  const names = ['..', '.', '../.bashrc', 'a/b', '/etc/passwd', '..a', 'a..'];
  const output = names.map((name) => `ff 1 1 644 1\0${name}\0\0`).join('');
  expect(new EntryReader().push(Buffer.from(`/home\0${output}`)).map(({ name }) => name)).toEqual(['..a', 'a..']);
});

test('below a folder of any bytes a file is read, measured, put in the trash and put back', async () => {
  const odd = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x64, 0xff])]);
  mkdirSync(odd);
  writeFileSync(Buffer.concat([odd, Buffer.from('/file')]), '0123456789');
  mkdirSync(Buffer.concat([odd, Buffer.from([0x2f, 0x69, 0xfe])]));
  const connections = new LocalConnections(folder);
  const cluster = () => clusterSchema.parse({ id: 'c', name: 'C', createdAt: 1, host: 'login.example', user: 'ada' });
  const files = createFiles({ connections, cluster });
  const at = (name: string) => ({ clusterId: 'c', path: `${folder}/d\udcff${name}` });
  expect(await files.stat(at('/file'))).toMatchObject({ path: at('/file').path, size: 10 });
  const usage = await files.usage(at(''));
  expect(usage.folders.map(({ name }) => name)).toEqual(['i\udcfe']);
  const { trash } = await files.trash(at('/file'));
  expect(await files.trashed(at(''))).toMatchObject([{ trash, path: at('/file').path }]);
  expect(await files.restore({ clusterId: 'c', trash })).toEqual({ path: at('/file').path });
  const { connection } = await connections.acquire('c');
  const read: Uint8Array[] = [];
  const part = { offset: 2, maxBytes: 3, signal: new AbortController().signal };
  const count = await downloadPart(connection, at('/file').path, async (chunk) => void read.push(chunk), part);
  expect([count, Buffer.concat(read).toString()]).toEqual([3, '234']);
  await connections.dispose();
});

test('what never ends is not kept as the name of a file', () => {
  const reader = new EntryReader();
  const push = () => reader.push(Buffer.alloc(64 * 1024, 'x'));
  expect(() => Array.from({ length: 20 }, push)).toThrow(expect.objectContaining({ code: 'command-failed' }));
});
