import { randomBytes } from 'node:crypto';
import { type FileHandle, open as openLocal, rename, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { OpenedFile } from '../electron/shared/files.ts';
import { ConnectionLostError } from './errors.ts';
import { repeatWhilePassing } from './repeat.ts';
import type { Progress, TransferOptions } from './transfer.ts';
import type { ByteStream } from './types.ts';

/** From which byte on a file is asked for; `stat`: the answer says which file it is. */
interface AskedPart {
  offset: number;
  stat: true;
}
export type OpenPart = (part: AskedPart, signal: AbortSignal) => Promise<ByteStream<OpenedFile, { bytes: number }>>;

interface ReceiveOptions extends TransferOptions {
  signal: AbortSignal;
}

/**
 * Writes what comes beside the target, and under its name once it is complete. After a loss of the engine or the connection it
 * goes on at its byte, or from the beginning where another file is there by then.
 */
export async function receiveFile(
  target: string,
  open: OpenPart,
  { progress, signal }: ReceiveOptions,
): Promise<number> {
  const path = `${target}.${randomBytes(4).toString('hex')}.part`;
  const file = await openLocal(path, 'wx', 0o600);
  try {
    const receiver = new Receiver(file, open, progress);
    await repeatWhilePassing(
      () => receiver.receive(signal),
      signal,
      () => receiver.advances,
    );
    await file.close();
    await rename(path, target);
    return receiver.bytes;
  } catch (error) {
    await file.close();
    await rm(path, { force: true });
    throw error;
  }
}

/** What has come of a file so far, across the streams that bring it. */
class Receiver {
  readonly #file: FileHandle;
  readonly #open: OpenPart;
  readonly #progress: ((progress: Progress) => void) | undefined;
  /** Of the file that the bytes are of; null: not known, so that they cannot be continued. */
  #version: string | null = null;
  #bytes = 0;
  #advances = 0;

  constructor(file: FileHandle, open: OpenPart, progress: ((progress: Progress) => void) | undefined) {
    this.#file = file;
    this.#open = open;
    this.#progress = progress;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The most bytes that have come of one and the same file. */
  get advances(): number {
    return this.#advances;
  }

  /** Receives what is missing. @throws TunelError, or the failure of this computer's disk */
  async receive(signal: AbortSignal): Promise<void> {
    const stream = await this.#openRest(signal);
    const { file } = stream.opened;
    this.#version = file?.version ?? null;
    const before = this.#bytes;
    const total = file?.size || null;
    await this.#write(stream, total);
    // Its own end knows best why its bytes ended early.
    const closed = await stream.closed;
    const received = this.#bytes - before;
    if (received === closed.bytes) return;
    throw new ConnectionLostError('connection-lost', `${received} of ${closed.bytes} bytes of the file arrived.`);
  }

  async #openRest(signal: AbortSignal): Promise<ByteStream<OpenedFile, { bytes: number }>> {
    if (this.#bytes > 0 && this.#version !== null) {
      const rest = await this.#open({ offset: this.#bytes, stat: true }, signal);
      const { file, offset } = rest.opened;
      if (file?.version === this.#version && offset === this.#bytes) return rest;
      rest.data.destroy();
    }
    await this.#file.truncate(0);
    this.#bytes = 0;
    return this.#open({ offset: 0, stat: true }, signal);
  }

  /** Resolves at the end of the bytes, also where it is early. */
  async #write({ data }: ByteStream, total: number | null): Promise<void> {
    // Destroyed at its end, it would end the stream before that has said how it ended.
    const chunks: AsyncIterator<Buffer> = (data as Readable).iterator({ destroyOnReturn: false });
    for (;;) {
      const next = await chunks.next().catch(() => null);
      if (!next || next.done) return;
      try {
        await this.#append(next.value);
        this.#progress?.({ bytes: this.#bytes, total });
      } catch (error) {
        data.destroy();
        throw error;
      }
    }
  }

  async #append(chunk: Buffer): Promise<void> {
    for (let written = 0; written < chunk.byteLength; ) {
      const { bytesWritten } = await this.#file.write(chunk, written, chunk.byteLength - written, this.#bytes);
      written += bytesWritten;
      this.#bytes += bytesWritten;
    }
    this.#advances = Math.max(this.#advances, this.#bytes);
  }
}
