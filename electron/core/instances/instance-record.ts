import { AppError } from '../../shared/errors.ts';
import type { Instance, JobStatus } from '../../shared/instances.ts';
import type { JobAnswer } from '../launchers/common/job-answer.ts';
import { passwordOf } from '../recipes/legacy/launch-policy.ts';
import type { NoteValue } from '../recipes/legacy/notes-policy.ts';
import type { EndingView } from './ending-policy.ts';
import { InstanceLog } from './instance-log.ts';
import type { InstanceEvent } from './instance-state.ts';
import { stateUnknownError } from './job-errors.ts';
import type { Meta } from './meta.ts';
import type { Observation } from './observation.ts';

/** For so long a scheduler may be away before its silence is an error. */
const UNREADABLE_MS = 60_000;

/** What this process knows of one instance beyond what is saved: secrets, its log, and what was seen of its job. */
export class InstanceRecord {
  /** `instance.json` of its directory. */
  meta: Meta | null = null;
  /** The app's own secret. */
  token: string | null = null;
  notes: NoteValue[] = [];
  /** Ends the launch before it is submitted; null: it is not being launched. */
  launching: AbortController | null = null;
  /** This process launched it, so this process continues it after a lost connection. */
  isLaunchedHere = false;
  /** The scheduler's word of the end is then our own doing and not the reason. */
  isFailing = false;
  isFinishing = false;
  isJobWritten = false;
  seen: Observation | null = null;
  readonly log = new InstanceLog(() => this.#secrets);
  readonly #life = new AbortController();
  #unknownSince: number | null = null;
  #exitSince: number | null = null;
  #unreadableSince: number | null = null;
  #runningSeenAt: number | null = null;

  /** Ends with the process, or when the instance is removed. */
  get life(): AbortSignal {
    return this.#life.signal;
  }

  get #secrets(): string[] {
    const own = this.token === null ? [] : [this.token, passwordOf(this.token)];
    return [...own, ...this.notes.filter((note) => note.secret).map((note) => note.value)];
  }

  /** @returns the new text of the log */
  takeObservation(
    seen: Observation,
    jobId: string | null,
    now: number,
  ): { offset: number; next: number; text: string } | null {
    this.seen = seen;
    this.meta ??= seen.meta;
    // What an earlier process of this launch sent stays there, so the secret there is the one that the app has.
    this.token = seen.secret ?? this.token;
    if (seen.typed.length > 0) this.log.hide(seen.typed);
    if (seen.job !== null && seen.job === jobId) this.isJobWritten = true;
    this.#exitSince = seen.exitCode === null ? null : (this.#exitSince ?? now);
    if (seen.logSize !== null && seen.logSize < this.log.tail.next) this.log.tail.restart();
    return seen.log ? this.log.tail.take(seen.log.offset, seen.log.bytes) : null;
  }

  /** Of an answer that could not be read nothing follows: the last state stays, and after a while it is an error. */
  takeAnswer(answer: JobAnswer, title: string, now: number): InstanceEvent {
    this.#unknownSince = answer.kind === 'absent' ? (this.#unknownSince ?? now) : null;
    this.#unreadableSince = answer.kind === 'unreadable' ? (this.#unreadableSince ?? now) : null;
    if (answer.kind === 'known') {
      if (answer.status.state === 'running') this.#runningSeenAt ??= now;
      return { type: 'job', job: answer.status, at: now };
    }
    if (answer.kind === 'absent') return { type: 'unobserved', reason: answer.reason, error: null };
    const isLasting = now - (this.#unreadableSince ?? now) >= UNREADABLE_MS;
    const error = isLasting ? stateUnknownError(title, answer).serialize() : null;
    return { type: 'unobserved', reason: `last known state: ${answer.reason}`, error };
  }

  /** The connection was lost: nothing was seen for a while, so no time has passed. */
  forgetTimes(): void {
    this.#unknownSince = null;
    this.#unreadableSince = null;
    this.#exitSince = null;
  }

  endingView(job: JobStatus | null, now: number): EndingView {
    return {
      job,
      exitCode: this.seen?.exitCode ?? null,
      exitSeenFor: this.#exitSince === null ? 0 : now - this.#exitSince,
      unknownFor: this.#unknownSince === null ? 0 : now - this.#unknownSince + 1,
    };
  }

  /**
   * Epoch ms by which the first answer must come; null while the job does not run. What began while nobody looked still has its
   * time to answer, from when it was seen.
   */
  readyBy({ steps }: Pick<Instance, 'steps'>): number | null {
    const startedAt = steps.find((step) => step.name === 'start')?.startedAt ?? null;
    if (startedAt === null || !this.meta?.serve) return null;
    return Math.max(startedAt, this.#runningSeenAt ?? 0) + this.meta.serve.ready.timeout * 1000;
  }

  dispose(): void {
    this.#life.abort(new AppError('cancelled', 'The app is closing.'));
  }
}
