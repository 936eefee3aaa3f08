import { AppError } from '../../shared/errors.ts';
import type { Instance } from '../../shared/instances.ts';
import type { Clock } from '../deps.ts';
import type { Storage } from '../storage/types.ts';
import { type InstanceEvent, reduce } from './instance-state.ts';

export interface InstanceStoreDeps {
  storage: Pick<Storage, 'instances' | 'saveInstance'>;
  clock: Clock;
}

interface Entry {
  instance: Instance;
  /** Epoch ms of the last change of state or step: how closely it is watched. */
  changedAt: number;
}

/** Every instance as it is known here. Nothing else changes one. */
export class InstanceStore {
  readonly #storage: InstanceStoreDeps['storage'];
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  readonly #removed = new Set<string>();
  readonly #listeners = new Set<(instances: Instance[]) => void>();
  #isClosed = false;

  constructor({ storage, clock }: InstanceStoreDeps) {
    this.#storage = storage;
    this.#clock = clock;
    const changedAt = clock.now();
    for (const { instance, removed } of storage.instances()) {
      if (removed) this.#removed.add(instance.id);
      // Not saved: another process may still be at it, and the next start decides anew.
      else
        this.#entries.set(instance.id, { instance: reduce(instance, { type: 'restored', at: changedAt }), changedAt });
    }
  }

  /** Newest first. */
  list(): Instance[] {
    return [...this.#entries.values()].map(({ instance }) => instance).sort((a, b) => b.createdAt - a.createdAt);
  }

  find(id: string): Instance | null {
    return this.#entries.get(id)?.instance ?? null;
  }

  /** @throws AppError `not-found` */
  get(id: string): Instance {
    return this.#entry(id).instance;
  }

  changedAt(id: string): number {
    return this.#entry(id).changedAt;
  }

  /** The user took it off the list. */
  isRemoved(id: string): boolean {
    return this.#removed.has(id);
  }

  add(instance: Instance): void {
    this.#entries.set(instance.id, { instance, changedAt: this.#clock.now() });
    this.#save(instance, false);
    this.#emit();
  }

  remove(id: string): void {
    const { instance } = this.#entry(id);
    this.#entries.delete(id);
    this.#removed.add(id);
    this.#save(instance, true);
    this.#emit();
  }

  dispatch(id: string, event: InstanceEvent): void {
    const entry = this.#entry(id);
    const before = entry.instance;
    const after = reduce(before, event);
    if (after === before || JSON.stringify(after) === JSON.stringify(before)) return;
    entry.instance = after;
    if (after.state !== before.state || after.steps !== before.steps) entry.changedAt = this.#clock.now();
    // The log's tail alone is not worth a write: it comes again.
    if (event.type !== 'log') this.#save(after, false);
    this.#emit();
  }

  /** @returns what ends it */
  subscribe(listener: (instances: Instance[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** From here on nothing is written. */
  close(): void {
    this.#isClosed = true;
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (!entry) throw new AppError('not-found', `There is no running app ${id}.`);
    return entry;
  }

  #save(instance: Instance, removed: boolean): void {
    if (!this.#isClosed) this.#storage.saveInstance({ instance, removed });
  }

  #emit(): void {
    if (this.#listeners.size === 0) return;
    const instances = this.list();
    for (const listener of this.#listeners) listener(instances);
  }
}
