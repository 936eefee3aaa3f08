import type { LauncherInfo, LauncherName } from '../../shared/clusters.ts';
import type { JobStatus, Resources } from '../../shared/instances.ts';
import type { Shell } from '../ssh/types.ts';

export interface Submission {
  instanceId: string;
  /** Absolute, on the cluster; has `run.sh` (executable, starts everything), `log` is written beside it. */
  directory: string;
  /** `tunel-<instanceId>`: by this name a submit whose answer was lost is found again. */
  jobName: string;
  resources: Resources;
}

/** How a script is run on a cluster. One file each; docs/launchers.md says how to add one. */
export interface Launcher {
  readonly name: LauncherName;
  /** null: this launcher's programs are not there. */
  detect(shell: Shell, signal?: AbortSignal): Promise<LauncherInfo | null>;
  /** The exact command line that submits, for the user to read. */
  submitCommand(submission: Submission): string;
  /** Idempotent for one submission: a job of that name that is already known is returned, not submitted again. */
  submit(shell: Shell, submission: Submission, signal?: AbortSignal): Promise<string>;
  /** All jobs in one call. A job the scheduler no longer knows is `unknown`. */
  poll(
    shell: Shell,
    jobs: readonly { id: string; directory: string }[],
    signal?: AbortSignal,
  ): Promise<Map<string, JobStatus>>;
  /** `ask`: SIGTERM first, so that the app can save; `now`: ends at once. Ends of jobs that are gone are no error. */
  cancel(
    shell: Shell,
    jobs: readonly { id: string; directory: string }[],
    how: 'ask' | 'now',
    signal?: AbortSignal,
  ): Promise<void>;
}
