import type { LauncherInfo, Queue } from '../../../shared/clusters.ts';
import type { SchedulerFacts } from '../../../shared/sites.ts';
import type { Shell } from '../../ssh/types.ts';
import type { JobAnswers } from '../common/job-answer.ts';
import type { JobHandle, Launcher } from '../common/launcher.ts';
import { readAsker } from '../common/queue-access.ts';
import { findSection, type Section } from '../common/remote-script.ts';
import { removeLines, Scheduler } from '../common/scheduler.ts';
import { commandMissingError } from '../common/scheduler-errors.ts';
import { readAccess, readAssociations } from './access.ts';
import { releaseRefusals, slurmError, submitError } from './errors.ts';
import { holdScript, releaseScript } from './hold.ts';
import { readPoll, readVerdict } from './parse.ts';
import { readAccounts, readPartitions, readQos, readQueues, readSinfo, readSinfoJson } from './queues.ts';
import {
  cancelScript,
  detectScript,
  enterCommand,
  pollScript,
  sbatchCommand,
  shellCommand,
  submitScript,
  verifyScript,
} from './script.ts';

/** `12`, or `12;name` of one of several clusters that a login node serves. */
const isJobId = (id: string): boolean => /^[1-9]\d{0,9}(;[A-Za-z0-9][A-Za-z0-9._-]*)?$/.test(id);
const splitId = (id: string): [number: string, cluster: string] => {
  if (!isJobId(id)) return [id, ''];
  const [number = '', cluster = ''] = id.split(';');
  return [number, cluster];
};

const scheduler = new Scheduler({
  title: 'Slurm',
  isJobId,
  error: slurmError,
  missing: (command) =>
    commandMissingError(
      { submit: 'sbatch', poll: 'squeue', cancel: 'scancel', release: 'scontrol', hold: 'scontrol' }[command],
    ),
  cancelFailure: removeLines(
    /Invalid job id|already completing or completed|not running|Job\/step already|Job is pending/i,
  ),
  releaseRefusals,
});

async function detect(shell: Shell, signal?: AbortSignal, site?: SchedulerFacts): Promise<LauncherInfo | null> {
  const what = 'Asking Slurm for its queues';
  const sections = await scheduler.ask(shell, what, detectScript(site), { signal });
  if (findSection(sections, 'absent')) return null;
  const sinfo = scheduler.need(sections, 'sinfo', what);
  const partitions = scheduler.need(sections, 'partitions', what);
  const isDefault = [...readPartitions(partitions).values()].find((fields) => fields.get('Default') === 'YES');
  const queues =
    readSinfoJson(findSection(sections, 'json')?.text ?? '', isDefault?.get('PartitionName')) ??
    readQueues(sinfo, partitions);
  const version = /(?<!\d)\d+\.\d+(\.\d+)?/.exec(findSection(sections, 'version')?.text ?? '');
  const associations = associationsOf(sections);
  return {
    name: 'slurm',
    version: version?.[0] ?? '',
    queues: withAccess(queues, partitions, findSection(sections, 'who')?.text ?? ''),
    accounts: accountsOf(sections),
    qos: qosOf(sections),
    ...(associations ? { associations } : {}),
  };
}

function withAccess(queues: readonly Queue[], partitionText: string, who: string): Queue[] {
  const partitions = readPartitions(partitionText);
  const asker = readAsker(who);
  return queues.map((queue) => {
    const fields = partitions.get(queue.name);
    return fields ? { ...queue, access: readAccess(fields, asker) } : queue;
  });
}

function associationsOf(sections: readonly Section[]): LauncherInfo['associations'] {
  const section = findSection(sections, 'accounts');
  if (section?.exitCode !== 0) return undefined;
  return readAssociations(section.text, findSection(sections, 'enforced')?.text ?? '');
}

