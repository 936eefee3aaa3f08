import type { OpenMode, SFTPWrapper } from 'ssh2';
import type { FilePart } from '../types.ts';
import { LaneWriter } from './lane-writer.ts';
import { SftpFile } from './sftp-file.ts';

/** Read ahead of the reader: at 100 ms enough for 160 MB/s with what OpenSSH takes at a time. */
const READS = 64;

/**
 * The bytes of a file from `offset` to its end, at most `maxBytes`, read ahead, given in order. The size that a file has says
 * where its end is about: one that grows is read on, and those of /proc have a size of 0.
 */
export async function readAhead(
  file: SftpFile,
  { offset, maxBytes = Number.POSITIVE_INFINITY }: { offset: number; maxBytes?: number },
  write: (chunk: Uint8Array) => Promise<void>,
): Promise<void> {
  const limit = offset + maxBytes;
  const end = Math.min(limit, await file.size());
  const pending: { bytes: Promise<Buffer>; length: number }[] = [];
  let next = offset;
  let isAskedPastEnd = false;
  const ask = (length: number) => {
    const bytes = file.readAt(next, length);
    // Each is awaited in its turn; one that fails earlier is no surprise then.
    bytes.catch(() => undefined);
    pending.push({ bytes, length });
    next += length;
  };
  const askMore = () => {
    while (next < end && pending.length < READS) ask(Math.min(file.readSize, end - next));
    if (next < end || next >= limit || isAskedPastEnd) return;
    isAskedPastEnd = true;
    ask(Math.min(file.readSize, limit - next));
  };
  askMore();
  for (let first = pending.shift(); first; first = pending.shift()) {
    const bytes = await first.bytes;
    // What was asked past the end came whole: there is more.
    if (pending.length === 0) isAskedPastEnd = false;
    const isLast = bytes.length < first.length;
    if (!isLast) askMore();
    if (bytes.length > 0) await write(bytes);
    if (isLast) return;
  }
}

/** Pieces of a source that are worth a request each; small ones are put together. */
export async function* inPieces(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let held = 0;
  for await (const chunk of source) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    parts.push(bytes);
    held += bytes.length;
    if (held < size) continue;
    yield parts.length === 1 ? bytes : Buffer.concat(parts, held);
    parts = [];
    held = 0;
  }
  if (held > 0) yield Buffer.concat(parts, held);
}

interface LanesOptions {
  mode: number;
  /** It may be there already, and is written from its offset on. */
  part: FilePart | undefined;
  /** One more channel; null: none. */
  extra(): Promise<SFTPWrapper | null>;
  /** Opens all channels at the beginning. */
  isLarge: boolean;
  now(): number;
  roundTripMs(): number | null;
  /** The source is read from now on. */
  onBegun(lanes: LaneWriter): void;
}

/** Streams a file to a server that has it under `temporary`, of which it knows nothing yet unless it is a part; resolves with its size. */
export async function writeLanes(
  sftp: SFTPWrapper,
  temporary: string,
  source: AsyncIterable<Uint8Array>,
  { mode, part, extra, isLarge, now, roundTripMs, onBegun }: LanesOptions,
): Promise<number> {
  const file = await SftpFile.open(sftp, temporary, flagsFor(part), 0o600);
  const open = async () => {
    const channel = await extra();
    if (!channel) return null;
    return SftpFile.open(channel, temporary, 'r+').catch(() => {
      channel.end();
      return null;
    });
  };
  const lanes = new LaneWriter(file, { open, now, roundTripMs, ...part });
  try {
    onBegun(lanes);
    if (isLarge) lanes.openMore();
    for await (const piece of inPieces(source, file.writeSize)) await lanes.write(piece);
    await lanes.end();
    // Asked at once: a server answers in order, and each question alone would cost a round trip.
    const [size] = await Promise.all([file.size(), file.chmod(mode), file.close()]);
    if (size !== lanes.position) throw new Error('Not all bytes arrived.');
    return size;
  } finally {
    lanes.close();
  }
}

function flagsFor(part: FilePart | undefined): OpenMode {
  if (!part) return 'wx';
  return part.offset > 0 ? 'r+' : 'w';
}
