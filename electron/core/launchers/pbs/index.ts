import type { LauncherInfo } from '../../../shared/clusters.ts';
import type { SchedulerFacts } from '../../../shared/sites.ts';
import type { Shell } from '../../ssh/types.ts';
import type { Launcher } from '../common/launcher.ts';
import { readAsker } from '../common/queue-access.ts';
import { findSection, type Section } from '../common/remote-script.ts';
import { removeLines, Scheduler } from '../common/scheduler.ts';
import { commandMissing, pbsError, releaseRefusals, submitError } from './errors.ts';
import { readPoll, readQueues, readRecords } from './parse.ts';
import type { Flavor } from './reasons.ts';
import {
  cancelScript,
  detectScript,
  holdScript,
  pollScript,
  qsubArguments,
  qsubCommand,
  releaseScript,
  submitScript,
} from './script.ts';

/** `12.server`, `12[].server`. */
const isJobId = (id: string): boolean => /^[1-9]\d{0,18}(\[\d*\])?(\.[A-Za-z0-9][A-Za-z0-9._-]*)?$/.test(id);

const scheduler = new Scheduler({
  title: 'PBS',
  isJobId,
  error: pbsError,
  missing: commandMissing,
  cancelFailure: removeLines(/unknown job|has finished|invalid state|exiting state|is being deleted/i),
  releaseRefusals,
});

const flavorOf = (sections: readonly Section[]): Flavor =>
  findSection(sections, 'flavor')?.text === 'torque' ? 'torque' : 'openpbs';

async function detect(shell: Shell, signal?: AbortSignal, site?: SchedulerFacts): Promise<LauncherInfo | null> {
  const what = 'Asking PBS for its queues';
  const sections = await scheduler.ask(shell, what, detectScript(site), { signal });
  if (findSection(sections, 'absent')) return null;
  const queues = scheduler.need(sections, 'queues', what);
  const versionText = findSection(sections, 'version')?.text ?? '';
  const version = /(?:pbs_version\s*=|Version:)\s*(\S+)/i.exec(versionText)?.[1] ?? '';
  const nodes = findSection(sections, 'nodes');
  const server = findSection(sections, 'server');
  const asker = readAsker(findSection(sections, 'who')?.text ?? '');
  return {
    name: 'pbs',
    version: `${flavorOf(sections) === 'torque' ? 'Torque' : 'PBS'} ${version}`.trim(),
    queues: readQueues(
      queues,
      nodes?.exitCode === 0 ? nodes.text : '',
      server?.exitCode === 0 ? server.text : '',
      asker,
    ),
    accounts: [],
    qos: [],
  };
}

const submit: Launcher['submit'] = async (shell, submission, signal) => {
  // Refuses what never can be, before anything is asked.
  qsubArguments(submission, 'openpbs');
  const refused = (output: string, sections: readonly Section[]) =>
    submitError(
      output,
      submission,
      readRecords(findSection(sections, 'queues')?.text ?? '').map(({ name }) => name),
    );
  return scheduler.submit(shell, submission, submitScript(submission), refused, signal);
};

/**
 * OpenPBS, PBS Professional and Torque from their manuals; not yet run against a real one. There is no way into a job from the
 * login node: pbsdsh and pbs_tmrsh work from inside it only.
 */
export const pbs: Launcher = {
  name: 'pbs',
  detect,
  submitCommand: qsubCommand,
  submit,
  poll: scheduler.poll(pollScript, (sections, ids) => readPoll(sections, ids, flavorOf(sections))),
  cancel: scheduler.cancel(cancelScript),
  release: scheduler.release(releaseScript),
  hold: scheduler.hold(holdScript),
  enter: () => null,
};
