import type { LauncherInfo } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import { type JobStatus, unknownJob } from '../../shared/instances.ts';
import type { RunOptions, Shell } from '../ssh/types.ts';
import { commandMissing, gridEngineError, submitError } from './gridengine-errors.ts';
import { readPoll } from './gridengine-jobs.ts';
import { needsSite } from './gridengine-request.ts';
import {
  cancelScript,
  detectScript,
  enterCommand,
  pollScript,
  qsubArguments,
  qsubCommand,
  siteScript,
  submitScript,
} from './gridengine-script.ts';
import {
  isGpu,
  readComplexes,
  readEnvironments,
  readNames,
  readQueueConfigs,
  readQueues,
  type Site,
  unknownSite,
} from './gridengine-site.ts';
import type { JobHandle, Launcher } from './launcher.ts';
import { findSection, preparationError, runLocked, runSections, type Section } from './remote-script.ts';

const isJobId = (id: string): boolean => /^[1-9]\d{0,9}$/.test(id);
const isNode = (node: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(node);

/** Grid Engine's commands wait long for a qmaster that is away; past that it is the same failure. */
async function ask(
  shell: Shell,
  what: string,
  body: string,
  options: RunOptions,
  run: typeof runSections = runSections,
): Promise<Section[]> {
  try {
    return await run(shell, what, body, options);
  } catch (error) {
    if (error instanceof AppError && error.code === 'timeout') {
      throw new AppError('command-failed', `${what}: Grid Engine does not answer.`, {
        hint: 'It is asked again; jobs that run go on meanwhile.',
        cause: error,
      });
    }
    throw error;
  }
}

const text = (sections: readonly Section[], name: string): string => findSection(sections, name)?.text ?? '';

function readSite(sections: readonly Section[], what: string): Site {
  const away =
    findSection(sections, 'away') ?? sections.find(({ name, exitCode }) => name === 'queues' && exitCode !== 0);
  if (away) throw gridEngineError(what, away.text);
  return {
    complexes: readComplexes(text(sections, 'complexes')),
    environments: readEnvironments(text(sections, 'environments')),
    queues: readQueueConfigs(text(sections, 'queues')),
    projects: readNames(text(sections, 'projects')),
  };
}

async function detect(shell: Shell, signal?: AbortSignal): Promise<LauncherInfo | null> {
  const what = 'Asking Grid Engine for its queues';
  const sections = await ask(shell, what, detectScript, { signal });
  if (findSection(sections, 'absent')) return null;
  const site = readSite(sections, what);
  const countsGpus = site.complexes.some((complex) => isGpu(complex.name));
  const usual = /^default_project\s+(\S+)/m.exec(text(sections, 'user'))?.[1] ?? 'NONE';
  return {
    name: 'gridengine',
    version: text(sections, 'version').trim(),
    queues: readQueues(text(sections, 'queues'), text(sections, 'hosts'), countsGpus),
    accounts: [...new Set([...(usual === 'NONE' ? [] : [usual]), ...site.projects])],
    qos: [],
  };
}

const submit: Launcher['submit'] = async (shell, submission, signal) => {
  const what = 'Submitting';
  // Refuses what never can be, before anything is asked.
  qsubArguments(submission, unknownSite);
  let site = unknownSite;
  if (needsSite(submission.resources)) {
    const asked = await ask(shell, what, siteScript, { signal });
    if (findSection(asked, 'absent')) throw commandMissing();
    site = readSite(asked, what);
  }
  const sections = await ask(shell, what, submitScript(submission, site), { signal, timeoutMs: 180_000 }, runLocked);
  const id = findSection(sections, 'jobid')?.text;
  if (id !== undefined && isJobId(id)) return id;
  const problem = preparationError(sections, submission.directory);
  if (problem) throw problem;
  if (findSection(sections, 'absent')) throw commandMissing();
  const lookup = findSection(sections, 'lookup');
  if (lookup) throw gridEngineError('Looking for a job that was submitted before', lookup.text);
  if (findSection(sections, 'ran')) {
    throw new AppError('conflict', 'This app was started before, and Grid Engine no longer knows its job.', {
      hint: 'Launch it anew.',
    });
  }
  throw submitError(findSection(sections, 'refused')?.text ?? `Not a job id: ${id ?? ''}`, submission, {
    queues: readNames(text(sections, 'names')),
    projects: readNames(text(sections, 'projects')),
  });
};

async function poll(shell: Shell, jobs: readonly JobHandle[], signal?: AbortSignal): Promise<Map<string, JobStatus>> {
  const valid = jobs.filter((job) => isJobId(job.id));
  const result = new Map<string, JobStatus>();
  for (const job of jobs) {
    if (!isJobId(job.id)) result.set(job.id, { ...unknownJob(job.id), reason: 'this is no id of a Grid Engine job' });
  }
  if (valid.length === 0) return result;
  const what = 'Asking Grid Engine about jobs';
  const sections = await ask(shell, what, pollScript(valid), { signal });
  if (findSection(sections, 'absent')) throw commandMissing();
  const queue = findSection(sections, 'queue');
  if (queue?.exitCode !== 0) throw gridEngineError(what, queue?.text ?? 'no answer from qstat');
  for (const [id, status] of readPoll(
    sections,
    valid.map((job) => job.id),
  )) {
    result.set(id, status);
  }
  return result;
}

/** Words about a job that has ended already, or is just being ended. */
const goneJob = /does not exist|is already in deletion|has registered the job|has deleted job/i;

const cancel: Launcher['cancel'] = async (shell, jobs, how, signal) => {
  const valid = jobs.filter((job) => isJobId(job.id));
  if (valid.length === 0) return;
  const what = 'Stopping a job';
  const sections = await ask(shell, what, cancelScript(valid, how), { signal });
  if (findSection(sections, 'absent')) throw commandMissing();
  const note = findSection(sections, 'note');
  if (note && how === 'ask') {
    throw new AppError('command-failed', `${what}: the app cannot be asked, as ${note.text} cannot be written to.`, {
      hint: 'Stop it at once instead.',
    });
  }
  for (const section of sections) {
    if (section.exitCode === 0 || section.name === 'note') continue;
    const serious = section.text.split('\n').filter((line) => line.trim() !== '' && !goneJob.test(line));
    if (serious.length > 0) throw gridEngineError(what, serious.join('\n'));
  }
};

/** Tried with Son of Grid Engine 8.1.9. docs/launchers.md says why it has a script of its own, and how a relay gets in. */
export const gridengine: Launcher = {
  name: 'gridengine',
  detect,
  submitCommand: qsubCommand,
  submit,
  poll,
  cancel,
  enter: (job, command) => (isJobId(job.id) && isNode(job.node) ? enterCommand(job, command) : null),
};
