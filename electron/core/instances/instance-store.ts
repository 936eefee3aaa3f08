import { EventEmitter } from 'node:events';
import { AppError } from '../../shared/errors.ts';
import { isOver, listedEnded } from '../../shared/instance-policy.ts';
import type { Instance } from '../../shared/instances.ts';
import { message } from '../../shared/messages.ts';
import type { Clock, Logger } from '../deps.ts';
import type { Storage } from '../storage/types.ts';
import { type InstanceEvent, reduce } from './instance-state.ts';
import type { LogEnd } from './log-text.ts';

export interface InstanceStoreDeps {
  storage: Pick<Storage, 'liveInstances' | 'recentEnded' | 'findInstance' | 'saveInstance'>;
  clock: Clock;
  logger: Logger;
}

interface Entry {
  instance: Instance;
  /** Epoch ms of the last change of state or step: how closely it is watched. */
  changedAt: number;
}

/** Every instance as it is known here. Nothing else changes one. The log of an ended one is only in the storage. */
export class InstanceStore {
  readonly #storage: InstanceStoreDeps['storage'];
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #entries = new Map<string, Entry>();
  /** Each log that is followed listens, too. */
  readonly #emitter = new EventEmitter<{ changed: [instances: Instance[]] }>().setMaxListeners(0);
  #isClosed = false;

  constructor({ storage, clock, logger }: InstanceStoreDeps) {
    this.#storage = storage;
    this.#clock = clock;
    this.#logger = logger;
    const changedAt = clock.now();
    // Not saved: another process may still be at it, and the next start decides anew.
    const live = storage.liveInstances().map((instance) => reduce(instance, { type: 'restored', at: changedAt }));
    for (const instance of live) this.#entries.set(instance.id, { instance, changedAt });
    this.#listEnded();
  }

  /** The live ones and those that ended last, newest first. */
  list(): Instance[] {
    return [...this.#entries.values()].map(({ instance }) => instance).sort((a, b) => b.createdAt - a.createdAt);
  }

  isListed(id: string): boolean {
    return this.#entries.has(id);
  }

  /** Also one that is not listed any more; null: unknown or removed. */
  find(id: string): Instance | null {
    const listed = this.#entries.get(id)?.instance;
    if (listed) return listed;
    const stored = this.#storage.findInstance(id);
    return stored && !stored.removed ? stored.instance : null;
  }

  /** @throws AppError `not-found` */
  get(id: string): Instance {
    return this.#entry(id).instance;
  }

  /** The end of its log: of a live one as it is known, of another as it was saved last. */
  savedLog(id: string): LogEnd {
    const listed = this.#entries.get(id)?.instance;
    const instance = listed?.logTail ? listed : this.#storage.findInstance(id)?.instance;
    return { tail: instance?.logTail ?? '', span: instance?.logSpan ?? null };
  }

  changedAt(id: string): number {
    return this.#entry(id).changedAt;
  }

  /** The user took it off the list. */
  isRemoved(id: string): boolean {
    return this.#storage.findInstance(id)?.removed ?? false;
  }

  add(instance: Instance): void {
    this.#save(instance, false);
    this.#keep(instance, this.#clock.now());
    this.#emit();
  }

  remove(id: string): void {
    const { instance } = this.#entry(id);
    this.#save({ ...instance, logTail: this.savedLog(id).tail }, true);
    this.#entries.delete(id);
    if (!this.#isClosed) this.#listEnded();
    this.#emit();
  }

  dispatch(id: string, event: InstanceEvent): void {
    const { instance: before, changedAt } = this.#entry(id);
    const after = reduce(before, event);
    if (after === before || JSON.stringify(after) === JSON.stringify(before)) return;
    // The log of a live one alone is not worth a write: it comes again.
    if (event.type !== 'log' || isOver(after.state)) this.#saveChange(after);
    const isMoved = after.state !== before.state || after.steps !== before.steps;
    this.#keep(after, isMoved ? this.#clock.now() : changedAt);
    this.#emit();
  }

  /** @returns what ends it */
  subscribe(listener: (instances: Instance[]) => void): () => void {
    this.#emitter.on('changed', listener);
    return () => this.#emitter.off('changed', listener);
  }

  /** From here on nothing is written. */
  close(): void {
    this.#isClosed = true;
  }

  #entry(id: string): Entry {
    const listed = this.#entries.get(id);
    if (listed) return listed;
    const instance = this.find(id);
    if (!instance) throw new AppError('not-found', message`There is no running app ${{ id }}.`);
    return { instance, changedAt: changeOf(instance) };
  }

  /** Lists those that ended last, also the next ones after some were removed. */
  #listEnded(): void {
    for (const instance of this.#storage.recentEnded(listedEnded)) {
      if (!this.#entries.has(instance.id)) this.#entries.set(instance.id, { instance, changedAt: changeOf(instance) });
    }
  }

  #keep(instance: Instance, changedAt: number): void {
    const listed = isOver(instance.state) ? { ...instance, logTail: '' } : instance;
    this.#entries.set(instance.id, { instance: listed, changedAt });
    const ended = [...this.#entries.values()].filter((entry) => isOver(entry.instance.state));
    if (ended.length <= listedEnded) return;
    const oldest = ended.reduce((a, b) => ((a.instance.endedAt ?? 0) <= (b.instance.endedAt ?? 0) ? a : b));
    this.#entries.delete(oldest.instance.id);
  }

  /** What happened is true even where it cannot be written; the cluster knows it too, and the next change is written. */
  #saveChange(instance: Instance): void {
    try {
      this.#save(instance, false);
    } catch (error) {
      const { message } = AppError.from(error);
      this.#logger.error('a change of an instance was not saved', { id: instance.id, error: message });
    }
  }

  #save(instance: Instance, removed: boolean): void {
    if (!this.#isClosed) this.#storage.saveInstance({ instance, removed });
  }

  #emit(): void {
    if (this.#emitter.listenerCount('changed') > 0) this.#emitter.emit('changed', this.list());
  }
}

const changeOf = ({ createdAt, endedAt }: Instance): number => endedAt ?? createdAt;
