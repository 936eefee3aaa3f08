import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex, PassThrough, Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { localName } from '../../../cli/actions/transfer-files.ts';
import { noBar } from '../../../cli/progress-bar.ts';
import { receiveFile, sendFile } from '../../../cli/transfer/byte-copies.ts';
import { receiveFolder, unpackFolder } from '../../../cli/transfer/unpack-folder.ts';
import type { ByteStream } from '../../../electron/client/byte-stream.ts';
import { AppError } from '../../../electron/shared/errors.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-copies-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type CopyStream = ByteStream<unknown, { bytes: number }>;
const streamOf = (data: Duplex, closed: Promise<{ bytes: number }>): CopyStream => {
  closed.catch(() => undefined);
  return { opened: {}, data, stderr: null, closed, control: () => undefined };
};
const idle = new AbortController().signal;

describe('a file from a cluster', () => {
  test('appears when it is complete, with its mode and time', async () => {
    const data = Duplex.from(Readable.from([Buffer.from('one '), Buffer.from('two')]));
    const file = join(folder, 'a');
    const options = { bar: noBar, signal: idle };
    const stream = streamOf(data, Promise.resolve({ bytes: 7 }));
    expect(await receiveFile(stream, file, options, { mode: 0o640, modified: 1_700_000_000_000 })).toBe(7);
    expect(readFileSync(file, 'utf8')).toBe('one two');
    const { mode, mtimeMs } = statSync(file);
    expect([mode & 0o777, mtimeMs]).toEqual([0o640 & ~process.umask(), 1_700_000_000_000]);
    expect(readdirSync(folder)).toEqual(['a']);
  });

  test('that is interrupted leaves what was there, and nothing else', async () => {
    writeFileSync(join(folder, 'a'), 'before');
    const data = new PassThrough();
    const controller = new AbortController();
    const done = receiveFile(streamOf(data, new Promise(() => undefined)), join(folder, 'a'), {
      bar: noBar,
      signal: controller.signal,
    });
    data.write('half');
    await expect.poll(() => readdirSync(folder).length).toBe(2);
    controller.abort();
    await expect(done).rejects.toMatchObject({ code: 'cancelled' });
    expect(readdirSync(folder)).toEqual(['a']);
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('before');
  });

  test('fails with what the engine says, or with what is wrong here', async () => {
    const lost = new AppError('connection-lost', 'Lost.');
    const data = new PassThrough();
    data.destroy(new Error('reset'));
    const options = { bar: noBar, signal: idle };
    await expect(receiveFile(streamOf(data, Promise.reject(lost)), join(folder, 'a'), options)).rejects.toBe(lost);
    const fine = () => streamOf(Duplex.from(Readable.from(['x'])), Promise.resolve({ bytes: 1 }));
    await expect(receiveFile(fine(), join(folder, 'no/a'), options)).rejects.toMatchObject({ code: 'not-found' });
    expect(readdirSync(folder)).toEqual([]);
  });
});

test('a file that cannot be read here says so', async () => {
  const sink = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  const stream = streamOf(sink, new Promise(() => undefined));
  const sent = sendFile(join(folder, 'absent'), stream, { bar: noBar, signal: idle });
  await expect(sent).rejects.toMatchObject({ code: 'not-found', hint: 'Check the path.' });
});

test('a folder that is interrupted has only complete files', async () => {
  const archive = pack();
  archive.entry({ name: './first' }, 'whole');
  const entry = archive.entry({ name: './second', size: 100 });
  entry.write(Buffer.alloc(50));
  const data = new PassThrough();
  archive.on('data', (chunk: unknown) => data.write(chunk));
  const controller = new AbortController();
  const stream = streamOf(data, new Promise(() => undefined));
  const done = receiveFolder(stream, join(folder, 'to'), { bar: noBar, signal: controller.signal });
  done.catch(() => undefined);
  await expect.poll(() => readdirSync(join(folder, 'to')).length).toBe(2);
  controller.abort();
  await expect(done).rejects.toMatchObject({ code: 'cancelled' });
  expect(readdirSync(join(folder, 'to'))).toEqual(['first']);
});

test('a second name of a file comes with its content, and a link that leads elsewhere stays there', async () => {
  writeFileSync(join(folder, 'outside'), 'secret');
  const archive = pack();
  archive.entry({ name: './a/first' }, 'whole');
  archive.entry({ name: './b/second', type: 'link', linkname: './a/first' });
  archive.entry({ name: './none', type: 'link', linkname: './missing' });
  archive.entry({ name: './symbolic', type: 'symlink', linkname: '../outside' });
  archive.finalize();
  const to = join(folder, 'to');
  const { files, left } = await unpackFolder(archive.pipe(new PassThrough()), to);
  expect([files, left]).toEqual([2, ['./none', './symbolic']]);
  expect(readFileSync(join(to, 'b/second'), 'utf8')).toBe('whole');
  const leading = pack();
  leading.entry({ name: './c', type: 'link', linkname: '../outside' });
  leading.finalize();
  await expect(unpackFolder(leading.pipe(new PassThrough()), to)).rejects.toMatchObject({ code: 'bad-input' });
});

test.each([
  ['data/a.txt', '/home/ada/.bashrc', 'a.txt'],
  ['', '/home/ada', 'ada'],
  ['~', '/home/ada', 'ada'],
  ['data/..', '/home/ada/data/..', 'files'],
  ['/', '/', 'files'],
])('%s, which is %s there, is called %s here', (asked, whole, name) => expect(localName(asked, whole)).toBe(name));
