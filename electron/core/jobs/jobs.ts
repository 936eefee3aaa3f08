import type { ParsedInput } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { FileList } from '../../shared/files.ts';
import { isJobOver, type Job, type JobCheck } from '../../shared/jobs.ts';
import { message } from '../../shared/messages.ts';
import { scriptRecipeName } from '../../shared/script-recipe-name.ts';
import { INPUTS_FILE } from '../instances/job-inputs.ts';
import type { LaunchOptions, LogPart } from '../instances/types.ts';
import { withConnection } from '../ssh/pool/with-connection.ts';
import type { Connection } from '../ssh/types.ts';
import type { JobRecord } from '../storage/job-record.ts';
import type { StoredJob } from '../storage/types.ts';
import { describeJob } from './describe-job.ts';
import { noteInputs, prepareWrite, readScript, removeJobDirectory, removeJobFile } from './job-directory.ts';
import { checkWritable } from './job-directory-policy.ts';
import { JobMaker } from './job-maker.ts';
import { queryJobs } from './job-query.ts';
import { JobRecords } from './job-records.ts';
import { JobTasks } from './job-tasks.ts';
import { arrayOfTasks, chooseTasks, pageOfTasks } from './job-tasks-policy.ts';
import { launchedRecord, rerunSource } from './launched-job.ts';
import { checkInputOf, checkScript, launchInputOf } from './new-job.ts';
import type { JobLocation, Jobs, JobsDeps, JobTaskPage } from './types.ts';

export const createJobs = (deps: JobsDeps): Jobs => new JobService(deps);

/** A job that is not submitted is a record and a directory; once it is, an instance of its id says how it goes on. */
class JobService implements Jobs {
  readonly #deps: JobsDeps;
  readonly #records: JobRecords;
  readonly #maker: JobMaker;
  readonly #tasks: JobTasks;

  constructor(deps: JobsDeps) {
    this.#deps = deps;
    this.#records = new JobRecords(deps);
    this.#maker = new JobMaker(deps, this.#records);
    this.#tasks = new JobTasks(deps);
  }

  async create(input: ParsedInput<'jobs.create'>, signal: AbortSignal): Promise<Job> {
    return this.#describe(await this.#maker.create(input, signal));
  }

  async rerun(input: ParsedInput<'jobs.rerun'>, signal: AbortSignal): Promise<Job> {
    const job = this.get(input.id);
    const whole = rerunSource(this.#find(input.id), job, input);
    const source = input.tasks === undefined ? whole : { ...whole, ...(await this.#onlyTasks(job, input, signal)) };
    return this.#describe(await this.#maker.rerun(source, input, signal));
  }

  async #onlyTasks(job: Job, { tasks, resources }: ParsedInput<'jobs.rerun'>, signal: AbortSignal) {
    const known = await this.#tasks.list(job.id, signal);
    return arrayOfTasks({ ...job, resources: resources ?? job.resources }, chooseTasks(job, known, tasks));
  }

  async update({ id, ...change }: ParsedInput<'jobs.update'>, signal: AbortSignal): Promise<Job> {
    const { clusterId } = this.#unsubmitted(id);
    return withConnection(this.#deps.connections, clusterId, signal, async (connection) => {
      await this.#deps.facts.read(clusterId, connection, signal);
      const record = this.#maker.change(this.#unsubmitted(id), change);
      // Its launch was interrupted with what it was before.
      if (this.#deps.instances.find(id)) await this.#deps.instances.forget(id);
      this.#records.save(record);
      await this.#maker.write(record, connection, signal);
      return this.#describe(id);
    });
  }

  async check(input: ParsedInput<'jobs.check'>, signal: AbortSignal): Promise<JobCheck> {
    checkScript(input.script);
    const { launcher, verdict } = await this.#deps.instances.verify(checkInputOf(input), signal);
    const { text = null, startsAt = null, nodes = '' } = verdict ?? {};
    return { launcher, answer: text, expectedStart: startsAt, nodes };
  }

  async submit(id: string, signal: AbortSignal, admit?: LaunchOptions['admit']): Promise<Job> {
    if (!this.#isToSubmit(id)) return this.#continueOrGet(id, admit);
    const { clusterId } = this.#unsubmitted(id);
    await withConnection(this.#deps.connections, clusterId, signal, (connection) =>
      this.#prepareSubmission(id, connection, signal),
    );
    // Another client may have submitted it meanwhile.
    if (!this.#isToSubmit(id)) return this.#describe(id);
    const record = this.#unsubmitted(id);
    this.#deps.instances.launchJob(id, launchInputOf(record), { admit });
    this.#records.save({ ...record, submittedAt: this.#deps.clock.now() });
    return this.#describe(id);
  }

  #isToSubmit(id: string): boolean {
    const isNew = this.#find(id).record !== null && this.#describe(id).state === 'new';
    return isNew && this.#deps.instances.find(id) === null;
  }

  #continueOrGet(id: string, admit: LaunchOptions['admit']): Job {
    const instance = this.#deps.instances.find(id);
    if (instance?.state === 'interrupted') this.#deps.instances.continueLaunch(id, { admit });
    return this.#describe(id);
  }

  /** What the user wrote into `script.sh` on the cluster is what is submitted. */
  async #prepareSubmission(id: string, connection: Connection, signal: AbortSignal): Promise<void> {
    const record = this.#unsubmitted(id);
    const script = record.isWritten ? await readScript(connection, record.directory, signal) : null;
    if (script === null) await this.#maker.write(record, connection, signal);
    else if (script !== record.script) {
      this.#records.save({ ...this.#maker.change(record, { script }), isWritten: true });
    }
    await noteInputs(connection, record.directory, signal);
  }

  cancel(id: string): void {
    const job = this.#describe(id);
    if (job.state === 'new') {
      throw new AppError('conflict', message`${{ name: job.name }} is not submitted.`, { hint: 'Remove it instead.' });
    }
    this.#deps.instances.stop(id);
  }

  async hold(id: string): Promise<void> {
    this.#checkSubmitted(id);
    await this.#deps.instances.hold(id);
  }

  async release(id: string): Promise<void> {
    this.#checkSubmitted(id);
    await this.#deps.instances.release(id);
  }

  #checkSubmitted(id: string): void {
    const { state, name } = this.#describe(id);
    if (state !== 'new' && !isJobOver(state)) return;
    const why = state === 'new' ? 'is not submitted' : 'is over';
    throw new AppError('conflict', message`${{ name }} ${{ why }}, so that no scheduler has it.`);
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

  async tasks({ id, ...wanted }: ParsedInput<'jobs.tasks'>, signal: AbortSignal): Promise<JobTaskPage> {
    this.#find(id);
    const isKnown = this.#deps.instances.find(id) !== null;
    return pageOfTasks(isKnown ? await this.#tasks.list(id, signal) : [], wanted);
  }

  async log(id: string, offset: number): Promise<LogPart> {
    this.#find(id);
    if (!this.#deps.instances.find(id)) return { text: '', offset: 0, next: 0, size: 0 };
    return this.#deps.instances.log(id, offset);
  }

  async files(id: string, path: string, signal: AbortSignal): Promise<FileList> {
    const { clusterId, directory } = await this.locate(id, signal);
    const folder = path === '' ? directory : `${directory}/${path}`;
    const list = await this.#deps.files.list({ clusterId, path: folder, nearest: false }, signal);
    return { ...list, entries: list.entries.filter(({ name }) => path !== '' || name !== INPUTS_FILE) };
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
    if (record) await this.#maker.ensureWritten(record, signal);
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
