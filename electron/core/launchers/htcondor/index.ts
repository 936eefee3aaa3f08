import type { LauncherInfo } from '../../../shared/clusters.ts';
import type { Shell } from '../../ssh/types.ts';
import type { Launcher } from '../common/launcher.ts';
import { findSection } from '../common/remote-script.ts';
import { Scheduler } from '../common/scheduler.ts';
import { commandMissingError } from '../common/scheduler-errors.ts';
import { htcondorError, releaseRefusals, submitError } from './errors.ts';
import { readPoll } from './parse.ts';
import { readGroups, readPool } from './pool.ts';
import {
  cancelScript,
  detectScript,
  enterCommand,
  holdScript,
  pollScript,
  releaseScript,
  shellCommand,
  submitCommand,
  submitScript,
  verifyScript,
} from './script.ts';
import { transfer } from './transfer.ts';

/** `12.0`, or `12` for all jobs of one submission. */
const isJobId = (id: string): boolean => /^[1-9]\d{0,9}(\.\d{1,9})?$/.test(id);

/** Output about jobs that are gone, or of which none is left to end. */
const gone = /not found|Couldn't find|There are no jobs|still in the queue|No result|all matching|no such job/i;

const scheduler = new Scheduler({
  title: 'HTCondor',
  isJobId,
  error: htcondorError,
  missing: (command) =>
    commandMissingError(
      {
        submit: 'condor_submit',
        poll: 'condor_q',
        cancel: 'condor_rm',
        release: 'condor_release',
        hold: 'condor_hold',
      }[command],
    ),
  cancelFailure: (output) => (gone.test(output) ? '' : output),
  releaseRefusals,
});

async function detect(shell: Shell, signal?: AbortSignal): Promise<LauncherInfo | null> {
  const what = 'Asking HTCondor for its machines';
  const sections = await scheduler.ask(shell, what, detectScript, { signal });
  if (findSection(sections, 'absent')) return null;
  const pool = findSection(sections, 'pool');
  if (pool?.exitCode !== 0) throw htcondorError(what, pool?.text ?? '');
  const version = /(?<!\d)\d+\.\d+(\.\d+)?/.exec(findSection(sections, 'version')?.text ?? '');
  const groups = findSection(sections, 'groups');
  return {
    name: 'htcondor',
    version: version?.[0] ?? '',
    // A pool has no queues, and its machines come and go: nothing here may refuse a launch.
    queues: [],
    accounts: groups?.exitCode === 0 ? readGroups(groups.text) : [],
    qos: [],
    pool: readPool(pool.text),
  };
}

const submit: Launcher['submit'] = async (shell, submission, signal) =>
  scheduler.submit(shell, submission, submitScript(submission), (output) => submitError(output, submission), signal);

/** Machines come and go, so that only what the submit file says is checked. */
const verify: NonNullable<Launcher['verify']> = async (shell, submission, script, signal) => {
  const what = 'Asking HTCondor about a job';
  const sections = await scheduler.ask(shell, what, verifyScript(submission, script), { signal });
  if (findSection(sections, 'absent')) throw commandMissingError('condor_submit');
  const verified = findSection(sections, 'verify');
  if (verified?.exitCode !== 0) throw submitError(verified?.text ?? '', submission);
  return { text: verified.text, startsAt: null, nodes: '' };
};

/** Tried with HTCondor 23.9. docs/launchers/htcondor.md says how a job without the home directory reports back. */
export const htcondor: Launcher = {
  name: 'htcondor',
  transfer,
  detect,
  submitCommand,
  verify,
  submit,
  poll: scheduler.poll(pollScript, (sections, _ids, jobs) => readPoll(sections, jobs)),
  cancel: scheduler.cancel(cancelScript),
  release: scheduler.release(releaseScript),
  hold: scheduler.hold(holdScript),
  enter: enterCommand,
  shell: shellCommand,
};
