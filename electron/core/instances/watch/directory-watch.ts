import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import { onAbort } from '../../../shared/on-abort.ts';
import type { Clock } from '../../deps.ts';
import { limited } from '../../ssh/shells/run.ts';
import { MarkedOutput } from '../../ssh/shells/run-protocol.ts';
import type { CommandCost, CommandStream, Connection, RunOptions, RunResult, Shell } from '../../ssh/types.ts';
import type { Observation } from '../observation.ts';
import { WatchFrames } from './watch-frames.ts';
import { sentRoundDelay } from './watch-policy.ts';
import { askRequest, FULL_LOOK_MS, listRequest, TICK, type WatchItem, watchScript } from './watch-script.ts';

const HELLO_MS = 60_000;
/** Checks without a sign of life after which it hangs, for example in a file system that does not answer. */
const MOST_SILENT_CHECKS = 3;
const CHECK_MS = FULL_LOOK_MS + 10_000;
const ASK_MS = 60_000;
const MOST_ANSWER_BYTES = 4 * 1024 * 1024;

interface DirectoryWatchPorts {
  clock: Clock;
  seen(id: string, observation: Observation): void;
}

interface Question {
  answer: MarkedOutput;
  answered(): void;
}

/**
 * The program on a login node that watches directories of ours there, and asks its scheduler. Its shell asks one question
 * at a time; one that is not answered in time ends the program, and with it what asks.
 */
export class DirectoryWatch implements Shell {
  /** Of the node where it runs, by its own name. */
  readonly node: string;
  readonly #stream: CommandStream;
  readonly #ports: DirectoryWatchPorts;
  readonly #closing = new AbortController();
  readonly #hasTimer: boolean;
  #everyMs = 1000;
  #list = '';
  readonly #logsFrom = new Map<string, number>();
  #script: string | null = null;
  #question: Question | null = null;
  #asking: Promise<unknown> = Promise.resolve();
  #heard = true;
  #asked = 0;
  #cpuSeconds = 0;
  #ticked: () => void = () => undefined;

  /** Null: the connection has no session to spare. Rejects as `openSpareCommand`, or when the program does not begin. */
  static async open(
    connection: Pick<Connection, 'openSpareCommand' | 'node'>,
    ports: DirectoryWatchPorts,
    signal: AbortSignal,
  ): Promise<DirectoryWatch | null> {
    const late = () => new AppError('timeout', message`${{ node: connection.node }} did not begin to watch the apps.`);
    const limit = limited(signal, HELLO_MS, late);
    let watch: DirectoryWatch | null = null;
    try {
      const stderr = new Writable({
        write(chunk: Buffer, _encoding, done) {
          watch?.onAnswer(chunk);
          done();
        },
      });
      const cost = () => watch?.cost ?? { commandsRun: 0, cpuSeconds: 0 };
      const stream = await connection.openSpareCommand(watchScript, { signal: limit.signal, stderr, cost });
      if (!stream) return null;
      watch = await greet(stream, ports, limit.signal);
      return watch;
    } finally {
      limit.done();
    }
  }

