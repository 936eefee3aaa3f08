import type { ParsedInput } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { FileList } from '../../shared/files.ts';
import { resourcesSchema } from '../../shared/instances.ts';
import { isJobOver, type Job } from '../../shared/jobs.ts';
import { launchTarget } from '../../shared/launch-target.ts';
import { message } from '../../shared/messages.ts';
import { scriptRecipeName } from '../../shared/script-recipe-name.ts';
import { newInstanceId } from '../instances/meta.ts';
import type { LogPart } from '../instances/types.ts';
import { withConnection } from '../ssh/pool/with-connection.ts';
import type { Connection } from '../ssh/types.ts';
import type { JobRecord } from '../storage/job-record.ts';
import type { StoredJob } from '../storage/types.ts';
import { describeJob } from './describe-job.ts';
import { prepareWrite, readScript, removeJobDirectory, removeJobFile, writeJobDirectory } from './job-directory.ts';
import { checkWritable, jobDirectory } from './job-directory-policy.ts';
import { queryJobs } from './job-query.ts';
import { JobRecords } from './job-records.ts';
import { type CreateInput, checkSameInput, checkScript, checkSource, hashInput, launchInputOf } from './new-job.ts';
import type { JobLocation, Jobs, JobsDeps } from './types.ts';

export const createJobs = (deps: JobsDeps): Jobs => new JobService(deps);

/** A job that is not submitted is a record and a directory; once it is, an instance of its id says how it goes on. */
class JobService implements Jobs {
  readonly #deps: JobsDeps;
  readonly #records: JobRecords;

  constructor(deps: JobsDeps) {
    this.#deps = deps;
    this.#records = new JobRecords(deps);
  }

  /** The record comes first: what a crash leaves undone is done by the same request, or when the job is submitted. */
  async create({ key, ...input }: ParsedInput<'jobs.create'>, signal: AbortSignal): Promise<Job> {
    checkSource(input);
    const { id: clusterId } = this.#deps.cluster(input.clusterId);
    const hash = hashInput(input);
    const again = this.#findByKey(key, hash);
    if (again?.isWritten) return this.#describe(again.id);
    return withConnection(this.#deps.connections, clusterId, signal, async (connection) => {
      const { home } = await this.#deps.facts.read(clusterId, connection, signal);
      const known = this.#findByKey(key, hash);
      const record = known ?? { ...this.#plan(input, home), key: key ?? null, inputHash: hash };
      if (!known) this.#records.save(record);
      try {
        await this.#write(record, connection, home, signal);
      } catch (error) {
        // With a key the client asks again; without one nobody would ever find it.
        if (!known && !(key !== undefined && mayBeRepeated(error))) this.#records.remove(record.id);
        throw error;
      }
      return this.#describe(record.id);
    });
  }

