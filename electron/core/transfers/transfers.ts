import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import type { ParsedInput } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import { isTransferOver, type Transfer } from '../../shared/transfers.ts';
import type { Clock, Logger } from '../deps.ts';
import type { Connections } from '../ssh/types.ts';
import type { TransferRecord } from '../storage/transfer-record.ts';
import type { Storage, TransferStorage } from '../storage/types.ts';
import { ChangeNotice } from './change-notice.ts';
import { describeTransfer } from './describe-transfer.ts';
import { Journal } from './journal.ts';
import { startable } from './queue-policy.ts';
import { RateLimit } from './rate-limit.ts';
import { checkInput, isSameInput, keyReused, newRecord, type TransferInput } from './transfer-input.ts';
import { TransferTask } from './transfer-task.ts';

/** Over, and still in the state. */
const RECENT = 50;
/** Over, and kept at all. */
const MOST_KEPT = 500;
/** Between two notices of progress, ms. */
const NOTICE_INTERVAL = 250;

interface TransfersDeps {
  /** The data directory. */
  data: string;
  connections: Pick<Connections, 'acquire' | 'status' | 'on'>;
  storage: TransferStorage & Pick<Storage, 'settings' | 'saveSettings'>;
  /** @throws AppError `not-found` */
  checkCluster: (id: string) => unknown;
  clock: Clock;
  logger: Logger;
}

type StartInput = ParsedInput<'transfers.start'>;

/** All transfers: those in the queue, and those that are over. */
export class Transfers {
  readonly #deps: TransfersDeps;
  readonly #emitter = new EventEmitter<{ changed: []; limit: [] }>();
  readonly #notice: ChangeNotice;
  readonly #limit: RateLimit;
  /** Those that are not over, in the order of the queue. */
  #tasks: TransferTask[];
  #running = new Set<Promise<void>>();
  #isClosed = false;
  /** Read once, since every notice of progress holds all of them. */
  #lastEnded: Transfer[] | null = null;

