import { Writable } from 'node:stream';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import { onAbort } from '../../../shared/on-abort.ts';
import type { Clock } from '../../deps.ts';
import { limited } from '../../ssh/shells/run.ts';
import type { CommandCost, CommandStream, Connection, RunOptions, RunResult, Shell } from '../../ssh/types.ts';
import type { Observation } from '../observation.ts';
import { type WatchFrame, WatchFrames } from './watch-frames.ts';
import { WatchGroup } from './watch-group.ts';
import { byGroup, folderOf, GroupNames } from './watch-groups-policy.ts';
import { sentRoundDelay } from './watch-policy.ts';
import { WatchQuestions } from './watch-questions.ts';
import { type Looker, listText, TICK, type WatchItem, watchScript } from './watch-script.ts';

const HELLO_MS = 60_000;
const CHECK_MS = 10_000;
/** Checks without a sign of life after which a program without groups ends. */
const MOST_SILENT_CHECKS = 12;

export interface DirectoryWatchPorts {
  clock: Clock;
  seen(id: string, observation: Observation): void;
  /** The file system of these does not answer, or does again. */
  hung(ids: readonly string[], isHung: boolean): void;
  /** Processes that hang or hung when their program ended, by node and folder. Kept by whoever opens watches. */
  lookers: Map<string, Looker>;
}

type Hello = Extract<WatchFrame, { type: 'hello' }>;

/**
 * The program on a login node that watches directories of ours there, and asks its scheduler. A question that is not
 * answered in time ends the program, and with it what asks, unless a file system hangs.
 */
export class DirectoryWatch implements Shell {
  /** Of the node where it runs, by its own name. */
  readonly node: string;
  readonly #stream: CommandStream;
  readonly #ports: DirectoryWatchPorts;
  readonly #closing = new AbortController();
  readonly #hasTimer: boolean;
  readonly #hasGroups: boolean;
  readonly #questions: WatchQuestions;
  readonly #names = new GroupNames();
  readonly #groups = new Map<string, WatchGroup>();
  #items: readonly WatchItem[] = [];
  #everyMs = 1000;
  readonly #logsFrom = new Map<string, number>();
  readonly #cpuSeconds = new Map<string, number>();
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

  constructor(stream: CommandStream, frames: WatchFrames, hello: Hello, ports: DirectoryWatchPorts) {
    this.node = hello.node;
    this.#hasTimer = hello.hasTimer;
    this.#hasGroups = hello.hasGroups;
    this.#stream = stream;
    this.#ports = ports;
    this.#questions = new WatchQuestions({
      write: (request) => void stream.write(request),
      closed: this.closed,
      onUnanswered: (error) => this.#onUnanswered(error),
    });
    stream.on('data', (chunk: Buffer) => this.#onData(frames, chunk));
    stream.on('error', (error) => this.#closing.abort(error));
    stream.once('close', () => this.#closing.abort(new AppError('command-failed', 'What watches the apps has ended.')));
    stream.once('end', () => this.close());
    if (stream.destroyed) this.close();
    void this.#check();
    if (!hello.hasTimer) void this.#tick();
  }

  /** Fires when it has ended. */
  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  /** Questions and processor time, as of the last full look. */
  get cost(): CommandCost {
    const cpuSeconds = [...this.#cpuSeconds.values()].reduce((sum, seconds) => sum + seconds, 0);
    return { commandsRun: this.#questions.asked, cpuSeconds };
  }

  /** Replaces what is watched; what is new in the list is reported. */
  setList(items: readonly WatchItem[], everyMs: number): void {
    if (this.closed.aborted) return;
    this.#everyMs = this.#hasTimer ? everyMs : sentRoundDelay(everyMs);
    this.#items = items.map((item) => this.#withFirstOffset(item));
    const lists = byGroup(this.#items, (item) => this.#groupOf(item));
    for (const [name, [first]] of lists) if (first && !this.#groups.has(name)) this.#addGroup(name, first);
    for (const [name, group] of this.#groups) group.setList(listText(lists.get(name) ?? [], this.#everyMs));
  }

  #groupOf({ directory }: WatchItem): string {
    return this.#hasGroups ? this.#names.of(directory) : '';
  }

  #addGroup(name: string, { directory }: WatchItem): void {
    const { hung, lookers } = this.#ports;
    const key = `${this.node} ${folderOf(directory)}`;
    const group = new WatchGroup({
      name: this.#hasGroups ? name : null,
      former: lookers.get(key) ?? null,
      write: (request) => void this.#stream.write(request),
      onHung: (isHung, looker) => {
        if (!isHung) lookers.delete(key);
        else if (looker) lookers.set(key, looker);
        hung(
          this.#items.filter((item) => this.#groupOf(item) === name).map(({ id }) => id),
          isHung,
        );
      },
    });
    this.#groups.set(name, group);
  }

  /** The program remembers by itself how far it has read: an offset that follows would only make another list. */
  #withFirstOffset(item: WatchItem): WatchItem {
    if (item.logFrom === null) this.#logsFrom.delete(item.id);
    else this.#logsFrom.set(item.id, this.#logsFrom.get(item.id) ?? item.logFrom);
    return { ...item, logFrom: this.#logsFrom.get(item.id) ?? null };
  }

  /** Beside the looks, so that neither waits for the other. */
  run(script: string, options?: RunOptions): Promise<RunResult> {
    return this.#questions.run(script, options);
  }

  close(): void {
    this.#closing.abort(new AppError('cancelled', 'The apps are watched no more.'));
    this.#stream.destroy();
  }

  /** What it prints to its error output. */
  onAnswer(chunk: Buffer): void {
    this.#questions.onAnswer(chunk);
  }

  #onData(frames: WatchFrames, chunk: Buffer): void {
    try {
      for (const frame of frames.push(chunk)) this.#onFrame(frame);
    } catch (error) {
      this.#fail(AppError.from(error));
    }
  }

  #onFrame(frame: WatchFrame): void {
    if (frame.type === 'hello') return;
    const group = this.#groups.get(frame.group);
    if (frame.type === 'busy') {
      group?.onBusy();
      return;
    }
    if (frame.type === 'here') group?.onHere(frame.looker);
    group?.onLine();
    switch (frame.type) {
      case 'listed':
        group?.onListed();
        return;
      case 'seen':
        this.#ports.seen(frame.id, frame.observation);
        return;
      case 'tick':
        if (frame.cpuSeconds !== null) this.#cpuSeconds.set(frame.group, frame.cpuSeconds);
        this.#ticked();
    }
  }

  /** In a file system that hangs a command may hang that nothing can end: another one would, too. */
  #onUnanswered(error: AppError): boolean {
    if (this.#hasGroups && !this.closed.aborted && [...this.#groups.values()].some(({ isHung }) => isHung)) return true;
    this.#fail(error);
    return false;
  }

  #fail(error: AppError): void {
    this.#closing.abort(error);
    this.#stream.destroy();
  }

  async #check(): Promise<void> {
    while (!this.closed.aborted) {
      await this.#ports.clock.sleep(CHECK_MS, this.closed).catch(() => undefined);
      if (this.closed.aborted) return;
      for (const group of this.#groups.values()) group.check();
      const isSilent = (this.#groups.get('')?.silentChecks ?? 0) >= MOST_SILENT_CHECKS;
      if (isSilent) this.#fail(new AppError('timeout', 'What watches the apps does not answer.'));
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
