import type { LauncherInfo } from '../../../shared/clusters.ts';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import { quote } from '../../../shared/shell-quote.ts';
import type { Shell } from '../../ssh/types.ts';
import { absent, type JobAnswers } from '../common/job-answer.ts';
import type { Launcher } from '../common/launcher.ts';
import { findSection, preparationError, runLocked, runSections } from '../common/remote-script.ts';
import { nothingSubmitted, withMode } from '../common/submit-once.ts';
import { parseLoginId, readLoginPoll } from './parse.ts';
import { cancelScript, detectScript, type LoginJob, pollScript, startScript } from './script.ts';

export { parseLoginId };

type Job = { id: string; directory: string };
const known = (jobs: readonly Job[]): (LoginJob & { id: string })[] =>
  jobs.flatMap((job) => {
    const parsed = parseLoginId(job.id);
    return parsed ? [{ ...parsed, ...job }] : [];
  });

/** Always there. The version names the tool that gives an app a session of its own on that node. */
async function detect(shell: Shell, signal?: AbortSignal): Promise<LauncherInfo> {
  const sections = await runSections(shell, 'Looking at the login node', detectScript, { signal });
  return { name: 'login', version: findSection(sections, 'tool')?.text ?? '', queues: [], accounts: [], qos: [] };
}

const submit: Launcher['submit'] = async (shell, submission, signal) => {
  const { directory } = submission;
  const script = withMode(submission, startScript(directory));
  const sections = await runLocked(shell, 'Starting on the login node', script, { signal });
  const id = findSection(sections, 'jobid')?.text;
  if (id !== undefined && parseLoginId(id)) return id;
  const problem = preparationError(sections, directory);
  if (problem) throw problem;
  if (findSection(sections, 'none')) throw nothingSubmitted();
  if (findSection(sections, 'ran')) {
    throw new AppError('conflict', 'This app was started before, and its process is no longer known.', {
      hint: 'Launch it anew.',
    });
  }
  throw new AppError('submit-failed', 'The app did not start on the login node.', {
    detail: findSection(sections, 'refused')?.text ?? id,
    hint: 'Look at the log of the app, and at the limits of the login node.',
  });
};

async function poll(shell: Shell, jobs: readonly Job[], signal?: AbortSignal): Promise<JobAnswers> {
  const wanted = known(jobs);
  const result: JobAnswers = new Map();
  if (wanted.length > 0) {
    const sections = await runSections(shell, 'Looking at running apps', pollScript(wanted), { signal });
    for (const [id, status] of readLoginPoll(sections, wanted)) result.set(id, status);
  }
  for (const { id } of jobs) {
    if (!result.has(id)) result.set(id, absent('this is no process of the login launcher'));
  }
  return result;
}

const cancel: Launcher['cancel'] = async (shell, jobs, how, signal) => {
  const wanted = known(jobs);
  if (wanted.length === 0) return;
  const sections = await runSections(shell, 'Stopping an app', cancelScript(wanted, how), { signal });
  const nodes = sections.filter((section) => section.name === 'elsewhere').map((section) => section.text);
  if (nodes.length > 0) {
    throw new AppError(
      'conflict',
      message`It runs on ${[...new Set(nodes)].join(', ')}, and this connection reached another login node.`,
      {
        hint: 'Give the cluster the address of that login node, connect, and stop it then.',
      },
    );
  }
  const left = findSection(sections, 'left');
  if (left) {
    throw new AppError('command-failed', 'Some processes of the app did not end.', {
      detail: `process ids: ${left.text.split('\n').join(' ')}`,
      hint: 'They wait for a disk or a device; look again in a while.',
    });
  }
};

/** A process in a session of its own on the login node; outlives the connection. */
export const login: Launcher = {
  name: 'login',
  detect,
  submitCommand: ({ directory }) => `cd ${quote(directory)} && setsid --fork ./run.sh </dev/null >>log 2>&1`,
  submit,
  poll,
  cancel,
  // The login node is where it runs.
  enter: (_job, command) => command,
};
