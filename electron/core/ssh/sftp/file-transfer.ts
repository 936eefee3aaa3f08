import type { SFTPWrapper } from 'ssh2';
import { SftpFile } from './sftp-file.ts';

/** Read ahead of the reader: at 100 ms enough for 160 MB/s with what OpenSSH takes at a time. */
const READS = 64;
/** Under way on one channel: what the window of an OpenSSH server takes, and a little for the answers' way back. */
const BYTES_PER_LANE = 3 * 1024 * 1024;
/** A server grants each channel 2 MiB a round trip, so a far one takes a file faster over several. */
export const LANES = 4;
/** Sent before another channel is worth its round trips. */
const BEFORE_MORE_LANES = 1024 * 1024;

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

/** What is written over one channel. */
type LaneFile = Pick<SftpFile, 'writeAt' | 'writeSize' | 'endChannel'>;

interface Lane {
  file: LaneFile;
  underWay: number;
}

interface MoreLanes {
  /** The same file on one more channel; null: there is none to spare. */
  open(): Promise<LaneFile | null>;
}

/** Writes a file in order of its bytes over one channel, and over more as soon as the first one is what limits it. */
export class LaneWriter {
  readonly #more: MoreLanes;
  readonly #lanes: Lane[];
  #isClosed = false;
  #wanted = LANES - 1;
  #position = 0;
  #failure: { error: unknown } | null = null;
  #wake: () => void = () => undefined;

  constructor(first: LaneFile, more: MoreLanes) {
    this.#lanes = [{ file: first, underWay: 0 }];
    this.#more = more;
  }

  get position(): number {
    return this.#position;
  }

  /** Resolves when the bytes are under way, in as many pieces as the server takes. @throws what an earlier write ended with */
  async write(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const lane = await this.#freeLane();
      const piece = bytes.subarray(at, at + lane.file.writeSize);
      this.#send(lane, piece);
      at += piece.length;
    }
  }

  /** All bytes are in the file. Closes what was opened in addition. */
  async end(): Promise<void> {
    this.#wanted = 0;
    while (!this.#failure && this.#lanes.some(({ underWay }) => underWay > 0)) await this.#progress();
    this.close();
    if (this.#failure) throw this.#failure.error;
  }

  /** A channel that is still being opened ends as soon as it is open. */
  close(): void {
    this.#wanted = 0;
    this.#isClosed = true;
    for (const { file } of this.#lanes.slice(1)) file.endChannel();
  }

  #send(lane: Lane, piece: Buffer): void {
    lane.underWay += piece.length;
    lane.file.writeAt(piece, this.#position).then(
      () => {
        lane.underWay -= piece.length;
        this.#wake();
      },
      (error: unknown) => {
        this.#failure ??= { error };
        this.#wake();
      },
    );
    this.#position += piece.length;
  }

  async #freeLane(): Promise<Lane> {
    for (;;) {
      if (this.#failure) throw this.#failure.error;
      const lane = this.#lanes.reduce((least, other) => (other.underWay < least.underWay ? other : least));
      if (lane.underWay < BYTES_PER_LANE) return lane;
      if (this.#position >= BEFORE_MORE_LANES) this.#openMore();
      await this.#progress();
    }
  }

  #progress(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #openMore(): void {
    for (; this.#wanted > 0; this.#wanted -= 1) {
      this.#more.open().then(
        (file) => {
          if (this.#isClosed) file?.endChannel();
          else if (file) this.#lanes.push({ file, underWay: 0 });
          this.#wake();
        },
        // The transfer goes on over the channels that it has.
        () => undefined,
      );
    }
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

/** Streams a file to a server that has it under `temporary` and knows nothing of it yet; resolves with its size. */
export async function writeLanes(
  sftp: SFTPWrapper,
  temporary: string,
  source: AsyncIterable<Uint8Array>,
  options: { mode: number; spare(): Promise<SFTPWrapper | null>; onBegun(): void },
): Promise<number> {
  const file = await SftpFile.open(sftp, temporary, 'wx', 0o600);
  const lanes = new LaneWriter(file, {
    async open() {
      const channel = await options.spare();
      if (!channel) return null;
      return SftpFile.open(channel, temporary, 'r+').catch(() => {
        channel.end();
        return null;
      });
    },
  });
  try {
    options.onBegun();
    for await (const piece of inPieces(source, file.writeSize)) await lanes.write(piece);
    await lanes.end();
    // Asked at once: a server answers in order, and each question alone would cost a round trip.
    const [size] = await Promise.all([file.size(), file.chmod(options.mode), file.close()]);
    if (size !== lanes.position) throw new Error('Not all bytes arrived.');
    return size;
  } finally {
    lanes.close();
  }
}
