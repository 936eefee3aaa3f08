import { signalOfExitCode } from '../../../shared/exit-code-policy.ts';
import { type JobStatus, unknownJob } from '../../../shared/instances.ts';
import { type JobAnswer, type JobAnswers, known, unreadable } from '../common/job-answer.ts';
import type { Section } from '../common/remote-script.ts';
import type { LoginJob } from './script.ts';

/** `<pid>.<start time>@<node>`: a number used again, or another login node behind one name, is not taken for it. */
export function parseLoginId(id: string): Omit<LoginJob, 'directory'> | null {
  const match = /^([1-9]\d{0,9})\.([A-Za-z0-9-]+)@([A-Za-z0-9._-]+)$/.exec(id);
  return match ? { pid: Number(match[1]), start: match[2]!, node: match[3]! } : null;
}

const seconds = (text: string | undefined): number | null => (text && /^\d+$/.test(text) ? Number(text) * 1000 : null);

/** Of one job, from the `key=value` lines of its section. */
export function readLoginJob(id: string, node: string, text: string): JobAnswer {
  const fields = new Map(
    text.split('\n').map((line) => {
      const equals = line.indexOf('=');
      return [line.slice(0, equals), line.slice(equals + 1)] as const;
    }),
  );
  const startedAt = seconds(fields.get('started'));
  const status: JobStatus = { ...unknownJob(id), node, submittedAt: startedAt, startsAt: startedAt, startedAt };
  const found = fields.get('found');
  if (found === 'alive') return known({ ...status, state: 'running', nativeState: 'alive' });
  if (found !== 'dead' && found !== 'elsewhere') return unreadable('the login node did not answer', text);

  const endedAt = seconds(fields.get('ended'));
  const code = /^\d{1,3}$/.test(fields.get('exit') ?? '') ? Number(fields.get('exit')) : null;
  const asked = fields.get('cancelled') ?? '';
  if (code === null && found === 'elsewhere') {
    return unreadable(`runs on ${node}; this connection reached ${fields.get('here')}, from where it cannot be seen`);
  }
  // Shells report a child's death by a signal as 128 + its number.
  const signal = code === null ? null : signalOfExitCode(code);
  const ended = { ...status, nativeState: 'ended', endedAt, exitCode: signal === null ? code : null, signal };
  if (asked !== '') return known({ ...ended, state: 'cancelled' });
  if (code === null) {
    return known({ ...ended, state: 'failed', reason: `ended without an exit code: killed, or ${node} was restarted` });
  }
  return known({ ...ended, state: code === 0 ? 'completed' : 'failed' });
}

/** The section's exit code is the job's index in the list that was asked for. */
export function readLoginPoll(sections: readonly Section[], jobs: readonly (LoginJob & { id: string })[]): JobAnswers {
  const result: JobAnswers = new Map(jobs.map(({ id }) => [id, unreadable('the login node did not answer')]));
  for (const section of sections) {
    const job = section.name === 'job' ? jobs[section.exitCode] : undefined;
    if (job) result.set(job.id, readLoginJob(job.id, job.node, section.text));
  }
  return result;
}
