import { AppError } from '../../shared/errors.ts';
import { signalOfExitCode } from '../../shared/exit-code-policy.ts';
import { formatMemory, formatMinutes } from '../../shared/format.ts';
import { describeReason, type JobStatus, type Resources } from '../../shared/instances.ts';
import { message } from '../../shared/messages.ts';
import { findNetworkFailure } from '../network-failure-policy.ts';
import { containerError, networkError } from '../runtimes/container-errors.ts';
import { failureLine } from './failure-line-policy.ts';

interface EndingFacts {
  /** Last known state of the job; null: it was never submitted. */
  job: JobStatus | null;
  exitCode: number | null;
  /** What `run.sh` wrote when it could not start the script. */
  problem: { kind: string; subject: string } | null;
  serves: boolean;
  wasReady: boolean;
  title: string;
  resources: Pick<Resources, 'memory' | 'time'>;
  logTail: string;
}

const DETAIL_LINES = 30;
const DETAIL_CHARACTERS = 4000;
/** A longer line is no message of a shell. */
const MAX_LINE = 4000;

/** The last lines of a log, as evidence. */
export function lastLines(log: string, lines = DETAIL_LINES): string {
  return log.trimEnd().split('\n').slice(-lines).join('\n').slice(-DETAIL_CHARACTERS);
}

/** Why a job that nobody asked to stop is over; null: it simply came to its end. */
export function endingError(facts: EndingFacts): AppError | null {
  const detail = lastLines(facts.logTail) || undefined;
  const { title } = facts;
  const node = facts.job?.node ? ` on ${facts.job.node}` : '';
  const { job } = facts;
  if (job?.state === 'cancelled' && facts.wasReady) return null;
  const stateError = job && jobStateError(job, facts, node, detail);
  if (stateError) return stateError;
  const code = facts.exitCode ?? facts.job?.exitCode ?? null;
  if (facts.problem?.kind.startsWith('runtime') || facts.problem?.kind === 'image') {
    return containerError(facts.problem, title, facts.job?.node ?? '', facts.logTail);
  }
  if (facts.problem) return problemError(facts.problem, title, detail);
  if (code === 127 || code === 126) return commandError(code, facts, node, detail);
  if (code === 137 && /out of memory|oom|memoryerror|cannot allocate/i.test(facts.logTail)) {
    return outOfMemory(facts, node, detail);
  }
  if (code === 0) {
    if (!facts.serves || facts.wasReady) return null;
    return new AppError('job-failed', message`${{ title }} ended${{ node }} before it began to listen.`, {
      hint: 'The log says what it did; a script that starts its server in the background must wait for it.',
      detail,
    });
  }
  const unreached = code === null || facts.wasReady ? null : findNetworkFailure(facts.logTail);
  if (unreached) return networkError(unreached, title, facts.job?.node ?? '', detail);
  const signal = code === null ? (job?.signal ?? null) : signalOfExitCode(code);
  if (signal !== null) return endError(`was ended by signal ${signal}`, facts, node, detail);
  if (code !== null) return endError(`ended with exit code ${code}`, facts, node, detail);
  if (facts.job?.state === 'failed') {
    return new AppError(
      'job-failed',
      message`The job of ${{ title }} failed${{ node }}: ${{ reason: describeReason(facts.job) || facts.job.nativeState }}.`,
      {
        hint: 'The log beside it says more.',
        detail,
      },
    );
  }
  if (facts.job?.state === 'completed') return null;
  return new AppError(
    'job-failed',
    message`${{ title }} is gone: the cluster no longer knows its job, and it left no exit code.`,
    {
      hint: 'It was probably killed together with its node. Launch it again.',
      detail,
    },
  );
}

/** What the scheduler itself says about the end; null: only that it ended. */
function jobStateError(job: JobStatus, facts: EndingFacts, node: string, detail: string | undefined): AppError | null {
  const { title } = facts;
  switch (job.state) {
    case 'out-of-memory':
      return outOfMemory(facts, node, detail);
    case 'timeout':
      return new AppError(
        'job-failed',
        message`${{ title }} reached its time limit${{ limit: formatLimit(facts.resources.time) }}.`,
        {
          hint: 'Launch it again with more time. What it saved is still there.',
          detail,
        },
      );
    case 'node-fail':
      return new AppError('job-failed', message`${{ title }} ended because the node${{ node }} failed.`, {
        hint: 'Launch it again; the scheduler takes another node.',
        detail,
      });
    case 'preempted':
      return new AppError(
        'job-failed',
        message`${{ title }} was preempted: the scheduler gave its node to another job.`,
        {
          hint: 'Launch it again, in a queue that is not preempted if there is one.',
          detail,
        },
      );
    case 'cancelled':
      return new AppError(
        'job-failed',
        message`The job of ${{ title }} was cancelled on the cluster${{ reason: reasonInBrackets(job) }}.`,
        {
          hint: 'If it was not you: the queue, the account or an administrator may have refused it.',
          detail,
        },
      );
    default:
      return null;
  }
}