  constructor(
    stream: CommandStream,
    frames: WatchFrames,
    { hasTimer, node }: { hasTimer: boolean; node: string },
    ports: DirectoryWatchPorts,
  ) {
    this.node = node;
    this.#hasTimer = hasTimer;
    this.#stream = stream;
    this.#ports = ports;
    stream.on('data', (chunk: Buffer) => this.#onData(frames, chunk));
    stream.on('error', (error) => this.#closing.abort(error));
    stream.once('close', () => this.#closing.abort(new AppError('command-failed', 'What watches the apps has ended.')));
    stream.once('end', () => this.close());
    if (stream.destroyed) this.close();
    void this.#check();
    if (!hasTimer) void this.#tick();
  }

  /** Fires when it has ended. */
  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  /** Questions and processor time, as of the last full look. */
  get cost(): CommandCost {
    return { commandsRun: this.#asked, cpuSeconds: this.#cpuSeconds };
  }

  /** Replaces what is watched; what is new in the list is reported. */
  setList(items: readonly WatchItem[], everyMs: number): void {
    this.#everyMs = this.#hasTimer ? everyMs : sentRoundDelay(everyMs);
    const own = items.map((item) => this.#withFirstOffset(item));
    const request = listRequest(own, this.#everyMs);
    if (request === this.#list || this.closed.aborted) return;
    this.#list = request;
    this.#stream.write(request);
  }

  /** The program remembers by itself how far it has read: an offset that follows would only make another list. */
  #withFirstOffset(item: WatchItem): WatchItem {
    if (item.logFrom === null) this.#logsFrom.delete(item.id);
    else this.#logsFrom.set(item.id, this.#logsFrom.get(item.id) ?? item.logFrom);
    return { ...item, logFrom: this.#logsFrom.get(item.id) ?? null };
  }

  /** Beside the looks, so that neither waits for the other. */
  run(script: string, { signal, timeoutMs = ASK_MS }: RunOptions = {}): Promise<RunResult> {
    const asked = this.#asking.then(() => this.#ask(script, signal, timeoutMs));
    this.#asking = asked.catch(() => undefined);
    return asked;
  }

  close(): void {
    this.#closing.abort(new AppError('cancelled', 'The apps are watched no more.'));
    this.#stream.destroy();
  }

  /** What it prints to its error output. */
  onAnswer(chunk: Buffer): void {
    if (!this.#question) return;
    this.#question.answer.push(chunk);
    if (this.#question.answer.exitCode !== null) this.#question.answered();
  }

  #onData(frames: WatchFrames, chunk: Buffer): void {
    this.#heard = true;
    try {
      for (const frame of frames.push(chunk)) {
        if (frame.type === 'seen') this.#ports.seen(frame.id, frame.observation);
        if (frame.type !== 'tick') continue;
        this.#cpuSeconds = frame.cpuSeconds ?? this.#cpuSeconds;
        this.#ticked();
      }
    } catch (error) {
      this.#fail(AppError.from(error));
    }
  }

  async #ask(script: string, signal: AbortSignal | undefined, timeoutMs: number): Promise<RunResult> {
    const nonce = randomBytes(16).toString('hex');
    const late = () =>
      new AppError('timeout', message`A command took longer than ${{ seconds: Math.round(timeoutMs / 1000) }} s.`);
    const limit = limited(signal ? AbortSignal.any([signal, this.closed]) : this.closed, timeoutMs, late);
    try {
      return await new Promise<RunResult>((resolve, reject) => {
        const forget = onAbort(limit.signal, () => reject(AppError.from(limit.signal.reason)));
        if (limit.signal.aborted) return;
        const answer = new MarkedOutput(nonce, MOST_ANSWER_BYTES);
        const answered = () => {
          forget();
          resolve({ stdout: answer.bytes.toString('utf8'), stderr: '', exitCode: answer.exitCode ?? 1 });
        };
        this.#question = { answer, answered };
        this.#asked++;
        this.#stream.write(askRequest(nonce, script === this.#script ? null : script));
        this.#script = script;
      });
    } catch (error) {
      this.#fail(AppError.from(error));
      throw error;
    } finally {
      this.#question = null;
      limit.done();
    }
  }

  #fail(error: AppError): void {
    this.#closing.abort(error);
    this.#stream.destroy();
  }

  async #check(): Promise<void> {
    let silent = 0;
    while (!this.closed.aborted) {
      await this.#ports.clock.sleep(CHECK_MS, this.closed).catch(() => undefined);
      silent = this.#heard ? 0 : silent + 1;
      this.#heard = false;
      if (silent >= MOST_SILENT_CHECKS) this.#fail(new AppError('timeout', 'What watches the apps does not answer.'));
    }
  }

  /** A packet for each round, where the shell there cannot wait for a time by itself. */
  async #tick(): Promise<void> {
    while (!this.closed.aborted) {
      await this.#ports.clock.sleep(this.#everyMs, this.closed).catch(() => undefined);
      if (this.closed.aborted) return;
      let forget = () => {};
      const answered = new Promise<void>((resolve) => {
        this.#ticked = resolve;
        forget = onAbort(this.closed, resolve);
      });
      this.#stream.write(TICK);
      await answered;
      forget();
    }
  }
}

/** Waits for the program's first word. */
function greet(stream: CommandStream, ports: DirectoryWatchPorts, signal: AbortSignal): Promise<DirectoryWatch> {
  const frames = new WatchFrames();
  return new Promise((resolve, reject) => {
    const stop = () => {
      stream.off('data', onData);
      stream.off('close', onClose);
      signal.removeEventListener('abort', onAbort);
    };
    const fail = (error: AppError) => {
      stop();
      stream.on('error', () => undefined);
      stream.destroy();
      reject(error);
    };
    const onAbort = () => fail(AppError.from(signal.reason));
    const onClose = () =>
      fail(new AppError('command-failed', 'What watches the apps did not begin.', { detail: stream.said }));
    const onData = (chunk: Buffer) => {
      const hello = frames.push(chunk).find((frame) => frame.type === 'hello');
      if (!hello) return;
      stop();
      resolve(new DirectoryWatch(stream, frames, hello, ports));
    };
    stream.on('data', onData);
    stream.once('close', onClose);
    stream.on('error', (error) => fail(AppError.from(error)));
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}
