import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import type { Clock } from '../../deps.ts';
import type { CommandStream } from '../../ssh/types.ts';
import {
  encodeFrame,
  encodeNumber,
  type Frame,
  type FrameDecoder,
  frameKinds,
  protocolError,
  resetCodes,
} from './frames.ts';
import { RelayStream, type StreamHost } from './relay-stream.ts';
import { FIRST_WINDOW } from './window-policy.ts';

const PING_MS = 15_000;
const SILENCE_MS = 45_000;
const LAST_STREAM = 0xffff_fffe;

interface Opening {
  stream: RelayStream;
  resolve(stream: RelayStream): void;
  reject(error: AppError): void;
}

/** Many connections over one command's stdin and stdout. It dies once: `closed` then fires with an AppError. */
export class Relay implements StreamHost {
  windows = 0;
  readonly #pipe: CommandStream;
  readonly #where: string;
  readonly #clock: Clock;
  readonly #decoder: FrameDecoder;
  readonly #closing = new AbortController();
  readonly #streams = new Map<number, RelayStream>();
  readonly #opening = new Map<number, Opening>();
  readonly #sending: RelayStream[] = [];
  #last = 0;
  #heard: number;

  /** `pipe`: past its start, with the rest of what came in `decoder`. `where`: for messages, e.g. `the job on c1`. */
  constructor(pipe: CommandStream, decoder: FrameDecoder, first: Frame[], where: string, clock: Clock) {
    this.#pipe = pipe;
    this.#where = where;
    this.#clock = clock;
    this.#decoder = decoder;
    this.#heard = clock.now();
    pipe.on('data', (chunk: Buffer) => this.#onData(chunk));
    pipe.on('drain', () => this.#pump());
    pipe.on('error', (error) => this.#fail(AppError.from(error)));
    pipe.on('end', () => void this.#ended());
    pipe.on('close', () => void this.#ended());
    this.#guard(() => {
      for (const frame of first) this.#take(frame);
    });
    void this.#watch();
  }

  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  /**
   * A connection to one of the targets given at the start.
   * Rejects with `channel-refused` (nobody listens, or the program may not), `cancelled`, or why the relay is gone.
   */
  open(target: number, signal?: AbortSignal): Promise<RelayStream> {
    return new Promise((resolve, reject) => {
      if (this.#last >= LAST_STREAM) this.#fail(new AppError('connection-lost', 'The relay has used up its numbers.'));
      if (this.closed.aborted) return reject(this.closed.reason);
      if (signal?.aborted) return reject(AppError.from(signal.reason));
      this.#last++;
      const stream = new RelayStream(this.#last, this);
      stream.on('error', () => undefined);
      const settle = () => {
        signal?.removeEventListener('abort', onAbort);
        this.#opening.delete(stream.id);
      };
      const onAbort = () => {
        settle();
        stream.destroy();
        reject(AppError.from(signal?.reason));
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#streams.set(stream.id, stream);
      this.#opening.set(stream.id, {
        stream,
        resolve: () => {
          settle();
          resolve(stream);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      });
      this.#write(
        encodeFrame(frameKinds.open, stream.id, Buffer.concat([encodeNumber(FIRST_WINDOW), Buffer.of(target)])),
      );
    });
  }

  /** Ends it and every connection through it; the program there ends with its input. */
  close(reason = new AppError('connection-lost', message`The relay in ${{ where: this.#where }} is closed.`)): void {
    this.#fail(reason);
  }

  credit(stream: RelayStream, bytes: number): void {
    this.#write(encodeFrame(frameKinds.credit, stream.id, encodeNumber(bytes)));
  }

  wantsToSend(stream: RelayStream): void {
    if (!this.#sending.includes(stream)) this.#sending.push(stream);
    this.#pump();
  }

  fin(stream: RelayStream): void {
    this.#write(encodeFrame(frameKinds.fin, stream.id));
  }

  cancel(stream: RelayStream): void {
    this.#write(encodeFrame(frameKinds.reset, stream.id, Buffer.of(resetCodes.cancelled)));
  }

  gone(stream: RelayStream): void {
    this.#streams.delete(stream.id);
  }

  /** One chunk of each stream in turn, as long as the pipe takes them. */
  #pump(): void {
    while (!this.#pipe.writableNeedDrain && !this.closed.aborted) {
      const stream = this.#sending.shift();
      if (!stream) return;
      const chunk = stream.takeChunk();
      if (!chunk) continue;
      this.#write(encodeFrame(frameKinds.data, stream.id, chunk));
      stream.chunkSent();
      if (stream.maySend && !this.#sending.includes(stream)) this.#sending.push(stream);
    }
  }

  #write(frame: Buffer): void {
    if (!this.closed.aborted) this.#pipe.write(frame);
  }

  #onData(chunk: Buffer): void {
    this.#heard = this.#clock.now();
    this.#guard(() => {
      for (const frame of this.#decoder.push(chunk)) this.#take(frame);
    });
  }

  #guard(work: () => void): void {
    try {
      if (!this.closed.aborted) work();
    } catch (error) {
      this.#fail(AppError.from(error));
    }
  }

  #take({ kind, stream: id, payload }: Frame): void {
    if (kind === frameKinds.pong) return;
    if (kind === frameKinds.ping) {
      this.#write(encodeFrame(frameKinds.pong, 0, payload));
      return;
    }
    if (kind === frameKinds.error) {
      throw new AppError(
        'command-failed',
        message`The relay in ${{ where: this.#where }} gave up: ${{ nativeMessage: payload.toString('utf8') }}.`,
      );
    }
    if (kind === frameKinds.hello || kind === frameKinds.ready) throw protocolError('a second greeting');
    if (id === 0 || id > this.#last) throw protocolError(`a frame for connection ${id}, which was never opened`);
    const stream = this.#streams.get(id);
    // Closed here while this was under way.
    if (!stream) return;
    const opening = this.#opening.get(id);
    if (kind === frameKinds.opened) {
      if (!opening) throw protocolError('two answers to one opening');
      stream.credited(payload.readUInt32BE());
      opening.resolve(stream);
    } else if (kind === frameKinds.reset) {
      const error = resetError(payload, this.#where);
      opening?.reject(error);
      stream.fail(error);
    } else if (opening) {
      throw protocolError('bytes of a connection before it was open');
    } else if (kind === frameKinds.data) {
      stream.receive(payload);
    } else if (kind === frameKinds.credit) {
      stream.credited(payload.readUInt32BE());
    } else if (kind === frameKinds.fin) {
      stream.receiveEnd();
    }
  }

  async #ended(): Promise<void> {
    if (this.closed.aborted) return;
    // stderr may come after the end of stdout.
    const { code, signal } = await this.#pipe.ended;
    this.#fail(endedError(this.#where, this.#pipe.said, code, signal));
  }

  #fail(error: AppError): void {
    if (this.closed.aborted) return;
    this.#closing.abort(error);
    this.#pipe.destroy();
    for (const { reject } of [...this.#opening.values()]) reject(error);
    for (const stream of [...this.#streams.values()]) stream.fail(error);
    this.#sending.length = 0;
  }

  async #watch(): Promise<void> {
    while (!this.closed.aborted) {
      await this.#clock.sleep(PING_MS, this.closed).catch(() => undefined);
      if (this.closed.aborted) return;
      if (this.#clock.now() - this.#heard > SILENCE_MS) {
        this.#fail(new AppError('connection-lost', message`The relay in ${{ where: this.#where }} stopped answering.`));
        return;
      }
      this.#write(encodeFrame(frameKinds.ping, 0, Buffer.alloc(8)));
    }
  }
}

const reasons: Readonly<Record<number, string>> = {
  [resetCodes.notPermitted]: 'the relay may not open that',
  [resetCodes.refused]: 'nobody listens',
  [resetCodes.missing]: 'there is no such socket',
  [resetCodes.noAccess]: 'you have no access to it',
  [resetCodes.limit]: 'there are too many connections',
  [resetCodes.broken]: 'the app closed the connection',
  [resetCodes.failed]: 'it could not be opened',
};

function resetError(payload: Buffer, where: string): AppError {
  const why = reasons[payload.readUInt8()] ?? 'it was closed';
  return new AppError('channel-refused', message`The app cannot be reached from ${{ where }}: ${{ why }}.`, {
    detail: payload.toString('utf8', 1) || undefined,
  });
}

export function endedError(where: string, said: string, code: number | null, signal: string | null): AppError {
  const how = signal ? ` (killed by ${signal})` : code === null ? '' : ` (exit code ${code})`;
  const last = said.split('\n').findLast((line) => line.trim() !== '');
  const nativeMessage = last?.replace(/^tunel-relay: /, '').slice(0, 200);
  const sentence = nativeMessage
    ? message`The relay in ${{ where }} ended${{ how }}: ${{ nativeMessage }}.`
    : message`The relay in ${{ where }} ended${{ how }}.`;
  return new AppError('command-failed', sentence, { detail: said || undefined });
}