/** The scheduler holds the job because something failed; it would wait for ever. */
export function heldError(title: string, job: JobStatus | null): AppError {
  const reason = ((job && describeReason(job)) || job?.nativeState || 'no reason was given').replace(/\.$/, '');
  return new AppError('job-held', message`The scheduler holds the job of ${{ title }}: ${{ reason }}.`, {
    hint: 'The job was removed. Put right what the reason names, then launch it again.',
    detail: job?.nativeReason || undefined,
  });
}

/** Its scheduler has given no answer for a while that says how it is. */
export const stateUnknownError = (
  title: string,
  { reason, detail, hint }: { reason: string; detail: string; hint?: string },
): AppError =>
  new AppError('state-unknown', message`The state of ${{ title }} is not known now: ${{ reason }}.`, {
    hint: hint ?? 'Shown is its last known state. The cluster is asked again, and a job that runs goes on meanwhile.',
    detail: detail || undefined,
  });

const reasonInBrackets = (job: JobStatus): string => (describeReason(job) === '' ? '' : ` (${describeReason(job)})`);

const formatLimit = (minutes: number | null): string => (minutes === null ? '' : ` of ${formatMinutes(minutes)}`);

function outOfMemory(facts: EndingFacts, node: string, detail: string | undefined): AppError {
  const asked = facts.resources.memory === null ? "the queue's default" : formatMemory(facts.resources.memory);
  return new AppError(
    'job-failed',
    message`${{ title: facts.title }} ran out of memory${{ node }}; it had asked for ${{ asked }}.`,
    {
      hint: 'Launch it again with more memory.',
      detail,
    },
  );
}

function problemError(problem: { kind: string; subject: string }, title: string, detail: string | undefined): AppError {
  if (problem.kind === 'module') {
    return new AppError(
      'command-missing',
      message`The module ${{ subject: problem.subject }} could not be loaded, so ${{ title }} did not start.`,
      {
        hint: message`See its right name with \`module avail ${{ module: problem.subject.replace(/\/.*/s, '') }}\` there, or take it out of the modules.`,
        detail,
      },
    );
  }
  return new AppError(
    'job-failed',
    message`The work directory ${{ subject: problem.subject }} cannot be entered, so ${{ title }} did not start.`,
    {
      hint: 'Choose a directory that exists on the compute nodes too.',
      detail,
    },
  );
}

const missingForms: readonly RegExp[] = [
  /(?:line \d+|: \d+): (?:exec: )?([^\s:]+): (?:command )?not found/,
  /command not found: ([^\s:]+)$/,
  /Unknown command:? ['"]?([^\s:'"]+)/,
  /failed to run command ['‘]?([^\s'’:]+)['’]?: No such file/,
  /(?:exec: )?"([^\s"]+)": executable file not found/,
  /executable file `([^\s`]+)` not found/,
  /^(?:[^:]*: ){0,3}([^\s:]+): (?:[Cc]ommand )?not found/,
  /env: ['‘]?([^\s'’:]+)['’]?: No such file or directory/,
  /(?:line \d+|: \d+): ([^\s:]+): (?:No such file or directory|Permission denied)/,
];

/** The command that was missing or not executable when a script ended: the last that a shell, env or a container reported. */
export function missingCommand(log: string): string | null {
  for (const line of log.split('\n').reverse()) {
    if (line.length > MAX_LINE) continue;
    for (const form of missingForms) {
      const name = form.exec(line)?.[1];
      if (name) return name;
    }
  }
  return null;
}

function commandError(code: 126 | 127, facts: EndingFacts, node: string, detail: string | undefined): AppError {
  const name = missingCommand(facts.logTail);
  const command = name ?? 'A command';
  if (code === 126) {
    return new AppError('command-missing', message`${{ command }} may not be executed${{ node }}.`, {
      hint: 'Check its permissions, and that its file system allows programs.',
      detail,
    });
  }
  return new AppError(
    'command-missing',
    message`${{ command }} was not found${{ node }}, so ${{ title: facts.title }} did not start.`,
    {
      hint: name
        ? message`Load a module that has it (\`module avail ${{ command: name }}\` there), or add the lines that put it on the PATH to the cluster's environment.`
        : 'Load the module that has it, or add it to the PATH in the environment lines of the cluster.',
      detail,
    },
  );
}

function endError(how: string, facts: EndingFacts, node: string, detail: string | undefined): AppError {
  const output = failureLine(facts.logTail).slice(0, 200).replace(/\.$/, '');
  const when = facts.serves && !facts.wasReady ? ' before it was ready' : '';
  return new AppError(
    'job-failed',
    message`${{ title: facts.title }} ${{ ending: how }}${{ node }}${{ phase: when }}${{ output: output && `: ${output}` }}.`,
    {
      hint: 'The log says what it met.',
      detail,
    },
  );
}

/** The app has run for its whole readiness limit and never gave an accepted answer. */
export function notReadyError(title: string, seconds: number, last: string, logTail: string): AppError {
  return new AppError('not-ready', message`${{ title }} was not ready within ${{ seconds }} s: ${{ answer: last }}.`, {
    hint: 'The log says what it was doing. It was stopped; launch it again, or raise `serve.ready.timeout` of the recipe.',
    detail: lastLines(logTail) || undefined,
  });
}
