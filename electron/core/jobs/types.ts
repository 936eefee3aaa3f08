import type { Cluster } from '../../shared/clusters.ts';
import type { ParsedInput } from '../../shared/contract/index.ts';
import type { FileList } from '../../shared/files.ts';
import type { Job, JobCheck, JobTask } from '../../shared/jobs.ts';
import type { ClusterFactsService } from '../clusters/cluster-facts.ts';
import type { Clock } from '../deps.ts';
import type { Files } from '../files/files.ts';
import type { Instances, LaunchOptions, LogPart } from '../instances/types.ts';
import type { Connections } from '../ssh/types.ts';
import type { JobStorage, Storage } from '../storage/types.ts';

export interface JobsDeps {
  storage: JobStorage & Pick<Storage, 'findInstance'>;
  instances: Instances;
  connections: Pick<Connections, 'acquire'>;
  facts: Pick<ClusterFactsService, 'read'>;
  files: Pick<Files, 'list'>;
  /** @throws AppError `not-found` */
  cluster: (id: string) => Cluster;
  clock: Clock;
}

/** Where the files of a job are. */
export interface JobLocation {
  clusterId: string;
  /** Absolute. */
  directory: string;
}

export interface JobTaskPage {
  tasks: JobTask[];
  total: number;
  next: string | null;
}

/** The batch jobs of every cluster: what a user does with them. What is submitted is watched by the instances. */
export interface Jobs {
  create(input: ParsedInput<'jobs.create'>, signal: AbortSignal): Promise<Job>;
  update(input: ParsedInput<'jobs.update'>, signal: AbortSignal): Promise<Job>;
  /** @throws AppError of what the scheduler refuses */
  check(input: ParsedInput<'jobs.check'>, signal: AbortSignal): Promise<JobCheck>;
  submit(id: string, signal: AbortSignal, admit?: LaunchOptions['admit']): Promise<Job>;
  rerun(input: ParsedInput<'jobs.rerun'>, signal: AbortSignal): Promise<Job>;
  cancel(id: string): void;
  hold(id: string): Promise<void>;
  release(id: string): Promise<void>;
  archive(id: string, archived: boolean): Job;
  remove(id: string, signal: AbortSignal): Promise<void>;
  /** With its script. @throws AppError `not-found`, as all of these */
  get(id: string): Job;
  query(input: ParsedInput<'jobs.query'>, visible: readonly string[] | null): { jobs: Job[]; next: string | null };
  /** As its scheduler says now. @throws AppError `command-failed` where it cannot say */
  tasks(input: ParsedInput<'jobs.tasks'>, signal: AbortSignal): Promise<JobTaskPage>;
  log(id: string, offset: number): Promise<LogPart>;
  files(id: string, path: string, signal: AbortSignal): Promise<FileList>;
  removeFile(id: string, path: string, signal: AbortSignal): Promise<void>;
  /** Where its files are, once its directory was made. @throws AppError `conflict` where that is not known here */
  locate(id: string, signal: AbortSignal): Promise<JobLocation>;
  /** As `locate`, with the folders on the way to a file that is written next. @throws AppError `not-permitted`, `conflict` */
  locateWrite(id: string, path: string, signal: AbortSignal): Promise<JobLocation>;
  /** Those that the state shows, newest first, without their scripts. */
  list(): Job[];
  /** @returns what ends it */
  onChange(listener: () => void): () => void;
}