/** The user's default account first. None where the site has no accounting, which is no error. */
function accountsOf(sections: readonly Section[]): string[] {
  const section = findSection(sections, 'accounts');
  if (section?.exitCode !== 0) return [];
  const accounts = readAccounts(section.text);
  const usual = findSection(sections, 'default-account')?.text.trim() ?? '';
  return accounts.includes(usual) ? [usual, ...accounts.filter((name) => name !== usual)] : accounts;
}

function qosOf(sections: readonly Section[]): string[] {
  const section = findSection(sections, 'accounts');
  return section?.exitCode === 0 ? readQos(section.text) : [];
}

/** What could be asked for instead of what was refused. */
const known = (sections: readonly Section[]) => ({
  queues: [...new Set(readSinfo(findSection(sections, 'sinfo')?.text ?? '').map((group) => group.queue))],
  accounts: accountsOf(sections),
  qos: qosOf(sections),
});

const submit: Launcher['submit'] = async (shell, submission, signal) =>
  scheduler.submit(
    shell,
    submission,
    submitScript(submission),
    (output, sections) => submitError(output, submission, known(sections)),
    signal,
  );

const verify: NonNullable<Launcher['verify']> = async (shell, submission, script, signal) => {
  const sections = await scheduler.ask(shell, 'Asking Slurm about a job', verifyScript(submission, script), { signal });
  if (findSection(sections, 'absent')) throw commandMissingError('sbatch');
  const verified = findSection(sections, 'verify');
  if (verified?.exitCode === 0) return readVerdict(verified.text);
  throw submitError(verified?.text ?? '', submission, known(sections));
};

const pollCluster = scheduler.poll(pollScript, readPoll);
const cancelCluster = scheduler.cancel(cancelScript);
const releaseCluster = scheduler.release(releaseScript);
const holdCluster = scheduler.hold(holdScript);

/** The jobs of each cluster by their numbers there; usually there is one cluster. */
function byCluster(jobs: readonly JobHandle[]): { cluster: string; jobs: JobHandle[] }[] {
  const names = [...new Set(jobs.map(({ id }) => splitId(id)[1]))];
  return names.map((cluster) => ({
    cluster,
    jobs: jobs
      .filter(({ id }) => splitId(id)[1] === cluster)
      .map((job) => ({ ...job, id: splitId(job.id)[0], site: { ...job.site, cluster: cluster || undefined } })),
  }));
}

const poll: Launcher['poll'] = async (shell, jobs, signal) => {
  const answers: JobAnswers = new Map();
  for (const group of byCluster(jobs)) {
    const suffix = group.cluster === '' ? '' : `;${group.cluster}`;
    for (const [number, answer] of await pollCluster(shell, group.jobs, signal)) {
      const id = number + suffix;
      answers.set(id, answer.kind === 'known' ? { ...answer, status: { ...answer.status, id } } : answer);
    }
  }
  return answers;
};

const cancel: Launcher['cancel'] = async (shell, jobs, how, signal) => {
  for (const group of byCluster(jobs)) await cancelCluster(shell, group.jobs, how, signal);
};

const release: NonNullable<Launcher['release']> = async (shell, jobs, signal) => {
  for (const group of byCluster(jobs)) await releaseCluster(shell, group.jobs, signal);
};

const hold: NonNullable<Launcher['hold']> = async (shell, jobs, signal) => {
  for (const group of byCluster(jobs)) await holdCluster(shell, group.jobs, signal);
};

/** Tried with Slurm 22.05, 24.11 and 26.05. docs/launchers/slurm.md says why polling reads text. */
export const slurm: Launcher = {
  name: 'slurm',
  detect,
  submitCommand: sbatchCommand,
  verify,
  submit,
  poll,
  cancel,
  release,
  hold,
  enter({ id }, command, isWorkspace = false) {
    const [number, cluster] = splitId(id);
    return isJobId(id) ? enterCommand(number, command, isWorkspace, cluster) : null;
  },
  shell({ id }) {
    const [number, cluster] = splitId(id);
    return isJobId(id) ? shellCommand(number, cluster) : null;
  },
};
