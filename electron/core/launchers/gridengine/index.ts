import type { LauncherInfo } from '../../../shared/clusters.ts';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import type { SchedulerFacts } from '../../../shared/sites.ts';
import type { Shell } from '../../ssh/types.ts';
import type { Launcher, Submission } from '../common/launcher.ts';
import { readAsker } from '../common/queue-access.ts';
import { findSection, type Section } from '../common/remote-script.ts';
import { removeLines, Scheduler } from '../common/scheduler.ts';
import { listsOf, openProjects } from './access.ts';
import { commandMissing, gridEngineError, releaseRefusals, submitError } from './errors.ts';
import { readPoll } from './parse.ts';
import { needsSite } from './request.ts';
import {
  cancelScript,
  detectScript,
  enterCommand,
  holdScript,
  pollScript,
  qsubArguments,
  qsubCommand,
  releaseScript,
  siteScript,
  submitScript,
  verifyScript,
} from './script.ts';
import {
  isGpu,
  readComplexes,
  readEnvironments,
  readNames,
  readQueueConfigs,
  readQueues,
  type Site,
  unknownSite,
} from './site.ts';

const isJobId = (id: string): boolean => /^[1-9]\d{0,9}$/.test(id);
const isNode = (node: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(node);

const scheduler = new Scheduler({
  title: 'Grid Engine',
  isJobId,
  error: gridEngineError,
  missing: commandMissing,
  cancelFailure: removeLines(/does not exist|is already in deletion|has registered the job|has deleted job/i),
  releaseRefusals,
});

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

async function detect(shell: Shell, signal?: AbortSignal, facts?: SchedulerFacts): Promise<LauncherInfo | null> {
  const what = 'Asking Grid Engine for its queues';
  const sections = await scheduler.ask(shell, what, detectScript(facts), { signal });
  if (findSection(sections, 'absent')) return null;
  const site = readSite(sections, what);
  const countsGpus = site.complexes.some((complex) => isGpu(complex.name));
  const lists = listsOf(text(sections, 'usersets'), readAsker(text(sections, 'who')));
  const usual = /^default_project\s+(\S+)/m.exec(text(sections, 'user'))?.[1] ?? 'NONE';
  return {
    name: 'gridengine',
    version: text(sections, 'version').trim(),
    queues: readQueues(text(sections, 'queues'), text(sections, 'hosts'), countsGpus, lists),
    accounts: [
      ...new Set([
        ...(usual === 'NONE' ? [] : [usual]),
        ...openProjects(site.projects, text(sections, 'project-lists'), lists),
      ]),
    ],
    qos: [],
  };
}

/** What the request has to know of the site, asked only where it matters. */
async function siteFor(shell: Shell, submission: Submission, what: string, signal?: AbortSignal): Promise<Site> {
  // Refuses what never can be, before anything is asked.
  qsubArguments(submission, unknownSite);
  if (!needsSite(submission.resources)) return unknownSite;
  const asked = await scheduler.ask(shell, what, siteScript(submission.site), { signal });
  if (findSection(asked, 'absent')) throw commandMissing();
  return readSite(asked, what);
}

const refusal = (output: string, submission: Submission, sections: readonly Section[]): AppError =>
  submitError(output, submission, {
    queues: readNames(text(sections, 'names')),
    projects: readNames(text(sections, 'projects')),
  });

const submit: Launcher['submit'] = async (shell, submission, signal) => {
  const site = await siteFor(shell, submission, 'Submitting', signal);
  const refused = (output: string, sections: readonly Section[]) => refusal(output, submission, sections);
  return scheduler.submit(shell, submission, submitScript(submission, site), refused, signal);
};

const verify: NonNullable<Launcher['verify']> = async (shell, submission, script, signal) => {
  const what = 'Asking Grid Engine about a job';
  const site = await siteFor(shell, submission, what, signal);
  const sections = await scheduler.ask(shell, what, verifyScript(submission, site, script), { signal });
  if (findSection(sections, 'absent')) throw commandMissing();
  const verified = findSection(sections, 'verify');
  if (verified?.exitCode !== 0 || /no suitable queues/i.test(verified.text)) {
    throw refusal(verified?.text ?? '', submission, sections);
  }
  return { text: verified.text, startsAt: null, nodes: '' };
};

/** An app that cannot be asked to stop by the file it looks at has to be ended at once. */
function checkNote(sections: readonly Section[], how: 'ask' | 'now', what: string): void {
  const note = findSection(sections, 'note');
  if (!note || how === 'now') return;
  throw new AppError(
    'command-failed',
    message`${{ what }}: the app cannot be asked, as ${{ text: note.text }} cannot be written to.`,
    {
      hint: 'Stop it at once instead.',
    },
  );
}

/** Tried with Son of Grid Engine 8.1.9. docs/launchers/gridengine.md says why it has a script of its own, and how a relay gets in. */
export const gridengine: Launcher = {
  name: 'gridengine',
  detect,
  submitCommand: qsubCommand,
  verify,
  submit,
  poll: scheduler.poll(pollScript, readPoll),
  cancel: scheduler.cancel(cancelScript, checkNote),
  release: scheduler.release(releaseScript),
  hold: scheduler.hold(holdScript),
  enter: (job, command) => (isJobId(job.id) && isNode(job.node) ? enterCommand(job, command) : null),
};