  constructor(deps: TransfersDeps) {
    this.#deps = deps;
    this.#limit = new RateLimit(deps.clock, deps.storage.settings().transferLimit);
    this.#notice = new ChangeNotice(deps.clock, NOTICE_INTERVAL, () => this.#emitter.emit('changed'));
    this.#tasks = deps.storage
      .liveTransfers()
      .sort((one, other) => one.position - other.position)
      .map((record) => this.#task({ ...record, state: record.state === 'paused' ? 'paused' : 'queued' }));
  }

  /** Goes on with what the last engine left. */
  continueQueue(): void {
    this.#startNext();
  }

  onChange(listener: () => void): void {
    this.#emitter.on('changed', listener);
  }

  /** The limit of all together was changed. */
  onLimitChange(listener: () => void): void {
    this.#emitter.on('limit', listener);
  }

  /** The settings have another limit. */
  applyLimit(): void {
    const { transferLimit } = this.#deps.storage.settings();
    if (transferLimit !== this.#limit.bytesPerSecond) this.#limit.bytesPerSecond = transferLimit;
  }

  /** Something is copied, or will be. */
  get isBusy(): boolean {
    return this.#tasks.some(({ isRunning, state }) => isRunning || state === 'queued');
  }

  /** Those that are not over, and those that ended last. */
  recent(): Transfer[] {
    this.#lastEnded ??= this.#deps.storage.endedTransfers(RECENT).map((record) => describeTransfer(record));
    const ended = this.#lastEnded.filter(({ id }) => !this.#find(id));
    return [...this.#tasks.map((task) => task.describe()), ...ended];
  }

  list({ clusterId, states, limit }: ParsedInput<'transfers.list'>): Transfer[] {
    const isMeant = (each: Transfer) =>
      (clusterId === undefined || each.clusterId === clusterId || each.toClusterId === clusterId) &&
      (states?.includes(each.state) ?? true);
    const isAnyMeant = clusterId === undefined && states === undefined;
    const list = this.#list(isAnyMeant ? limit : Number.MAX_SAFE_INTEGER);
    return list.filter(isMeant).slice(0, limit);
  }

  get(id: string): Transfer {
    const task = this.#find(id);
    return describeTransfer(this.#record(id), task?.facts(), Number.POSITIVE_INFINITY);
  }

  start({ key, ...input }: StartInput): Transfer {
    checkInput(input, this.#deps.checkCluster);
    const known = key === undefined ? null : this.#deps.storage.findTransferByKey(key);
    if (known) {
      if (!isSameInput(known, input)) throw keyReused();
      return this.get(known.id);
    }
    const task = this.#task(this.#newRecord(input, key ?? null));
    this.#tasks.push(task);
    this.#deps.storage.saveTransfer(task.record);
    this.#startNext();
    return task.describe();
  }

  pause(id: string): Transfer {
    this.#live(id).pause();
    return this.get(id);
  }

  resume(id: string): Transfer {
    const task = this.#live(id);
    task.resume();
    this.#startNext();
    return this.get(id);
  }

  async cancel(id: string): Promise<Transfer> {
    await this.#find(id)?.cancel();
    return this.get(id);
  }

  retry(id: string): Transfer {
    if (this.#find(id)) throw new AppError('conflict', message`The transfer ${{ id }} is not over.`);
    const task = this.#task(this.#record(id));
    task.retry();
    this.#tasks.push(task);
    this.#startNext();
    return task.describe();
  }

  async remove(id: string | undefined): Promise<void> {
    if (id !== undefined && this.#find(id)) {
      throw new AppError('conflict', message`The transfer ${{ id }} is not over.`, { hint: 'Cancel it first.' });
    }
    await this.#forget(id === undefined ? this.#deps.storage.oldTransfers(0) : [this.#record(id).id]);
    this.#lastEnded = null;
    this.#notice.now();
  }

  /** Removes all of them that is kept. */
  async #forget(ids: readonly string[]): Promise<void> {
    const { storage, logger } = this.#deps;
    for (const id of ids) {
      const record = storage.findTransfer(id);
      if (!record || this.#find(id)) continue;
      await this.#task(record)
        .removeParts()
        .catch((error: unknown) => {
          // They have names that say what they are; a list that cannot be read is to go all the same.
          logger.warn('parts of a transfer were not removed', { error: AppError.from(error).message });
        });
      // It may have been tried again meanwhile.
      if (this.#find(id)) continue;
      this.#journal(id).remove();
      storage.removeTransfer(id);
    }
  }

  /** Of those that are over, only so many are kept. */
  #forgetOld(): void {
    const old = this.#deps.storage.oldTransfers(MOST_KEPT);
    if (old.length > 0) this.#inBackground('old transfers were not removed', this.#forget(old));
  }

  /** What the engine waits for before it ends. */
  #inBackground(failure: string, work: Promise<void>): void {
    const running = work
      .catch((error: unknown) => this.#deps.logger.error(failure, { error: AppError.from(error).message }))
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  answerConflict({ id, choice, paths }: ParsedInput<'transfers.answerConflict'>): Transfer {
    if (this.#live(id).answer(choice, paths ?? null) === 0) {
      throw new AppError('conflict', message`The transfer ${{ id }} asks about no such file.`);
    }
    return this.get(id);
  }

  move(id: string, before: string | null): void {
    const task = this.#live(id);
    const others = this.#tasks.filter((other) => other !== task);
    const at = before === null ? others.length : others.indexOf(this.#live(before));
    this.#tasks = [...others.slice(0, at), task, ...others.slice(at)];
    for (const [position, each] of this.#tasks.entries()) {
      if (each.record.position !== position) each.setPosition(position);
    }
    this.#notice.now();
  }

  setLimit(id: string | undefined, limit: number): void {
    if (id !== undefined) {
      this.#live(id).setLimit(limit);
      return;
    }
    this.#deps.storage.saveSettings({ transferLimit: limit });
    this.applyLimit();
    this.#emitter.emit('limit');
  }

  async dispose(): Promise<void> {
    this.#isClosed = true;
    this.#notice.dispose();
    for (const task of this.#tasks) task.close();
    await Promise.all(this.#running);
  }

  #newRecord(input: TransferInput, key: string | null): TransferRecord {
    const position = Math.max(0, ...this.#tasks.map(({ record }) => record.position + 1));
    return newRecord(input, { key, position, createdAt: this.#deps.clock.now() });
  }

  #task(record: TransferRecord): TransferTask {
    const { connections, clock, storage } = this.#deps;
    const task = new TransferTask(
      {
        connections,
        clock,
        journal: this.#journal(record.id),
        limit: this.#limit,
        save: (changed) => {
          storage.saveTransfer(changed);
          if (isTransferOver(changed)) this.#lastEnded = null;
        },
      },
      record,
    );
    task.onChange(() => this.#onChange(task));
    return task;
  }

  #onChange(task: TransferTask): void {
    if (!task.isRunning && isTransferOver(task)) {
      this.#tasks = this.#tasks.filter((other) => other !== task);
      this.#notice.now();
      this.#forgetOld();
    } else this.#notice.soon();
    // Who waits makes room for others, or asks for its turn.
    if (task.state === 'waiting' || task.state === 'queued') setImmediate(() => this.#startNext());
  }

  #startNext(): void {
    if (this.#isClosed) return;
    for (const id of startable(this.#tasks.map((task) => task.queued))) {
      const task = this.#live(id);
      if (!task.giveTurn()) this.#inBackground('a transfer was not saved', this.#run(task));
    }
    this.#notice.soon();
  }

  async #run(task: TransferTask): Promise<void> {
    await task.run();
    // After this turn, so that whoever stopped it hears of that first.
    setImmediate(() => this.#startNext());
  }

  #list(limit: number): Transfer[] {
    const ended = this.#deps.storage.endedTransfers(limit).filter(({ id }) => !this.#find(id));
    return [...this.#tasks.map((task) => task.describe()), ...ended.map((record) => describeTransfer(record))];
  }

  #find(id: string): TransferTask | undefined {
    return this.#tasks.find(({ record }) => record.id === id);
  }

  #live(id: string): TransferTask {
    const task = this.#find(id);
    if (task) return task;
    this.#record(id);
    throw new AppError('conflict', message`The transfer ${{ id }} is over.`);
  }

  #record(id: string): TransferRecord {
    const record = this.#find(id)?.counted() ?? this.#deps.storage.findTransfer(id);
    if (record) return record;
    throw new AppError('not-found', message`There is no transfer ${{ id }}.`);
  }

  #journal(id: string): Journal {
    return new Journal(join(this.#deps.data, 'transfers', id));
  }
}
