import { randomUUID } from 'node:crypto';
import { isJobOver } from '../electron/shared/jobs.ts';
import type { FollowLogOptions } from './apps.ts';
import type { ClusterReference, Clusters } from './clusters.ts';
import type { Connection } from './connection.ts';
import { followLog, followValue } from './follow.ts';
import { JobFiles } from './job-files.ts';
import type { JobInfo, JobState, Requests } from './types.ts';

export interface CreateJobOptions extends Omit<Requests['jobs.create']['input'], 'clusterId'> {
  cluster: ClusterReference;
  signal?: AbortSignal;
}

/** A batch job: a directory on a cluster with inputs, a script and results, and a state. */
export class Job {
  readonly id: string;
  /** What is in its directory. */
  readonly files: JobFiles;
  readonly #connection: Connection;
  #info: JobInfo;

  /** @internal */
  constructor(connection: Connection, info: JobInfo) {
    this.#connection = connection;
    this.#info = info;
    this.id = info.id;
    this.files = new JobFiles(connection, info.id);
  }

  /** All that was known of it when it was asked for last. */
  get info(): JobInfo {
    return this.#info;
  }

  get name(): string {
    return this.#info.name;
  }

  get state(): JobState {
    return this.#info.state;
  }

  /** Absolute, on the cluster. */
  get directory(): string {
    return this.#info.directory;
  }

  /** Asks for all that is known of it now. */
  async refresh(signal?: AbortSignal): Promise<JobInfo> {
    this.#info = await this.#connection.repeatable('jobs.get', { id: this.id }, signal);
    return this.#info;
  }

  /** Changes it before it is submitted; what is left out stays. */
  async update(change: Omit<Requests['jobs.update']['input'], 'id'>): Promise<this> {
    this.#info = await this.#connection.repeatable('jobs.update', { ...change, id: this.id });
    return this;
  }

  /** Submits it once, however often and across whatever end of an engine it is called. */
  async submit(options: { signal?: AbortSignal } = {}): Promise<this> {
    this.#info = await this.#connection.repeatable('jobs.submit', { id: this.id }, options.signal);
    return this;
  }

  /** Ends it; one that is over stays as it is. */
  async cancel(): Promise<void> {
    await this.#connection.repeatable('jobs.cancel', { id: this.id });
  }

  /** Keeps it from beginning while it waits in a queue, until it is released. */
  async hold(): Promise<void> {
    await this.#connection.request('jobs.hold', { id: this.id });
  }

  /** Releases it where its user holds it. */
  async release(): Promise<void> {
    await this.#connection.request('jobs.release', { id: this.id });
  }

  /** A new job with its inputs, script and values, which is not submitted. */
  async rerun(change: Omit<Requests['jobs.rerun']['input'], 'id'> = {}): Promise<Job> {
    const input = { ...change, id: this.id, key: change.key ?? randomUUID() };
    return new Job(this.#connection, await this.#connection.repeatable('jobs.rerun', input));
  }

  /** What is known of it, at once and at each change of its state, until it is over. */
  async *states({ signal }: { signal?: AbortSignal } = {}): AsyncGenerator<JobInfo> {
    yield* followValue(this.#connection, {
      read: (within) => this.refresh(within),
      key: ({ state, native }) => JSON.stringify([state, native?.state, native?.reason, native?.node]),
      isOver: ({ state }) => isJobOver(state),
      signal,
    });
  }

  /** Resolves when it is over, however it ended. */
  async wait(options: { signal?: AbortSignal } = {}): Promise<JobInfo> {
    for await (const { state } of this.states(options)) if (isJobOver(state)) break;
    return this.#info;
  }

  /** What it prints, as it grows, until it is over. It has to be submitted. */
  async *logs({ from = 0, signal }: FollowLogOptions = {}): AsyncGenerator<string> {
    const input = { id: this.id, offset: from };
    for await (const { text } of followLog(this.#connection, { input, signal })) yield text;
  }

  /** Hides it from lists, or shows it again. */
  async archive(archived = true): Promise<this> {
    this.#info = await this.#connection.repeatable('jobs.archive', { id: this.id, archived });
    return this;
  }

  /** Removes it with its directory on the cluster; only one that is new or over. */
  async remove(): Promise<void> {
    await this.#connection.request('jobs.remove', { id: this.id });
  }
}

/** Batch jobs of every cluster. */
export class Jobs {
  readonly #connection: Connection;
  readonly #clusters: Clusters;

  /** @internal */
  constructor(connection: Connection, clusters: Clusters) {
    this.#connection = connection;
    this.#clusters = clusters;
  }

  /**
   * Makes a job and its directory, from a script or from a recipe and its values; nothing is submitted. With a `key` of yours a
   * repeated call answers with the job that the first one made.
   */
  async create({ cluster, signal, ...input }: CreateJobOptions): Promise<Job> {
    const clusterId = await this.#clusters.idOf(cluster);
    const key = input.key ?? randomUUID();
    const info = await this.#connection.repeatable('jobs.create', { ...input, clusterId, key }, signal);
    return new Job(this.#connection, info);
  }

  /** @throws NotFoundError */
  async get(id: string): Promise<Job> {
    return new Job(this.#connection, await this.#connection.repeatable('jobs.get', { id }));
  }

  /** Those that meet all conditions given, newest first. */
  async *query(filter: Omit<Requests['jobs.query']['input'], 'cursor'> = {}): AsyncGenerator<Job> {
    for (let cursor: string | undefined; ; ) {
      const page = await this.#connection.repeatable('jobs.query', { ...filter, cursor });
      for (const info of page.jobs) yield new Job(this.#connection, info);
      if (page.next === null) return;
      cursor = page.next;
    }
  }
}
