import { basename } from 'node:path';
import type { RequestInput } from '../../electron/shared/contract/index.ts';
import { AppError } from '../../electron/shared/errors.ts';
import { isJobOver, type Job, jobStates } from '../../electron/shared/jobs.ts';
import type { EngineState } from '../../electron/shared/state.ts';
import { demoFor, type StateSession, withEngineState } from '../engine-session.ts';
import { endOf, findCluster } from '../find-in-state.ts';
import { findJob } from '../find-job.ts';
import { followLog } from '../follow-log.ts';
import { formatBytes } from '../format.ts';
import { readLimit, readSince } from '../history-filter.ts';
import { getAll, getFile, putFile } from '../job-files.ts';
import type { JsonOption } from '../json-option.ts';
import { requireJobLauncher, resourcesOf } from '../launch-values.ts';
import { readChoice, readText } from '../option-values.ts';
import { formatDateTime, printDone, printFields, printJson, printProgress, printTable } from '../output.ts';
import { readScript } from '../read-script.ts';
import { parseRecipeArgs } from '../recipe-args.ts';
import type { ResourceOptions } from '../resource-options.ts';
import { showJobWait } from '../wait-status.ts';
import { readTasks } from './job-tasks.ts';

/** Bytes of a log that are shown first. */
const TAIL = 256 * 1024;
/** As many as the engine gives in one answer. */
const PAGE = 200;

export interface CreateJobOptions extends ResourceOptions, JsonOption {
  script?: string;
  recipe?: string;
  there?: boolean;
  launcher?: string;
  workDirectory?: string;
  module?: string[];
  input?: string[];
  key?: string;
  submit?: boolean;
}

export interface ListJobsOptions extends JsonOption {
  cluster?: string;
  state?: string;
  text?: string;
  since?: string;
  archived?: boolean;
  limit: string;
}

/** Every command about one job may need its cluster. */
const withJobs = (work: (session: StateSession) => Promise<void>): Promise<void> =>
  withEngineState({ connects: true, launches: true }, work);

export function createJob(cluster: string, name: string, args: readonly string[], options: CreateJobOptions) {
  const { json, input = [], submit = false } = options;
  const resources = resourcesOf(options);
  return withEngineState({ connects: true, launches: true, ...demoFor(cluster) }, async (session) => {
    const clusterId = findCluster(session.state(), cluster).id;
    const source = await sourceOf(session, clusterId, args, options);
    let job = await session.request('jobs.create', {
      clusterId,
      name,
      ...source,
      resources,
      modules: options.module ?? [],
      workDirectory: options.workDirectory ?? '',
      ...(options.launcher !== undefined && { launcher: requireJobLauncher(options.launcher) }),
      ...(options.key !== undefined && { key: options.key }),
    });
    for (const file of input) await putFile(session, job.id, file, basename(file));
    if (submit) job = await session.request('jobs.submit', { id: job.id });
    if (json) return printJson(job);
    process.stdout.write(`${job.id}\n`);
    printProgress(`${job.name} is ${job.state}, in ${job.directory} on ${job.clusterName}.`);
    if (!submit) printProgress(`Submit it with: tunel jobs submit ${job.id}`);
  });
}

async function sourceOf(
  session: StateSession,
  clusterId: string,
  args: readonly string[],
  { script, recipe, there = false }: CreateJobOptions,
): Promise<Pick<RequestInput<'jobs.create'>, 'script' | 'recipe' | 'args'>> {
  if (recipe !== undefined) return { recipe, args: parseRecipeArgs(args) };
  if (script === undefined) return {};
  return { script: await readScript(session, clusterId, script, there) };
}

export function submitJob(id: string, { wait, json }: JsonOption & { wait?: boolean }): Promise<void> {
  return withJobs(async (session) => {
    const { id: jobId } = await findJob(session, id);
    let job = await session.request('jobs.submit', { id: jobId });
    if (wait) job = await untilOver(session, jobId);
    if (json) printJson(job);
    else printProgress(describe(job));
    if (wait && job.error && !json) throw AppError.revive(job.error);
    if (wait && job.state !== 'completed') process.exitCode = 1;
  });
}

