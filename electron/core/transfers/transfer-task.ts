import { EventEmitter } from 'node:events';
import { AppError, throwIfAborted } from '../../shared/errors.ts';
import type { ConflictChoice, Transfer, TransferState } from '../../shared/transfers.ts';
import type { Clock } from '../deps.ts';
import type { Connections } from '../ssh/types.ts';
import type { TransferRecord } from '../storage/transfer-record.ts';
import { ClusterLink } from './cluster-link.ts';
import { ConflictQuestions } from './conflict-questions.ts';
import { type CopyDeps, copyFiles } from './copy-files.ts';
import { describeTransfer, type LiveFacts } from './describe-transfer.ts';
import { scopeOfFailure } from './failure-policy.ts';
import { FileLedger } from './file-ledger.ts';
import type { Journal } from './journal.ts';
import { makePlan } from './make-plan.ts';
import { openEnds } from './open-ends.ts';
import type { Queued } from './queue-policy.ts';
import { RateLimit } from './rate-limit.ts';
import { removeParts } from './remove-parts.ts';
import { SpeedMeter } from './speed-meter.ts';
import { Turn } from './turn.ts';
import type { Ends } from './types.ts';

export interface TaskDeps {
  connections: Pick<Connections, 'acquire' | 'status' | 'on'>;
  clock: Clock;
  journal: Journal;
  /** Of all transfers together. */
  limit: RateLimit;
  save(record: TransferRecord): void;
}

/** Why a run ends before its transfer does; `queued`: it goes on later. */
type Stop = 'paused' | 'canceled' | 'queued';

/** Tries without a byte or a file more over a connection that lives. */
const MOST_TRIES = 5;
/** Kept of the files that could not be copied. */
const MOST_FAILURES = 1000;

/** One transfer: what runs, what it says of itself, and what the user does with it. */
export class TransferTask {
  readonly #deps: TaskDeps;
  readonly #emitter = new EventEmitter<{ changed: [] }>();
  readonly #meter: SpeedMeter;
  readonly #limit: RateLimit;
  #record: TransferRecord;
  #ledger: FileLedger | null = null;
  #links: ClusterLink[] = [];
  #life: AbortController | null = null;
  #stop: Stop = 'queued';
  readonly #turn = new Turn();
  #current: string | null = null;
  #questions: ConflictQuestions | null = null;

  constructor(deps: TaskDeps, record: TransferRecord) {
    this.#deps = deps;
    this.#record = record;
    this.#meter = new SpeedMeter(() => deps.clock.now());
    this.#limit = new RateLimit(deps.clock, record.options.limit);
  }

  get record(): TransferRecord {
    return this.#record;
  }

  get state(): TransferState {
    return this.#record.state;
  }

  /** It holds, or waits for, its connections. */
  get isRunning(): boolean {
    return this.#life !== null;
  }

  get clusters(): string[] {
    const { clusterId, toClusterId } = this.#record;
    return toClusterId === null ? [clusterId] : [clusterId, toClusterId];
  }

