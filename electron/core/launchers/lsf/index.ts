import type { LauncherInfo } from '../../../shared/clusters.ts';
import type { Shell } from '../../ssh/types.ts';
import type { Launcher } from '../common/launcher.ts';
import { findSection, type Section } from '../common/remote-script.ts';
import { removeLines, Scheduler } from '../common/scheduler.ts';
import { withAccess } from './access.ts';
import { commandMissing, lsfError, releaseRefusals, submitError } from './errors.ts';
import { readPoll, readQueues } from './parse.ts';
import {
  bsubArguments,
  bsubCommand,
  cancelScript,
  detectScript,
  holdScript,
  pollScript,
  releaseScript,
  submitScript,
} from './script.ts';

const isJobId = (id: string): boolean => /^[1-9]\d{0,18}$/.test(id);

const scheduler = new Scheduler({
  title: 'LSF',
  isJobId,
  error: lsfError,
  missing: commandMissing,
  cancelFailure: removeLines(/already finished|no matching job|not found|is being (terminated|signaled)/i),
  releaseRefusals,
});

async function detect(shell: Shell, signal?: AbortSignal): Promise<LauncherInfo | null> {
  const what = 'Asking LSF for its queues';
  const sections = await scheduler.ask(shell, what, detectScript, { signal });
  if (findSection(sections, 'absent')) return null;
  const queues = scheduler.need(sections, 'queues', what);
  const version =
    /LSF.{0,100}?(?<!\d)(\d+\.\d+(?:\.\d+)*)/.exec(findSection(sections, 'version')?.text ?? '')?.[1] ?? '';
  const hosts = findSection(sections, 'hosts');
  const open = findSection(sections, 'open');
  return {
    name: 'lsf',
    version,
    queues: withAccess(
      readQueues(queues, hosts?.exitCode === 0 ? hosts.text : ''),
      queues,
      open?.exitCode === 0 ? open.text : '',
    ),
    accounts: [],
    qos: [],
  };
}

const submit: Launcher['submit'] = async (shell, submission, signal) => {
  // Refuses what never can be, before anything is asked.
  bsubArguments(submission);
  const refused = (output: string, sections: readonly Section[]) => {
    const queues = (findSection(sections, 'queues')?.text ?? '').split('\n').filter((name) => name !== '');
    return submitError(output, submission, queues);
  };
  return scheduler.submit(shell, submission, submitScript(submission), refused, signal);
};

/**
 * IBM Spectrum LSF 10.1 from its manual; not yet run against a real one. There is no way into a job from the login node: blaunch
 * works from inside it only, and lsrun is no part of a job.
 */
export const lsf: Launcher = {
  name: 'lsf',
  detect,
  submitCommand: bsubCommand,
  submit,
  poll: scheduler.poll(pollScript, readPoll),
  cancel: scheduler.cancel(cancelScript),
  release: scheduler.release(releaseScript),
  hold: scheduler.hold(holdScript),
  enter: () => null,
};