async function untilOver(session: StateSession, id: string): Promise<Job> {
  const submitted = await session.request('jobs.get', { id });
  if (isJobOver(submitted.state)) return submitted;
  const hide = showJobWait(session, id);
  const find = ({ jobs }: EngineState) => jobs.find((each) => each.id === id);
  await session.until(endOf(find, ({ state }) => isJobOver(state))).finally(hide);
  return session.request('jobs.get', { id });
}

function describe({ name, state, native, clusterName }: Job): string {
  const number = native ? `, job ${native.id} on ${clusterName}` : '';
  const reason = native?.reason ? `: ${native.reason}` : '';
  return `${name} is ${state}${number}${reason}`;
}

export function listJobs(options: ListJobsOptions): Promise<void> {
  const limit = readLimit(options.limit);
  return withEngineState({ resumes: true, demo: 'if-used' }, async (session) => {
    const filter = filterOf(options, session);
    const jobs: Job[] = [];
    let cursor: string | null = null;
    do {
      const left = Math.min(PAGE, limit - jobs.length);
      const page: { jobs: Job[]; next: string | null } = await session.request('jobs.query', {
        ...filter,
        limit: left,
        ...(cursor !== null && { cursor }),
      });
      jobs.push(...page.jobs);
      cursor = page.next;
    } while (cursor !== null && jobs.length < limit);
    if (options.json) return printJson(jobs);
    printTable(
      ['ID', 'NAME', 'CLUSTER', 'STATE', 'JOB', 'CREATED', 'REASON'],
      jobs.map(({ id, name, clusterName, state, native, createdAt }) => [
        ...[id, name, clusterName, state, native?.id ?? '', formatDateTime(createdAt), native?.reason ?? ''],
      ]),
    );
    if (cursor !== null) printProgress(`There are older ones; see more with: --limit ${limit * 2}`);
  });
}

function filterOf(options: ListJobsOptions, { state }: StateSession): RequestInput<'jobs.query'> {
  const { cluster, state: states, text, since, archived } = options;
  return {
    ...(text !== undefined && { text: readText('--text', text, 200) }),
    ...(cluster !== undefined && { clusterId: findCluster(state(), cluster).id }),
    ...(states !== undefined && {
      states: states.split(',').map((each) => readChoice('--state', each.trim(), jobStates)),
    }),
    ...(since !== undefined && { from: readSince(since, Date.now()) }),
    ...(archived && { archived: true }),
  };
}

export function showJob(id: string, { json, script }: JsonOption & { script?: boolean }): Promise<void> {
  return withEngineState({ resumes: true, demo: 'if-used' }, async (session) => {
    const job = await session.request('jobs.get', { id: (await findJob(session, id)).id });
    if (script) return void process.stdout.write(job.script ?? '');
    if (json) return printJson(job);
    const time = (at: number | null) => (at === null ? '' : formatDateTime(at));
    printFields([
      ['id', job.id],
      ['name', job.name],
      ['cluster', job.clusterName],
      ['launcher', job.launcher],
      ['state', job.state],
      ['reason', job.native?.reason ?? ''],
      ['job', job.native?.id ?? ''],
      ['node', job.native?.node ?? ''],
      ['queue', job.native?.queue ?? ''],
      ['expected start', time(job.native?.expectedStart ?? null)],
      ['created', time(job.createdAt)],
      ['submitted', time(job.submittedAt)],
      ['started', time(job.startedAt)],
      ['ended', time(job.endedAt)],
      ['exit code', String(job.native?.exitCode ?? '')],
      ['error', job.error?.message ?? ''],
      ['recipe', job.values?.recipe ?? ''],
      ['run again of', job.rerunOf ?? ''],
      ['directory', job.directory],
    ]);
  });
}

export function showJobLog(id: string, { follow, json }: JsonOption & { follow?: boolean }): Promise<void> {
  return withJobs(async (session) => {
    const job = await findJob(session, id);
    if (follow && job.state !== 'new') {
      await followLog(session, job.id, -TAIL).catch((error: unknown) => {
        if (AppError.from(error).code !== 'cancelled') throw error;
      });
      return;
    }
    const part = await session.request('jobs.log', { id: job.id, offset: -TAIL });
    if (json) printJson(part);
    else process.stdout.write(part.text);
  });
}