  get queued(): Queued {
    const isReady = this.isRunning ? this.#turn.isAwaited : this.state === 'queued';
    return { id: this.#record.id, clusters: this.clusters, holds: this.#holds(), isReady };
  }

  /** Who waits for an answer makes room for others, and who waits for one cluster makes it at the other one. */
  #holds(): string[] {
    if (!this.isRunning || this.#turn.isAwaited) return [];
    if (this.state !== 'waiting') return this.clusters;
    if (this.#record.error === null) return [];
    const missing = this.clusters.filter((_cluster, at) => !this.#links[at]?.live);
    return missing.length > 0 ? missing : this.clusters;
  }

  /** False: it does not wait for its turn. */
  giveTurn(): boolean {
    if (!this.#turn.isAwaited) return false;
    this.#set('active', null);
    this.#turn.give();
    return true;
  }

  onChange(listener: () => void): void {
    this.#emitter.on('changed', listener);
  }

  describe(): Transfer {
    return describeTransfer(this.counted(), this.facts());
  }

  facts(): LiveFacts {
    const isActive = this.state === 'active';
    return {
      speed: isActive ? this.#meter.speed : 0,
      remaining: (bytes) => (isActive ? this.#meter.remaining(bytes) : null),
      current: this.#current,
      question: this.#questions?.describe() ?? null,
    };
  }

  /** What is kept of it, with the counts of now. */
  counted(): TransferRecord {
    const ledger = this.#ledger;
    if (!ledger) return this.#record;
    const failures = ledger.failures.slice(0, MOST_FAILURES);
    return { ...this.#record, files: { ...ledger.files }, bytes: { ...ledger.bytes }, failures };
  }

  /** Copies until all is done, it is stopped, or nothing more can be done. Never rejects. */
  async run(): Promise<void> {
    const life = new AbortController();
    this.#life = life;
    this.#links = this.clusters.map((clusterId) => new ClusterLink({ ...this.#deps, clusterId }));
    try {
      this.#set('active', null);
      await this.#copyAll(life.signal);
      this.#end();
    } catch (error) {
      await this.#stopped(life.signal.aborted ? null : AppError.from(error));
    } finally {
      for (const link of this.#links) link.release();
      this.#life = null;
      this.#current = null;
      this.#emitter.emit('changed');
    }
  }

  /** @throws AppError `conflict` where it is over */
  pause(): void {
    if (this.#life) this.#abort('paused');
    else this.#set('paused', null);
  }

  /** Goes on where it was paused; another try now, where it waits. */
  resume(): void {
    if (this.state === 'paused') this.#set('queued', null);
    else if (this.#isStopping && this.#stop === 'paused') this.#stop = 'queued';
    else for (const link of this.#links) link.wake();
  }

  /** Begins anew with what was not copied. */
  retry(): void {
    this.#save({ state: 'queued', error: null, endedAt: null, isListAged: true });
  }

  async cancel(): Promise<void> {
    if (this.#life) this.#abort('canceled');
    else await this.#cancelled();
  }

  /** The engine ends; the next one goes on. */
  close(): void {
    this.#abort('queued');
  }

  setPosition(position: number): void {
    this.#save({ position });
  }

  setLimit(limit: number): void {
    this.#limit.bytesPerSecond = limit;
    this.#save({ options: { ...this.#record.options, limit } });
  }

  /** @returns for how many files it is an answer */
  answer(choice: ConflictChoice, names: readonly string[] | null): number {
    const count = this.#questions?.answer(choice, names) ?? 0;
    this.#emitter.emit('changed');
    return count;
  }

  get #isStopping(): boolean {
    return this.#life?.signal.aborted === true;
  }

  #abort(stop: Stop): void {
    // What the user has asked for holds, also where the engine ends meanwhile.
    if (this.#isStopping && (this.#stop === 'canceled' || stop === 'queued')) return;
    this.#stop = stop;
    this.#life?.abort(new AppError('cancelled', 'The transfer was stopped.'));
  }

  /** Over one connection after another. */
  async #copyAll(signal: AbortSignal): Promise<void> {
    let tries = 0;
    for (let before = -1; ; ) {
      const onWait = (error: AppError) => this.#set('waiting', error);
      const ends = await openEnds(this.#links, this.#record.direction, onWait, signal);
      await this.#takeTurn(signal);
      try {
        await this.#copyOver(ends, signal);
        return;
      } catch (error) {
        throwIfAborted(signal);
        const failure = AppError.from(error);
        if (scopeOfFailure(failure) !== 'connection') throw failure;
        const done = this.#progress();
        tries = done === before && this.#links.every(({ live }) => live) ? tries + 1 : 1;
        before = done;
        if (tries >= MOST_TRIES) throw failure;
        this.#set('waiting', failure);
        await this.#deps.clock.sleep(100 * tries, signal);
      }
    }
  }

  /** Resolves when the queue has room for it again, at once where it has made none. */
  async #takeTurn(signal: AbortSignal): Promise<void> {
    if (this.state === 'active') return;
    const turn = this.#turn.take(signal);
    this.#set('queued', null);
    await turn;
  }

  #progress(): number {
    const { bytes, files } = this.counted();
    return bytes.done + files.done + files.failed + files.skipped;
  }

  async #copyOver(ends: Ends, signal: AbortSignal): Promise<void> {
    const { id, options } = this.#record;
    const destination = await ends.target.resolve(this.#record.destination, signal);
    const isContinued = (await this.#knownLedger()) !== null;
    const ledger = await this.#openLedger(ends, signal);
    // An engine that was killed cannot remove what it was writing.
    if (isContinued) await ends.target.removeStaging(destination, id);
    const questions = new ConflictQuestions(ledger);
    this.#questions = questions;
    const deps: CopyDeps = {
      id,
      ends,
      ledger,
      options,
      goesBehindLinks: this.#record.direction === 'upload',
      destination,
      conflicts: options.conflicts,
      verifies: options.verify,
      follows: options.links === 'follow',
      limits: [this.#limit, this.#deps.limit],
      onBytes: (bytes) => {
        this.#meter.add(bytes);
        this.#emitter.emit('changed');
      },
      onCurrent: (name) => {
        this.#current = name;
      },
      onConflicts: (indexes) => {
        questions.ask(indexes);
        this.#emitter.emit('changed');
      },
    };
    do {
      await copyFiles(deps, signal);
      this.#current = null;
      if (questions.isAsking) {
        this.#set('waiting', null);
        await questions.untilAnswered(signal);
        await ledger.sync();
        await this.#takeTurn(signal);
      }
    } while (ledger.hasOpen);
  }

  /** null: the files were not listed yet. */
  async #knownLedger(): Promise<FileLedger | null> {
    this.#ledger ??= await FileLedger.open(this.#deps.journal);
    return this.#ledger;
  }

  async #openLedger(ends: Ends, signal: AbortSignal): Promise<FileLedger> {
    const known = await this.#knownLedger();
    if (known && !this.#record.isListAged) return known;
    const { sources, destination, options } = this.#record;
    const plan = await makePlan(ends, { sources, destination, links: options.links }, signal);
    this.#ledger = await FileLedger.create(this.#deps.journal, plan, known);
    this.#save({ isListAged: false });
    return this.#ledger;
  }

  #end(): void {
    const { files } = this.counted();
    const hasNothing = files.failed > 0 && files.done + files.skipped === 0;
    const [first] = this.#ledger?.failures ?? [];
    this.#questions = null;
    this.#save({
      state: hasNothing ? 'failed' : 'completed',
      error: hasNothing && first ? first.error : null,
      endedAt: this.#deps.clock.now(),
    });
    if (files.failed === 0) this.#deps.journal.remove();
  }

  async #stopped(error: AppError | null): Promise<void> {
    this.#questions = null;
    if (error) {
      this.#save({ state: 'failed', error: error.serialize(), endedAt: this.#deps.clock.now() });
      return;
    }
    if (this.#stop === 'canceled') await this.#cancelled();
    else this.#set(this.#stop, null);
  }

  async #cancelled(): Promise<void> {
    this.#save({ state: 'canceled', error: null, endedAt: this.#deps.clock.now() });
    await this.removeParts();
    this.#deps.journal.remove();
  }

  /** Of files that are not complete. Those on a cluster that is not connected stay, under names that say what they are. */
  async removeParts(): Promise<void> {
    await removeParts(this.#deps.connections, this.#record, await this.#knownLedger());
  }

  #set(state: TransferState, error: AppError | null): void {
    const serialized = error?.serialize() ?? null;
    if (state === this.state && JSON.stringify(serialized) === JSON.stringify(this.#record.error)) return;
    this.#save({ state, error: serialized });
  }

  #save(change: Partial<TransferRecord>): void {
    this.#record = { ...this.counted(), ...change };
    this.#deps.save(this.#record);
    this.#emitter.emit('changed');
  }
}
