import { EventEmitter } from 'node:events';
import type { Instance } from '../../shared/instances.ts';
import type { JobRecord } from '../storage/job-record.ts';
import type { JobStorage, Storage, StoredJob } from '../storage/types.ts';

/** So many of those that were never submitted are in the state; `jobs.query` finds the others. */
const LISTED_NEW = 200;

interface JobRecordsDeps {
  storage: Pick<JobStorage, 'saveJob' | 'findJob' | 'unsubmittedJobs' | 'removeJob'> & Pick<Storage, 'findInstance'>;
  /** Live ones, and those that ended last. */
  instances: { list(): Instance[]; find(id: string): Instance | null };
}

/** The jobs that are kept here, with what their instances say. Nothing else writes them. */
export class JobRecords {
  readonly #deps: JobRecordsDeps;
  readonly #emitter = new EventEmitter<{ changed: [] }>();
  /** Of the ids that were asked for; null: there is none. */
  readonly #known = new Map<string, JobRecord | null>();
  readonly #unsubmitted = new Set<string>();

  constructor(deps: JobRecordsDeps) {
    this.#deps = deps;
    for (const record of deps.storage.unsubmittedJobs(LISTED_NEW)) {
      this.#known.set(record.id, record);
      this.#unsubmitted.add(record.id);
    }
  }

  /** @returns what ends it */
  onChange(listener: () => void): () => void {
    this.#emitter.on('changed', listener);
    return () => this.#emitter.off('changed', listener);
  }

  record(id: string): JobRecord | null {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const record = this.#deps.storage.findJob(id);
    this.#known.set(id, record);
    return record;
  }

  /** null: there is no such job. */
  find(id: string): StoredJob | null {
    const { instances, storage } = this.#deps;
    const record = this.record(id);
    const listed = instances.find(id);
    // The instance of a job that is kept counts also where it was taken off the list of apps.
    if (record) return { record, instance: listed ?? storage.findInstance(id)?.instance ?? null };
    return listed?.kind === 'job' ? { record, instance: listed } : null;
  }

  /** Those that the state shows, newest first. */
  list(): StoredJob[] {
    const submitted = this.#deps.instances.list().filter(({ kind }) => kind === 'job');
    const ids = new Set(submitted.map(({ id }) => id));
    const others = [...this.#unsubmitted]
      .filter((id) => !ids.has(id))
      .map((id) => ({ record: this.record(id), instance: null }));
    const all = [...submitted.map((instance) => ({ record: this.record(instance.id), instance })), ...others];
    return all.sort((a, b) => createdAt(b) - createdAt(a));
  }

  save(record: JobRecord): void {
    this.#deps.storage.saveJob(record);
    this.#known.set(record.id, record);
    if (record.submittedAt === null && !record.archived) this.#unsubmitted.add(record.id);
    else this.#unsubmitted.delete(record.id);
    this.#emitter.emit('changed');
  }

  remove(id: string): void {
    this.#deps.storage.removeJob(id);
    this.#known.delete(id);
    this.#unsubmitted.delete(id);
    this.#emitter.emit('changed');
  }
}

const createdAt = ({ record, instance }: StoredJob): number => record?.createdAt ?? instance?.createdAt ?? 0;