  #findByKey(key: string | undefined, hash: string): JobRecord | null {
    const known = key === undefined ? null : this.#deps.storage.findJobByKey(key);
    if (known) checkSameInput(known, hash);
    return known;
  }

  #plan(input: CreateInput, home: string): Omit<JobRecord, 'key' | 'inputHash'> {
    const { clusterId, name, resources, modules, recipe, args, script } = input;
    const cluster = this.#deps.cluster(clusterId);
    const id = newInstanceId();
    const { defaults } = launchTarget(cluster, null, '');
    const directory = jobDirectory(input.workDirectory || defaults.workDirectory, home, { id, name });
    const values = recipe === undefined ? null : { recipe, args };
    const own = { clusterId, name, directory, resources, modules, values };
    const launch = launchInputOf({ ...own, launcher: input.launcher, script: script ?? '' });
    const planned = this.#deps.instances.planJob(id, launch, { directory, script: script ?? null });
    return {
      ...own,
      ...planned,
      id,
      clusterName: cluster.name,
      createdAt: this.#deps.clock.now(),
      submittedAt: null,
      archived: false,
      rerunOf: null,
      isScriptEdited: false,
      isWritten: false,
      hasOwnDirectory: true,
    };
  }

  async #write(record: JobRecord, connection: Connection, home: string, signal: AbortSignal): Promise<void> {
    await writeJobDirectory(connection, record, home, signal);
    // What was changed meanwhile is written by whoever changed it.
    if (this.#records.record(record.id) === record) this.#records.save({ ...record, isWritten: true });
  }

  async update({ id, ...change }: ParsedInput<'jobs.update'>, signal: AbortSignal): Promise<Job> {
    if (change.script !== undefined) checkScript(change.script);
    const { clusterId } = this.#unsubmitted(id);
    return withConnection(this.#deps.connections, clusterId, signal, async (connection) => {
      const { home } = await this.#deps.facts.read(clusterId, connection, signal);
      const before = this.#unsubmitted(id);
      const record = { ...this.#changed(before, change), isWritten: false };
      // Its launch was interrupted with what it was before.
      if (this.#deps.instances.find(id)) await this.#deps.instances.forget(id);
      this.#records.save(record);
      await this.#write(record, connection, home, signal);
      return this.#describe(id);
    });
  }

  #changed(before: JobRecord, { script, launcher, ...change }: Omit<ParsedInput<'jobs.update'>, 'id'>): JobRecord {
    const isScriptEdited =
      before.values !== null && (before.isScriptEdited || (script ?? before.script) !== before.script);
    const next = { ...before, ...withoutUndefined(change), isScriptEdited, script: script ?? before.script };
    const launch = launchInputOf({ ...next, launcher: launcher ?? before.launcher });
    const kept = { directory: next.directory, script: isScriptEdited ? next.script : null };
    return { ...next, ...this.#deps.instances.planJob(before.id, launch, kept) };
  }

  async submit(id: string, signal: AbortSignal): Promise<Job> {
    const { record } = this.#find(id);
    if (!record || this.#describe(id).state !== 'new') return this.#continueOrGet(id);
    if (this.#deps.instances.find(id)) return this.#continueOrGet(id);
    await withConnection(this.#deps.connections, record.clusterId, signal, async (connection) => {
      const { home } = await this.#deps.facts.read(record.clusterId, connection, signal);
      await this.#takeScript(id, connection, home, signal);
    });
    const current = this.#find(id);
    // Somebody else may have submitted it since.
    if (!current.record || (current.instance !== null && !isForgotten(current))) return this.#describe(id);
    this.#deps.instances.launchJob(id, launchInputOf(current.record));
    this.#records.save({ ...current.record, submittedAt: this.#deps.clock.now() });
    return this.#describe(id);
  }

  #continueOrGet(id: string): Job {
    const instance = this.#deps.instances.find(id);
    if (instance?.state === 'interrupted') this.#deps.instances.continueLaunch(id);
    return this.#describe(id);
  }

  /** What the user wrote into `script.sh` on the cluster is what is submitted. */
  async #takeScript(id: string, connection: Connection, home: string, signal: AbortSignal): Promise<void> {
    const record = this.#unsubmitted(id);
    const script = record.isWritten ? await readScript(connection, record.directory, signal) : null;
    if (script === null) return this.#write({ ...record, isWritten: false }, connection, home, signal);
    if (script === record.script) return;
    checkScript(script);
    const changed = this.#changed(record, { script });
    this.#records.save(changed);
  }

  cancel(id: string): void {
    const job = this.#describe(id);
    if (job.state === 'new') {
      throw new AppError('conflict', message`${{ name: job.name }} is not submitted.`, { hint: 'Remove it instead.' });
    }
    this.#deps.instances.stop(id);
  }

  archive(id: string, archived: boolean): Job {
    const { record, instance } = this.#find(id);
    const kept = record ?? (instance && launchedRecord(this.#describe(id), this.#scriptOf(id)));
    if (kept) this.#records.save({ ...kept, archived });
    return this.#describe(id);
  }

  async remove(id: string, signal: AbortSignal): Promise<void> {
    const { state, name, clusterId } = this.#describe(id);
    if (state !== 'new' && !isJobOver(state)) {
      throw new AppError('conflict', message`${{ name }} is not over.`, { hint: 'Cancel it first.' });
    }
    const { record } = this.#find(id);
    if (record?.hasOwnDirectory) {
      await withConnection(this.#deps.connections, clusterId, signal, (connection) =>
        removeJobDirectory(connection, record, signal),
      );
    }
    const { instances } = this.#deps;
    const instance = instances.find(id);
    if (instance) await (instance.state === 'interrupted' ? instances.forget(id) : instances.remove(id));
    if (record) this.#records.remove(id);
  }

  get(id: string): Job {
    return { ...this.#describe(id), script: this.#scriptOf(id) };
  }

  #scriptOf(id: string): string | null {
    const { record, instance } = this.#find(id);
    if (record) return record.script;
    const script = instance?.recipe === scriptRecipeName ? instance.input?.args.script : undefined;
    return typeof script === 'string' ? script : null;
  }

  query(input: ParsedInput<'jobs.query'>, visible: readonly string[] | null): { jobs: Job[]; next: string | null } {
    const { instances, storage } = this.#deps;
    return queryJobs(storage, input, (saved) => instances.find(saved.id) ?? saved, visible);
  }

  async log(id: string, offset: number): Promise<LogPart> {
    this.#find(id);
    if (!this.#deps.instances.find(id)) return { text: '', offset: 0, next: 0, size: 0 };
    return this.#deps.instances.log(id, offset);
  }

  async files(id: string, path: string, signal: AbortSignal): Promise<FileList> {
    const { clusterId, directory } = await this.locate(id, signal);
    const folder = path === '' ? directory : `${directory}/${path}`;
    return this.#deps.files.list({ clusterId, path: folder, nearest: false }, signal);
  }

  async removeFile(id: string, path: string, signal: AbortSignal): Promise<void> {
    checkWritable(path);
    const { clusterId, directory } = await this.locate(id, signal);
    await withConnection(this.#deps.connections, clusterId, signal, (connection) =>
      removeJobFile(connection, directory, path, signal),
    );
  }

  async locate(id: string, signal: AbortSignal): Promise<JobLocation> {
    const { record } = this.#find(id);
    const { clusterId, directory, name } = this.#describe(id);
    if (directory === '') {
      throw new AppError('conflict', message`The directory of ${{ name }} is not known here.`, {
        hint: 'It was launched by another version or from another computer.',
      });
    }
    if (record && !record.isWritten) {
      await withConnection(this.#deps.connections, clusterId, signal, async (connection) => {
        const { home } = await this.#deps.facts.read(clusterId, connection, signal);
        await this.#write(record, connection, home, signal);
      });
    }
    return { clusterId, directory };
  }

  async locateWrite(id: string, path: string, signal: AbortSignal): Promise<JobLocation> {
    checkWritable(path);
    const location = await this.locate(id, signal);
    await withConnection(this.#deps.connections, location.clusterId, signal, (connection) =>
      prepareWrite(connection, location.directory, path, signal),
    );
    return location;
  }

  list(): Job[] {
    return this.#records.list().flatMap((stored) => describeJob(stored) ?? []);
  }

  onChange(listener: () => void): () => void {
    const stops = [this.#records.onChange(listener), this.#deps.instances.onChange(listener)];
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** @throws AppError `not-found` */
  #find(id: string): StoredJob {
    const stored = this.#records.find(id);
    if (!stored) throw new AppError('not-found', message`There is no job ${{ id }}.`);
    return stored;
  }

  #describe(id: string): Job {
    const job = describeJob(this.#find(id));
    if (!job) throw new AppError('not-found', message`There is no job ${{ id }}.`);
    return job;
  }

  /** @throws AppError `conflict` for one that was submitted */
  #unsubmitted(id: string): JobRecord {
    const { record } = this.#find(id);
    const { state, name } = this.#describe(id);
    if (record && state === 'new') return record;
    throw new AppError('conflict', message`${{ name }} was submitted already.`, {
      hint: 'Run it again: that makes a new job, which can be changed.',
    });
  }
}

/** A launch that was interrupted and taken off the list. */
const isForgotten = ({ instance }: StoredJob): boolean => instance?.state === 'interrupted';

/** Nothing says that another try would fail, too. */
function mayBeRepeated(error: unknown): boolean {
  const { code } = AppError.from(error);
  return code === 'connection-lost' || code === 'cancelled' || code === 'timeout';
}

const withoutUndefined = <T extends object>(change: T): Partial<T> =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<T>;

/** What is kept of a job that was launched as an app is. */
function launchedRecord(job: Job, script: string | null): JobRecord {
  const { state: _state, native: _native, error: _error, startedAt: _startedAt, endedAt: _endedAt, ...own } = job;
  return {
    ...own,
    resources: resourcesSchema.parse(job.resources),
    script: script ?? '',
    isScriptEdited: false,
    isWritten: true,
    key: null,
    inputHash: '',
    hasOwnDirectory: false,
  };
}
