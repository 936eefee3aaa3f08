import type { ClusterFacts } from '../../shared/clusters.ts';
import type { ParsedInput } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { LaunchInput } from '../../shared/instances.ts';
import { launchTarget } from '../../shared/launch-target.ts';
import { hashInput } from '../hash-input.ts';
import { newInstanceId } from '../instances/meta.ts';
import { withConnection } from '../ssh/pool/with-connection.ts';
import type { Connection } from '../ssh/types.ts';
import type { JobRecord } from '../storage/job-record.ts';
import { copyInputs, writeJobDirectory } from './job-directory.ts';
import { checkResult, jobDirectory } from './job-directory-policy.ts';
import type { JobRecords } from './job-records.ts';
import { checkSameInput, checkScript, checkSource, launchInputOf } from './new-job.ts';
import type { JobsDeps } from './types.ts';

interface MakerDeps extends Pick<JobsDeps, 'connections' | 'cluster' | 'clock'> {
  facts: {
    read(clusterId: string, connection: Connection, signal: AbortSignal): Promise<Pick<ClusterFacts, 'home'>>;
  };
  storage: Pick<JobsDeps['storage'], 'findJobByKey'>;
  instances: Pick<JobsDeps['instances'], 'planJob'>;
}

/** What a job is made from. */
interface Source extends Pick<JobRecord, 'clusterId' | 'name' | 'resources' | 'modules' | 'values' | 'rerunOf'> {
  launcher: LaunchInput['launcher'];
  /** Empty: the cluster's default, else the home directory. */
  workDirectory: string;
  /** Where its script runs; empty: in its directory. */
  runDirectory: string;
  /** null: the one that the recipe gives. */
  script: string | null;
  inputsFrom: string | null;
  /** Of the results there. */
  resultsFrom: string[];
}

interface Making {
  key: string | undefined;
  inputHash: string;
  source: Source;
}

/**
 * Makes jobs: the record first, the directory second. What a crash leaves undone is done by the same request, or when the job is
 * used.
 */
export class JobMaker {
  readonly #deps: MakerDeps;
  readonly #records: JobRecords;

  constructor(deps: MakerDeps, records: JobRecords) {
    this.#deps = deps;
    this.#records = records;
  }

  /** @returns its id */
  create({ key, ...input }: ParsedInput<'jobs.create'>, signal: AbortSignal): Promise<string> {
    checkSource(input);
    const { recipe, args, script = null } = input;
    const values = recipe === undefined ? null : { recipe, args };
    const source = { ...input, values, script, rerunOf: null, inputsFrom: null, resultsFrom: [] };
    return this.#make({ key, inputHash: hashInput(input), source }, signal);
  }

  /** @returns the id of a new job with the inputs, script and values of another one. @throws AppError `bad-input` */
  async rerun(source: Source, { key, ...input }: ParsedInput<'jobs.rerun'>, signal: AbortSignal): Promise<string> {
    for (const path of source.resultsFrom) checkResult(path);
    return this.#make({ key, inputHash: hashInput({ rerun: input }), source }, signal);
  }

  async #make({ key, inputHash, source }: Making, signal: AbortSignal): Promise<string> {
    const { id: clusterId } = this.#deps.cluster(source.clusterId);
    const made = this.#findByKey(key, inputHash);
    if (made?.isWritten) return made.id;
    return withConnection(this.#deps.connections, clusterId, signal, async (connection) => {
      const { home } = await this.#deps.facts.read(clusterId, connection, signal);
      const known = this.#findByKey(key, inputHash);
      const record = known ?? { ...this.#plan(source, home), key: key ?? null, inputHash };
      if (!known) this.#records.save(record);
      try {
        await this.write(record, connection, signal);
      } catch (error) {
        // With a key the client asks again; without one nobody would ever find it.
        const isAskedAgain = key !== undefined && mayBeRepeated(error);
        // What was written or changed meanwhile belongs to whoever did that.
        if (!isAskedAgain && this.#records.record(record.id) === record) this.#records.remove(record.id);
        throw error;
      }
      return record.id;
    });
  }

  #findByKey(key: string | undefined, hash: string): JobRecord | null {
    const known = key === undefined ? null : this.#deps.storage.findJobByKey(key);
    if (!known) return null;
    checkSameInput(known, hash);
    return this.#records.record(known.id);
  }

  #plan(source: Source, home: string): Omit<JobRecord, 'key' | 'inputHash'> {
    const { clusterId, name, resources, modules, values, runDirectory, rerunOf, inputsFrom, resultsFrom } = source;
    const cluster = this.#deps.cluster(clusterId);
    const id = newInstanceId();
    const { defaults } = launchTarget(cluster, null, '');
    const directory = jobDirectory(source.workDirectory || defaults.workDirectory, home, { id, name });
    // A script that a recipe gave names the directory of its instance.
    const script = rerunOf === null ? source.script : (source.script?.replaceAll(rerunOf, id) ?? null);
    const own = {
      clusterId,
      name,
      directory,
      runDirectory,
      resources,
      modules,
      values,
      rerunOf,
      inputsFrom,
      resultsFrom,
    };
    const launch = launchInputOf({ ...own, launcher: source.launcher, script: script ?? '' });
    return {
      ...own,
      ...this.#deps.instances.planJob(id, launch, { directory, runDirectory, script }),
      id,
      clusterName: cluster.name,
      createdAt: this.#deps.clock.now(),
      submittedAt: null,
      archived: false,
      isScriptEdited: values !== null && script !== null,
      isWritten: false,
      hasOwnDirectory: true,
    };
  }

  /** As it is after a change. @throws AppError as `planJob` */
  change(before: JobRecord, { script, launcher, ...change }: Omit<ParsedInput<'jobs.update'>, 'id'>): JobRecord {
    if (script !== undefined) checkScript(script);
    const isChanged = script !== undefined && script !== before.script;
    const isScriptEdited = before.values !== null && (before.isScriptEdited || isChanged);
    const { name = before.name, resources = before.resources, modules = before.modules } = change;
    const next = { ...before, name, resources, modules, isScriptEdited, script: script ?? before.script };
    const launch = launchInputOf({ ...next, launcher: launcher ?? before.launcher });
    const kept = {
      directory: next.directory,
      runDirectory: next.runDirectory,
      script: isScriptEdited ? next.script : null,
    };
    return { ...next, ...this.#deps.instances.planJob(before.id, launch, kept), isWritten: false };
  }

  /** Makes its directory, unless that was done. */
  async ensureWritten(record: JobRecord, signal: AbortSignal): Promise<void> {
    if (record.isWritten) return;
    await withConnection(this.#deps.connections, record.clusterId, signal, (connection) =>
      this.write(record, connection, signal),
    );
  }

  async write(record: JobRecord, connection: Connection, signal: AbortSignal): Promise<void> {
    const { home } = await this.#deps.facts.read(record.clusterId, connection, signal);
    await writeJobDirectory(connection, record, home, signal);
    const { inputsFrom, resultsFrom, directory } = record;
    if (inputsFrom !== null)
      await copyInputs(connection, { from: inputsFrom, results: resultsFrom }, directory, signal);
    // What was changed meanwhile is written by whoever changed it.
    if (this.#records.record(record.id) !== record) return;
    this.#records.save({ ...record, isWritten: true, inputsFrom: null, resultsFrom: [] });
  }
}

/** Nothing says that another try would fail, too. */
function mayBeRepeated(error: unknown): boolean {
  const { code } = AppError.from(error);
  return code === 'connection-lost' || code === 'cancelled' || code === 'timeout';
}
