import { randomBytes } from 'node:crypto';
import { AppError } from '../../../shared/errors.ts';
import { message } from '../../../shared/messages.ts';
import { onAbort } from '../../../shared/on-abort.ts';
import { limited } from '../../ssh/shells/run.ts';
import { MarkedOutput } from '../../ssh/shells/run-protocol.ts';
import type { RunOptions, RunResult } from '../../ssh/types.ts';
import { askRequest } from './watch-script.ts';

const ASK_MS = 60_000;
const MOST_ANSWER_BYTES = 4 * 1024 * 1024;

interface WatchQuestionsPorts {
  write(request: string): void;
  /** Fires with the program. */
  closed: AbortSignal;
  /** A question was not answered. True: the program goes on, and so does what answers. */
  onUnanswered(error: AppError): boolean;
}

interface Question {
  answer: MarkedOutput;
  answered(): void;
}

/** What a watch asks its scheduler: one question at a time. While one is not answered, none is asked. */
export class WatchQuestions {
  readonly #ports: WatchQuestionsPorts;
  #script: string | null = null;
  #question: Question | null = null;
  #asking: Promise<unknown> = Promise.resolve();
  #asked = 0;

  constructor(ports: WatchQuestionsPorts) {
    this.#ports = ports;
  }

  /** How many were asked. */
  get asked(): number {
    return this.#asked;
  }

  run(script: string, { signal, timeoutMs = ASK_MS }: RunOptions = {}): Promise<RunResult> {
    const asked = this.#asking.then(() => this.#ask(script, signal, timeoutMs));
    this.#asking = asked.catch(() => undefined);
    return asked;
  }

  /** What the program prints to its error output. */
  onAnswer(chunk: Buffer): void {
    const question = this.#question;
    if (!question) return;
    question.answer.push(chunk);
    if (question.answer.exitCode === null) return;
    this.#question = null;
    question.answered();
  }

  async #ask(script: string, signal: AbortSignal | undefined, timeoutMs: number): Promise<RunResult> {
    const { closed } = this.#ports;
    if (this.#question && !closed.aborted) throw new AppError('timeout', 'The last command has not answered yet.');
    const nonce = randomBytes(16).toString('hex');
    const late = () =>
      new AppError('timeout', message`A command took longer than ${{ seconds: Math.round(timeoutMs / 1000) }} s.`);
    const limit = limited(signal ? AbortSignal.any([signal, closed]) : closed, timeoutMs, late);
    try {
      return await new Promise<RunResult>((resolve, reject) => {
        const forget = onAbort(limit.signal, () => reject(AppError.from(limit.signal.reason)));
        if (limit.signal.aborted) return;
        const answer = new MarkedOutput(nonce, MOST_ANSWER_BYTES);
        const answered = () => {
          forget();
          resolve({ stdout: answer.bytes.toString('utf8'), stderr: '', exitCode: answer.exitCode ?? 1 });
        };
        this.#question = { answer, answered };
        this.#asked++;
        this.#ports.write(askRequest(nonce, script === this.#script ? null : script));
        this.#script = script;
      });
    } catch (thrown) {
      const error = AppError.from(thrown);
      if (!this.#ports.onUnanswered(error)) this.#question = null;
      throw error;
    } finally {
      limit.done();
    }
  }
}