/** Lists the files of a job, or copies all of them into a folder here. */
export function showResults(
  id: string,
  folder: string | undefined,
  { json, path = '' }: JsonOption & { path?: string },
) {
  return withJobs(async (session) => {
    const job = await findJob(session, id);
    if (folder !== undefined) {
      const bytes = await getAll(session, job.id, folder);
      if (json) return printJson({ id: job.id, folder, bytes });
      return printProgress(`The files of ${job.name} are in ${folder} (${formatBytes(bytes)}).`);
    }
    const list = await session.request('jobs.files', { id: job.id, path });
    if (json) return printJson(list);
    printTable(
      ['NAME', 'SIZE', 'CHANGED'],
      list.entries.map(({ name, kind, size, modified }) => [
        kind === 'folder' ? `${name}/` : name,
        size === null ? '' : formatBytes(size),
        modified === null ? '' : formatDateTime(modified),
      ]),
    );
  });
}

export function getJobFile(id: string, path: string, target: string | undefined, { json }: JsonOption): Promise<void> {
  return withJobs(async (session) => {
    const file = target ?? basename(path);
    const bytes = await getFile(session, (await findJob(session, id)).id, path, file);
    if (json && file !== '-') printJson({ path, file, bytes });
  });
}

export function putJobFile(id: string, file: string, path: string | undefined, { json }: JsonOption): Promise<void> {
  return withJobs(async (session) => {
    const target = path ?? basename(file);
    const bytes = await putFile(session, (await findJob(session, id)).id, file, target);
    if (json) printJson({ file, path: target, bytes });
  });
}

export function removeJobFiles(id: string, paths: readonly string[], { json }: JsonOption): Promise<void> {
  return withJobs(async (session) => {
    const job = await findJob(session, id);
    for (const path of paths) await session.request('jobs.removeFile', { id: job.id, path });
    if (json) printJson({ id: job.id, removed: paths });
  });
}

type Change = 'cancel' | 'hold' | 'release' | 'remove';
const changes = {
  cancel: { call: 'jobs.cancel', done: 'is being canceled' },
  hold: { call: 'jobs.hold', done: 'is held' },
  release: { call: 'jobs.release', done: 'is released' },
  remove: { call: 'jobs.remove', done: 'is removed, with its directory' },
} as const;

export function changeJob(change: Change, id: string, { json }: JsonOption): Promise<void> {
  return withEngineState({ connects: true, resumes: true }, async (session) => {
    const job = await findJob(session, id);
    await session.request(changes[change].call, { id: job.id });
    printDone({ json }, { id: job.id }, `${job.name} ${changes[change].done}.`);
  });
}

export function archiveJob(id: string, { json, undo = false }: JsonOption & { undo?: boolean }): Promise<void> {
  return withJobs(async (session) => {
    const job = await session.request('jobs.archive', { id: (await findJob(session, id)).id, archived: !undo });
    if (json) printJson(job);
    else printProgress(`${job.name} is ${job.archived ? 'archived' : 'listed again'}.`);
  });
}

export interface RerunOptions extends ResourceOptions, JsonOption {
  key?: string;
  submit?: boolean;
  tasks?: string;
  result?: string[];
}

export function rerunJob(id: string, options: RerunOptions): Promise<void> {
  const changes = resourcesOf(options);
  const tasks = options.tasks === undefined ? undefined : readTasks(options.tasks);
  return withJobs(async (session) => {
    const before = await findJob(session, id);
    let job = await session.request('jobs.rerun', {
      id: before.id,
      ...(Object.keys(changes).length > 0 && { resources: { ...before.resources, ...changes } }),
      ...(options.title !== undefined && { name: options.title }),
      ...(tasks !== undefined && { tasks }),
      ...(options.result !== undefined && { results: options.result }),
      ...(options.key !== undefined && { key: options.key }),
    });
    if (options.submit) job = await session.request('jobs.submit', { id: job.id });
    if (options.json) return printJson(job);
    process.stdout.write(`${job.id}\n`);
    printProgress(`${job.name} is ${job.state}, in ${job.directory}.`);
  });
}
