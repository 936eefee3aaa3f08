import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import type { RunOptions, Shell } from '../../ssh/types.ts';
import { absent, type JobAnswer, type JobAnswers, unreadableAnswer } from './job-answer.ts';
import type { JobHandle, Launcher, Submission } from './launcher.ts';
import { holdError, notHeldError, notWaitingError, type ReleaseRefusals, releaseError } from './release-errors.ts';
import { findSection, preparationError, runLocked, runSections, type Section } from './remote-script.ts';
import { nothingSubmitted, withMode } from './submit-once.ts';

/** How one scheduler differs from another when it is asked. */
interface SchedulerTraits {
  /** As users say it, e.g. `Grid Engine`. */
  title: string;
  isJobId(id: string): boolean;
  /** A command that failed, by its output; a daemon that is away is another error. */
  error(what: string, output: string): AppError;
  /** There is no such command on the login node. */
  missing(command: 'submit' | 'poll' | 'cancel' | 'release' | 'hold'): AppError;
  /** Of a failed cancel's output what is a failure; empty: it was only about jobs that have ended. */
  cancelFailure(output: string): string;
  releaseRefusals: ReleaseRefusals;
}

/** Removes the lines about jobs that are gone from a cancel's output. */
export const removeLines =
  (gone: RegExp) =>
  (output: string): string =>
    output
      .split('\n')
      .filter((line) => line.trim() !== '' && !gone.test(line))
      .join('\n');

type Run = typeof runSections;
type Jobs = readonly JobHandle[];

/** Milliseconds: a submission waits for its lock and for a busy scheduler. */
const SUBMIT_LIMIT = 180_000;

/** The questions every scheduler is asked alike: sections in, job ids and AppErrors out. */
export class Scheduler {
  readonly #own: SchedulerTraits;

  constructor(traits: SchedulerTraits) {
    this.#own = traits;
  }

