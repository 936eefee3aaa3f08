import { AppError } from '../../../electron/shared/errors.ts';
import type { FileEntry } from '../../../electron/shared/files.ts';
import { invoke, openStream } from '../../bridge.ts';
import { collectBytes } from '../../stream-bytes.ts';
import type { FileSource } from './file-source.ts';

/** Entries that the first answer has, so that a folder with very many shows some at once. */
const FIRST = 2000;
/** How often a page that is being filled is drawn, ms. */
const REDRAW_MS = 400;

/** All entries of a folder, as the engine streams them: lines of JSON. */
async function streamEntries(
  clusterId: string,
  path: string,
  onEntries: (entries: FileEntry[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  const take = (bytes: Uint8Array, done: () => void) => {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onEntries(JSON.parse(line));
    done();
  };
  const stream = await openStream('files.entries', { clusterId, path }, take, signal);
  const close = () => stream.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    await stream.closed;
  } finally {
    signal.removeEventListener('abort', close);
  }
}

/** Bytes that are sent at once. */
const PIECE = 256 * 1024;

async function upload(
  clusterId: string,
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  expected: { ifVersion: string | undefined; ifSha256?: string },
): Promise<void> {
  const input = { clusterId, path, size: bytes.length, ...expected };
  const stream = await openStream('files.upload', input, (_, done) => done());
  for (let from = 0; from < bytes.length; from += PIECE) await stream.send(bytes.slice(from, from + PIECE));
  stream.endInput();
  await stream.closed;
}

/** Something of that name is there already: said as of a new folder. */
async function writeNew(clusterId: string, path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  try {
    await upload(clusterId, path, bytes, { ifVersion: '' });
  } catch (error) {
    if (AppError.from(error).code !== 'file-changed') throw error;
    throw new AppError('conflict', 'There is something of that name already.');
  }
}

/** Files of a cluster, by the engine. */
export function clusterSource(clusterId: string): FileSource {
  return {
    async read(path, onPart, signal) {
      const first = await invoke('files.list', { clusterId, path, limit: FIRST }, signal);
      onPart({ path: first.path, entries: first.entries, isComplete: !first.truncated });
      if (!first.truncated) return;
      const entries: FileEntry[] = [];
      let drawnAt = performance.now();
      await streamEntries(
        clusterId,
        first.path,
        (more) => {
          for (const entry of more) entries.push(entry);
          // What is shown never becomes less.
          if (entries.length <= first.entries.length || performance.now() - drawnAt < REDRAW_MS) return;
          drawnAt = performance.now();
          onPart({ path: first.path, entries: [...entries], isComplete: false });
        },
        signal,
      );
      onPart({ path: first.path, entries, isComplete: true });
    },
    places: (signal) => invoke('files.places', { clusterId }, signal),
    space: (path, signal) => invoke('files.space', { clusterId, path }, signal),
    readPart: (path, offset, length, signal) =>
      collectBytes((take) => openStream('files.download', { clusterId, path, offset, length }, take, signal), signal),
    stat: (path, signal) => invoke('files.stat', { clusterId, path }, signal),
    write: (path, bytes, expected) =>
      expected === null
        ? writeNew(clusterId, path, bytes)
        : upload(clusterId, path, bytes, { ifVersion: expected.version ?? undefined, ifSha256: expected.sha256 }),
    makeDirectory: (path) => invoke('files.makeDirectory', { clusterId, path }),
    makeFile: (path) => writeNew(clusterId, path, new Uint8Array()),
    move: (path, newPath) => invoke('files.move', { clusterId, path, newPath }),
    copy: (path, newPath, signal) => invoke('files.copy', { clusterId, path, newPath }, signal),
    async trash(path) {
      const { trash } = await invoke('files.trash', { clusterId, path });
      return () => invoke('files.restore', { clusterId, trash });
    },
    remove: (path) => invoke('files.remove', { clusterId, path, recursive: true }),
    setMode: (path, change) => invoke('files.setMode', { clusterId, path, ...change }),
  };
}
