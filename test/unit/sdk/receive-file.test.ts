import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { FileInfo } from '../../../electron/shared/files.ts';
import { ConnectionLostError, NotFoundError } from '../../../sdk/errors.ts';
import { type OpenPart, receiveFile } from '../../../sdk/receive-file.ts';

// Nothing is gained by the waiting time between two repetitions here.
vi.mock('node:timers/promises', () => ({ setTimeout: async () => undefined }));

const { signal } = new AbortController();
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tunel-receive-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Served {
  /** What the file is when this stream is opened. */
  content: string;
  version: string | null;
  /** Bytes that come until the connection is lost; absent: all. */
  lostAfter?: number;
}

/** Streams of a file that is served differently each time; the last way is that of all further ones. */
function serve(...ways: Served[]): { open: OpenPart; offsets: number[] } {
  const offsets: number[] = [];
  const open: OpenPart = async ({ offset }) => {
    const way = ways[Math.min(offsets.length, ways.length - 1)];
    if (!way) throw new Error('Nothing is served.');
    offsets.push(offset);
    const rest = Buffer.from(way.content).subarray(offset);
    const sent = rest.subarray(0, way.lostAfter);
    const data = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
    if (sent.length > 0) data.push(sent);
    const lost = new ConnectionLostError('connection-lost', 'Lost.');
    const closed =
      way.lostAfter === undefined
        ? Promise.resolve({ bytes: rest.length })
        : new Promise<never>((_resolve, reject) => data.once('close', () => reject(lost)));
    closed.catch(() => undefined);
    if (way.lostAfter === undefined) data.push(null);
    else data.once('data', () => setImmediate(() => data.destroy())).pause();
    if (sent.length === 0) data.destroy();
    return { opened: { file: fileOf(way), offset }, data, stderr: null, closed, control: () => undefined };
  };
  return { open, offsets };
}

const fileOf = ({ content, version }: Served): FileInfo => ({
  path: '/data/out',
  kind: 'file',
  link: false,
  size: content.length,
  modified: 0,
  mode: 0o600,
  version,
});

const target = () => join(folder, 'out');

test('a download goes on at its byte after a lost connection', async () => {
  const { open, offsets } = serve(
    { content: 'one two three', version: 'a', lostAfter: 4 },
    { content: 'one two three', version: 'a', lostAfter: 4 },
    { content: 'one two three', version: 'a' },
  );
  const seen: unknown[] = [];
  expect(await receiveFile(target(), open, { signal, progress: (now) => seen.push(now) })).toBe(13);
  expect(offsets).toEqual([0, 4, 8]);
  expect(readFileSync(target(), 'utf8')).toBe('one two three');
  expect(readdirSync(folder)).toEqual(['out']);
  expect(seen).toEqual([4, 8, 13].map((bytes) => ({ bytes, total: 13 })));
});

test('a file that is another one by then, or of which nobody can say that, is fetched from its beginning', async () => {
  const changed = serve({ content: 'old and long', version: 'a', lostAfter: 5 }, { content: 'new', version: 'b' });
  await receiveFile(target(), changed.open, { signal });
  expect(changed.offsets).toEqual([0, 5, 0]);
  expect(readFileSync(target(), 'utf8')).toBe('new');
  const unknown = serve({ content: 'one two', version: null, lostAfter: 3 }, { content: 'one two', version: null });
  await receiveFile(target(), unknown.open, { signal });
  expect(unknown.offsets).toEqual([0, 0]);
  expect(readFileSync(target(), 'utf8')).toBe('one two');
});

test('it is given up after eight repetitions that brought nothing more, and leaves nothing', async () => {
  const { open, offsets } = serve(
    { content: 'one two three', version: 'a', lostAfter: 4 },
    { content: 'one two three', version: 'a', lostAfter: 0 },
  );
  await expect(receiveFile(target(), open, { signal })).rejects.toBeInstanceOf(ConnectionLostError);
  expect(offsets).toEqual([0, ...Array.from({ length: 8 }, () => 4)]);
  expect(readdirSync(folder)).toEqual([]);
});

test('repetitions that get on are not counted', async () => {
  const content = 'x'.repeat(40);
  const { open, offsets } = serve(...Array.from({ length: 39 }, () => ({ content, version: 'a', lostAfter: 1 })), {
    content,
    version: 'a',
  });
  expect(await receiveFile(target(), open, { signal })).toBe(40);
  expect(offsets).toHaveLength(40);
});

test('a failure that does not pass is not repeated, and what is under the name stays', async () => {
  const served = serve({ content: 'kept', version: 'a' });
  await receiveFile(target(), served.open, { signal });
  const opened = vi.fn<OpenPart>(() => Promise.reject(new NotFoundError('not-found', 'Gone.')));
  await expect(receiveFile(target(), opened, { signal })).rejects.toBeInstanceOf(NotFoundError);
  expect(opened).toHaveBeenCalledOnce();
  expect(readFileSync(target(), 'utf8')).toBe('kept');
  expect(readdirSync(folder)).toEqual(['out']);
});
