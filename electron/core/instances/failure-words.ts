import { AppError } from '../../shared/errors.ts';
import { describeReason, type JobStatus, type Resources } from '../../shared/instances.ts';
import { containerError } from '../runtimes/container-errors.ts';

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

/** The last lines of a log, as evidence. */
export function lastLines(log: string, lines = DETAIL_LINES): string {
  return log.trimEnd().split('\n').slice(-lines).join('\n').slice(-DETAIL_CHARACTERS);
}

/** Why a job that nobody asked to stop is over; null: it simply came to its end. */
export function endingError(facts: EndingFacts): AppError | null {
  const detail = lastLines(facts.logTail) || undefined;
  const { title } = facts;
  const node = facts.job?.node ? ` on ${facts.job.node}` : '';
  switch (facts.job?.state) {
    case 'out-of-memory':
      return outOfMemory(facts, node, detail);
    case 'timeout':
      return new AppError('job-failed', `${title} reached its time limit${timeWords(facts.resources.time)}.`, {
        hint: 'Launch it again with more time. What it saved is still there.',
        detail,
      });
    case 'node-fail':
      return new AppError('job-failed', `${title} ended because the node${node} failed.`, {
        hint: 'Launch it again; the scheduler takes another node.',
        detail,
      });
    case 'preempted':
      return new AppError('job-failed', `${title} was preempted: the scheduler gave its node to another job.`, {
        hint: 'Launch it again, in a queue that is not preempted if there is one.',
        detail,
      });
    case 'cancelled':
      if (facts.wasReady) return null;
      return new AppError('job-failed', `The job of ${title} was cancelled on the cluster${reason(facts.job)}.`, {
        hint: 'If it was not you: the queue, the account or an administrator may have refused it.',
        detail,
      });
  }
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
    return new AppError('job-failed', `${title} ended${node} before it began to listen.`, {
      hint: 'The log says what it did; a script that starts its server in the background must wait for it.',
      detail,
    });
  }
  if (code !== null) return codeError(code, facts, node, detail);
  if (facts.job?.state === 'failed') {
    return new AppError(
      'job-failed',
      `The job of ${title} failed${node}: ${describeReason(facts.job) || facts.job.nativeState}.`,
      {
        hint: 'The log beside it says more.',
        detail,
      },
    );
  }
  if (facts.job?.state === 'completed') return null;
  return new AppError(
    'job-failed',
    `${title} is gone: the cluster no longer knows its job, and it left no exit code.`,
    {
      hint: 'It was probably killed together with its node. Launch it again.',
      detail,
    },
  );
}

/** The scheduler holds the job because something failed; it would wait for ever. */
export function heldError(title: string, job: JobStatus | null): AppError {
  const words = ((job && describeReason(job)) || job?.nativeState || 'no reason was given').replace(/\.$/, '');
  return new AppError('job-held', `The scheduler holds the job of ${title}: ${words}.`, {
    hint: 'The job was removed. Put right what the reason names, then launch it again.',
    detail: job?.nativeReason || undefined,
  });
}

const reason = (job: JobStatus): string => (describeReason(job) === '' ? '' : ` (${describeReason(job)})`);

const timeWords = (minutes: number | null): string => (minutes === null ? '' : ` of ${minutes} min`);

function outOfMemory(facts: EndingFacts, node: string, detail: string | undefined): AppError {
  const asked = facts.resources.memory === null ? "the queue's default" : `${facts.resources.memory} MiB`;
  return new AppError('job-failed', `${facts.title} ran out of memory${node}; it had asked for ${asked}.`, {
    hint: 'Launch it again with more memory.',
    detail,
  });
}

function problemError(problem: { kind: string; subject: string }, title: string, detail: string | undefined): AppError {
  if (problem.kind === 'module') {
    return new AppError(
      'command-missing',
      `The module ${problem.subject} could not be loaded, so ${title} did not start.`,
      {
        hint: `See its right name with \`module avail ${problem.subject.split('/')[0]}\` there, or take it out of the modules.`,
        detail,
      },
    );
  }
  return new AppError(
    'job-failed',
    `The work directory ${problem.subject} cannot be entered, so ${title} did not start.`,
    {
      hint: 'Choose a directory that exists on the compute nodes too.',
      detail,
    },
  );
}

/** The name in bash's, dash's and env's words for a command that is not there, or may not be run. */
export function missingCommand(log: string): string | null {
  const forms = [
    /(?:^|\n)[^\n]*?(?:line \d+|: \d+): ([^\s:]+): (?:command )?not found/,
    /(?:^|\n)(?:[^\n]*?: )?([^\s:]+): (?:command )?not found/,
    /env: ['‘]?([^\s'’:]+)['’]?: No such file or directory/,
    /(?:line \d+|: \d+): ([^\s:]+): (?:No such file or directory|Permission denied)/,
  ];
  for (const form of forms) {
    const name = form.exec(log)?.[1];
    if (name) return name;
  }
  return null;
}

function commandError(code: 126 | 127, facts: EndingFacts, node: string, detail: string | undefined): AppError {
  const name = missingCommand(facts.logTail);
  if (code === 126) {
    return new AppError('command-missing', `${name ?? 'A command'} may not be executed${node}.`, {
      hint: 'Check its permissions, and that its file system allows programs.',
      detail,
    });
  }
  return new AppError(
    'command-missing',
    `${name ?? 'A command'} was not found${node}, so ${facts.title} did not start.`,
    {
      hint: name
        ? `Load a module that has it (\`module avail ${name}\` there), or add the lines that put it on the PATH to the cluster's environment.`
        : 'Load the module that has it, or add it to the PATH in the environment lines of the cluster.',
      detail,
    },
  );
}

function codeError(code: number, facts: EndingFacts, node: string, detail: string | undefined): AppError {
  const words = lastLines(facts.logTail, 1).trim().slice(0, 200);
  const when = facts.serves && !facts.wasReady ? ' before it was ready' : '';
  const how = code > 128 ? `was ended by signal ${code - 128}` : `ended with exit code ${code}`;
  return new AppError(
    'job-failed',
    `${facts.title} ${how}${node}${when}${words ? `: ${words}` : ''}.`.replace(/\.\.$/, '.'),
    {
      hint: 'The log says what it met.',
      detail,
    },
  );
}

/** The app has run for its whole readiness limit and never gave an accepted answer. */
export function notReadyError(title: string, seconds: number, last: string, logTail: string): AppError {
  return new AppError('not-ready', `${title} was not ready within ${seconds} s: ${last}.`, {
    hint: 'The log says what it was doing. It was stopped; launch it again, or raise `serve.ready.timeout` of the recipe.',
    detail: lastLines(logTail) || undefined,
  });
}
