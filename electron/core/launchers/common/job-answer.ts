import { type JobStatus, unknownJob } from '../../../shared/instances.ts';
import type { Row } from './arrays.ts';

/**
 * What one question said of one job. Only a scheduler that answered, and whose answer was read to its end, can say that a job
 * is absent; of an answer that could not be read nothing follows, so that the last known state stays. `tasks`: of an array.
 */
export type JobAnswer =
  | { kind: 'known'; status: JobStatus; tasks?: readonly Row[] }
  | { kind: 'absent'; reason: string }
  | { kind: 'unreadable'; reason: string; detail: string; hint?: string };
export type JobAnswers = Map<string, JobAnswer>;

/** A state that this version has no name for is not an end, so it counts as unreadable. */
export function known(status: JobStatus, rows: readonly Row[] = []): JobAnswer {
  if (status.state === 'unknown') {
    return unreadable(status.reason || `its state ${status.nativeState || 'has no name'} is not known to this version`);
  }
  const tasks = rows.filter(({ task }) => task !== '');
  return tasks.length > 0 ? { kind: 'known', status, tasks } : { kind: 'known', status };
}

export const absent = (reason = 'the scheduler no longer knows it'): JobAnswer => ({ kind: 'absent', reason });

/** `hint`: what helps where asking again does not. */
export const unreadable = (reason: string, detail = '', hint?: string): JobAnswer => ({
  kind: 'unreadable',
  reason,
  detail: detail.trim().slice(0, 2000),
  hint,
});

export const unreadableAnswer = (title: string, detail: string): JobAnswer =>
  unreadable(`the answer of ${title} could not be read`, detail);

/** For whoever shows a status whatever was answered. */
export const statusOf = (id: string, answer: JobAnswer): JobStatus =>
  answer.kind === 'known' ? answer.status : { ...unknownJob(id), reason: answer.reason };

/** Lines that sites and their wrappers print beside an answer, which say nothing about jobs. */
const remark = /^\s*$|\bwarning\b|^\s*(note|info|notice)\b|deprecat|^[#*=\s-]+$/i;

/** What is left of an answer's lines that a reader did not understand; empty: all was read. */
export const unreadLines = (lines: readonly string[]): string => lines.filter((line) => !remark.test(line)).join('\n');