  /** Its commands wait long for a daemon that is away; past that it is the same failure. */
  async ask(shell: Shell, what: string, body: string, options: RunOptions, run: Run = runSections) {
    try {
      return await run(shell, what, body, options);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'timeout') throw error;
      throw new AppError('command-failed', message`${{ what }}: ${{ title: this.#own.title }} does not answer.`, {
        hint: 'It is asked again; jobs that run go on meanwhile.',
        cause: error,
      });
    }
  }

  /**
   * Runs a submit script under its lock. Its sections: `jobid`, or why there is none (`directory`, `lock`, `absent`,
   * `lookup`, `ran`, `refused`). `refused` makes the error from the scheduler's output.
   */
  async submit(
    shell: Shell,
    submission: Submission,
    script: string,
    refused: (output: string, sections: readonly Section[]) => AppError,
    signal?: AbortSignal,
  ): Promise<string> {
    const body = withMode(submission, script);
    const sections = await this.ask(shell, 'Submitting', body, { signal, timeoutMs: SUBMIT_LIMIT }, runLocked);
    const id = findSection(sections, 'jobid')?.text;
    if (id !== undefined && this.#own.isJobId(id)) return id;
    const problem = preparationError(sections, submission.directory);
    if (problem) throw problem;
    if (findSection(sections, 'none')) throw nothingSubmitted();
    if (findSection(sections, 'absent')) throw this.#own.missing('submit');
    const lookup = findSection(sections, 'lookup');
    if (lookup) throw this.#own.error('Looking for a job that was submitted before', lookup.text);
    if (findSection(sections, 'ran')) {
      throw new AppError(
        'conflict',
        message`This app was started before, and ${{ title: this.#own.title }} no longer knows its job.`,
        {
          hint: 'Launch it anew.',
        },
      );
    }
    throw refused(findSection(sections, 'refused')?.text ?? `Not a job id: ${id ?? ''}`, sections);
  }

  /** `read` gets the sections once the one named `queue` went well. */
  poll(
    script: (jobs: Jobs) => string,
    read: (sections: readonly Section[], ids: readonly string[], jobs: Jobs) => Iterable<readonly [string, JobAnswer]>,
  ): Launcher['poll'] {
    return async (shell, jobs, signal) => {
      const valid = jobs.filter((job) => this.#own.isJobId(job.id));
      const result: JobAnswers = new Map();
      for (const { id } of jobs) {
        const isId = this.#own.isJobId(id);
        result.set(
          id,
          isId ? unreadableAnswer(this.#own.title, '') : absent(`this is no id of a job of ${this.#own.title}`),
        );
      }
      if (valid.length === 0) return result;
      const what = `Asking ${this.#own.title} about jobs`;
      const sections = await this.ask(shell, what, script(valid), { signal });
      if (findSection(sections, 'absent')) throw this.#own.missing('poll');
      this.need(sections, 'queue', what);
      const ids = valid.map(({ id }) => id);
      for (const [id, answer] of read(sections, ids, valid)) result.set(id, answer);
      return result;
    };
  }

  /** Every section that failed for more than jobs that are gone is an error. */
  cancel(
    script: (jobs: Jobs, how: 'ask' | 'now') => string,
    check: (sections: readonly Section[], how: 'ask' | 'now', what: string) => void = () => {},
  ): Launcher['cancel'] {
    return async (shell, jobs, how, signal) => {
      const valid = jobs.filter((job) => this.#own.isJobId(job.id));
      if (valid.length === 0) return;
      const what = 'Stopping a job';
      const sections = await this.ask(shell, what, script(valid, how), { signal });
      if (findSection(sections, 'absent')) throw this.#own.missing('cancel');
      check(sections, how, what);
      for (const section of sections) {
        if (section.exitCode === 127) throw this.#own.missing('cancel');
        if (section.exitCode === 0) continue;
        const failure = this.#own.cancelFailure(section.text);
        if (failure !== '') throw this.#own.error(what, failure);
      }
    };
  }

  /** A section `unheld` says that none of the jobs is on hold. */
  release(script: (jobs: Jobs) => string): NonNullable<Launcher['release']> {
    return (shell, jobs, signal) =>
      this.#changeHold({ command: 'release', what: 'Releasing a job' }, shell, jobs, script, signal);
  }

  /** A section `unwaiting` says that none of the jobs waits. */
  hold(script: (jobs: Jobs) => string): NonNullable<Launcher['hold']> {
    return (shell, jobs, signal) =>
      this.#changeHold({ command: 'hold', what: 'Holding a job' }, shell, jobs, script, signal);
  }

  async #changeHold(
    { command, what }: { command: 'release' | 'hold'; what: string },
    shell: Shell,
    jobs: Jobs,
    script: (jobs: Jobs) => string,
    signal?: AbortSignal,
  ): Promise<void> {
    const { title, isJobId, missing, releaseRefusals } = this.#own;
    const invalid = jobs.find((job) => !isJobId(job.id));
    if (invalid) throw new AppError('not-found', message`${{ id: invalid.id }} is no id of a job of ${{ title }}.`);
    const sections = await this.ask(shell, what, script(jobs), { signal });
    if (findSection(sections, 'absent')) throw missing(command);
    if (findSection(sections, 'unheld')) throw notHeldError();
    if (findSection(sections, 'unwaiting')) throw notWaitingError();
    const explain = command === 'release' ? releaseError : holdError;
    for (const { exitCode, text } of sections) {
      if (exitCode === 0) continue;
      if (exitCode === 127) throw missing(command);
      throw explain(title, releaseRefusals, text) ?? this.#own.error(what, text);
    }
  }

  /** The text of a section that must have gone well. */
  need(sections: readonly Section[], name: string, what: string): string {
    const section = findSection(sections, name);
    if (section?.exitCode === 0) return section.text;
    throw this.#own.error(what, section?.text ?? `no answer from ${name}`);
  }
}
