import type { LauncherInfo } from '../../../shared/clusters.ts';
import type { Resources } from '../../../shared/instances.ts';
import type { LauncherName } from '../../../shared/kinds.ts';
import type { SchedulerFacts } from '../../../shared/sites.ts';
import type { Shell } from '../../ssh/types.ts';
import type { JobAnswers } from './job-answer.ts';

export interface Submission {
  instanceId: string;
  /** Absolute, on the cluster; has `run.sh` (executable, starts everything), `log` is written beside it. */
  directory: string;
  /** `tunel-<instanceId>`: by this name a submit whose answer was lost is found again. */
  jobName: string;
  resources: Resources;
  /** Only finds the job that was submitted before: where there is none, `submit` throws `not-found` and submits nothing. */
  findOnly?: boolean;
  /** What the cluster's site profile says of its scheduler. */
  site?: SchedulerFacts;
}

/** A submitted job, by the scheduler's id and its directory on the login node. */
export interface JobHandle {
  id: string;
  directory: string;
  /** What the cluster's site profile says of its scheduler. */
  site?: SchedulerFacts;
}

/**
 * For a launcher whose jobs may not see the instance's directory. All are shell text of `run.sh`.
 * `directory`: an expression for where the job finds the files sent with it, e.g. `"$_CONDOR_SCRATCH_DIR"`.
 * `publish`: commands that carry the file `$1` of that directory to the same name in `$TUNEL_SUBMIT_DIR`, the instance's
 * directory on the login node.
 * `prepare`: run first, in that directory; background processes of it go into `$watches` and are ended with the app.
 */
export interface Transfer {
  directory: string;
  publish: string;
  prepare?: string;
}

/** What a scheduler says of a job that it would take. */
export interface Verdict {
  /** As it prints it. */
  text: string;
  /** Epoch ms; null: it does not say. */
  startsAt: number | null;
  /** Where it would run; empty: it does not say. */
  nodes: string;
}

/** How a script is run on a cluster. One file each; docs/launchers/README.md says how to add one. */
export interface Launcher {
  readonly name: LauncherName;
  /** Absent: jobs see the instance's directory as the login node does. */
  readonly transfer?: Transfer;
  /** null: this launcher's programs are not there. */
  detect(shell: Shell, signal?: AbortSignal, site?: SchedulerFacts): Promise<LauncherInfo | null>;
  /** The exact command line that submits, for the user to read. */
  submitCommand(submission: Submission): string;
  /**
   * Asks the scheduler whether it would take this job, its script's own option lines included; no job is made.
   * @throws AppError as `submit` does. Absent: this scheduler cannot be asked.
   */
  verify?(shell: Shell, submission: Submission, script: string, signal?: AbortSignal): Promise<Verdict>;
  /** Idempotent for one submission: a job of that name that is already known is returned, not submitted again. */
  submit(shell: Shell, submission: Submission, signal?: AbortSignal): Promise<string>;
  /** All jobs in one call, an answer for each. @throws AppError `command-failed` where the scheduler does not answer at all */
  poll(shell: Shell, jobs: readonly JobHandle[], signal?: AbortSignal): Promise<JobAnswers>;
  /** `ask`: SIGTERM first, so that the app can save; `now`: ends at once. Ends of jobs that are gone are no error. */
  cancel(shell: Shell, jobs: readonly JobHandle[], how: 'ask' | 'now', signal?: AbortSignal): Promise<void>;
  /**
   * Lets jobs begin that their user holds; of an array, all tasks. Absent: jobs of this launcher are never on hold.
   * @throws AppError `conflict`: the scheduler says that one is not on hold, or that only an administrator can release it;
   * `not-found`: one is gone
   */
  release?(shell: Shell, jobs: readonly JobHandle[], signal?: AbortSignal): Promise<void>;
  /**
   * Keeps jobs that wait from beginning until they are released. Absent: this launcher has no queue.
   * @throws AppError `conflict`: one does not wait; `not-found`: one is gone
   */
  hold?(shell: Shell, jobs: readonly JobHandle[], signal?: AbortSignal): Promise<void>;
  /**
   * POSIX sh text for the login node that runs `command` (POSIX sh text) inside the job's allocation, on the node where
   * run.sh runs, with its standard input and output passed through unchanged. null: this scheduler has no way in.
   * `isWorkspace`: the user works in it, so that it may use all that the job has; else it takes as little as it can.
   */
  enter(job: JobHandle & { node: string }, command: string, isWorkspace?: boolean): string | null;
  /**
   * POSIX sh text for a terminal on the login node that becomes an interactive shell inside the job. Absent or null: the
   * user gets one on the job's node by ssh.
   */
  shell?(job: JobHandle & { node: string }): string | null;
}
