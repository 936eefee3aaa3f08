import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import type { Clock } from '../../deps.ts';
import type { CommandStream } from '../../ssh/types.ts';
import {
  encodeFrame,
  encodeStart,
  type Frame,
  FrameDecoder,
  frameKinds,
  PROTOCOL_VERSION,
  protocolError,
  type RelayTarget,
  SIGNATURE,
} from './frames.ts';
import { endedError, Relay } from './relay.ts';

const IDLE_S = 60;
const MOST_NOISE = 1024 * 1024;
/** For a message; at least as long as the mark. */
const KEPT_NOISE = 4096;

/** The whole first frame; its payload ends in the version. */
const HELLO = encodeFrame(frameKinds.hello, 0, Buffer.concat([SIGNATURE, Buffer.of(0, PROTOCOL_VERSION)]));

interface GreetingOptions {
  mark: string;
  program: Buffer;
  targets: RelayTarget[];
  node: string;
  where: string;
  clock: Clock;
}

/** The start of a relay over its command's stream: mark, program, hello, start, ready. */
export class RelayGreeting {
  readonly #pipe: CommandStream;
  readonly #options: GreetingOptions;
  readonly #signal: AbortSignal;
  readonly #decoder = new FrameDecoder();
  #phase: 'mark' | 'hello' | 'ready' = 'mark';
  /** Bytes of this phase that are not whole yet. */
  #pending: Buffer = Buffer.alloc(0);
  #noise = 0;
  #resolve: (relay: Relay) => void = () => undefined;
  #reject: (error: AppError) => void = () => undefined;

  constructor(pipe: CommandStream, options: GreetingOptions, signal: AbortSignal) {
    this.#pipe = pipe;
    this.#options = options;
    this.#signal = signal;
  }

  run(): Promise<Relay> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#pipe.on('data', this.#onData);
      this.#pipe.on('end', this.#onEnd);
      this.#pipe.on('error', this.#fail);
      if (this.#signal.aborted) this.#onAbort();
      else this.#signal.addEventListener('abort', this.#onAbort, { once: true });
    });
  }

  #stop(): void {
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.#pipe.removeListener('data', this.#onData);
    this.#pipe.removeListener('end', this.#onEnd);
    this.#pipe.removeListener('error', this.#fail);
  }

  readonly #fail = (error: unknown): void => {
    this.#stop();
    this.#reject(AppError.from(error));
  };

  readonly #onAbort = (): void => this.#fail(this.#signal.reason);

  readonly #onEnd = (): void => {
    void this.#pipe.ended.then(({ code, signal }) => {
      const output = this.#pipe.said || (this.#phase === 'mark' ? this.#pending.toString('utf8').trim() : '');
      this.#fail(endedError(this.#options.where, output, code, signal));
    });
  };

  readonly #onData = (chunk: Buffer): void => {
    try {
      let bytes: Buffer | null = chunk;
      if (this.#phase === 'mark') bytes = this.#seekMark(bytes);
      if (bytes && this.#phase === 'hello') bytes = this.#checkHello(bytes);
      if (bytes) this.#readFrames(bytes);
    } catch (error) {
      this.#fail(error);
    }
  };

  /** What follows the mark; null: it has not come yet. What comes before is the output of login files and schedulers. */
  #seekMark(chunk: Buffer): Buffer | null {
    const { mark, program } = this.#options;
    this.#pending = Buffer.concat([this.#pending, chunk]);
    const at = this.#pending.indexOf(mark);
    if (at < 0) {
      this.#noise += chunk.length;
      if (this.#noise > MOST_NOISE) throw protocolError(`more than ${MOST_NOISE} bytes before its first word`);
      this.#pending = this.#pending.subarray(Math.max(0, this.#pending.length - KEPT_NOISE));
      return null;
    }
    const rest = this.#pending.subarray(at + mark.length);
    this.#pending = Buffer.alloc(0);
    this.#phase = 'hello';
    this.#pipe.write(program);
    return rest;
  }

  /** Compares before the frames are read: with a byte lost on the way the first one would never be whole. */
  #checkHello(chunk: Buffer): Buffer | null {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    const bytes = this.#pending;
    const length = Math.min(bytes.length, HELLO.length);
    if (!bytes.subarray(0, length).equals(HELLO.subarray(0, length))) {
      throw protocolError('another greeting than this version does, or it was changed on the way');
    }
    if (length < HELLO.length) return null;
    this.#pending = Buffer.alloc(0);
    return bytes;
  }

  #readFrames(bytes: Buffer): void {
    const frames = this.#decoder.push(bytes);
    for (const [index, frame] of frames.entries()) {
      if (!this.#isReady(frame)) continue;
      const { where, clock } = this.#options;
      this.#stop();
      this.#resolve(new Relay(this.#pipe, this.#decoder, frames.slice(index + 1), where, clock));
      return;
    }
  }

  #isReady(frame: Frame): boolean {
    const { targets, node, where } = this.#options;
    if (frame.kind === frameKinds.error) {
      const nativeMessage = frame.payload.toString('utf8');
      throw new AppError('command-failed', message`The relay in ${{ where }} gave up: ${{ nativeMessage }}.`);
    }
    if (this.#phase !== 'ready') {
      this.#phase = 'ready';
      this.#pipe.write(encodeStart({ targets, node, idleSeconds: IDLE_S }));
      return false;
    }
    if (frame.kind !== frameKinds.ready) throw protocolError('something else than that it is ready');
    return true;
  }
}
