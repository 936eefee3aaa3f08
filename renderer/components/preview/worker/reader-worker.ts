import { AppError } from '../../../../electron/shared/errors.ts';
import { joinBytes } from '../../../stream-bytes.ts';
import type { ReadPart } from '../use-preview.ts';
import type { FromWorker, Questions, ToWorker } from './messages.ts';

/** A file that keeps its reader busy for so long without reading is given up, ms. */
export const BUSY_LIMIT_MS = 20_000;

/** So much is asked for at once, bytes. */
const PART_BYTES = 4 * 1024 * 1024;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: AppError): void;
}

/** What this needs of a worker. */
export interface WorkerLike {
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(message: ToWorker): void;
  terminate(): void;
}

/**
 * A reader of one file in a worker of its own: whatever the file holds, the page stays responsive, and a reader that never
 * ends is ended.
 */
export class ReaderWorker<Asked extends Questions> {
  readonly #worker: WorkerLike;
  readonly #read: ReadPart;
  readonly #life = new AbortController();
  readonly #questions = new Map<number, Waiting>();
  readonly #unsent: ToWorker[] = [];
  #isReady = false;
  #failure: AppError | null = null;
  #last = 0;
  #reads = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(worker: WorkerLike, size: number, read: ReadPart) {
    this.#worker = worker;
    this.#read = read;
    worker.onmessage = ({ data }) => this.#take(data);
    worker.onerror = (event) => {
      const detail = event.message || undefined;
      this.#end(new AppError('internal', 'The reader of this kind of file ended unexpectedly.', { detail }));
    };
    this.#send({ kind: 'open', size });
  }

  /** @throws AppError */
  ask<Name extends keyof Asked & string>(
    name: Name,
    input: Parameters<Asked[Name]>[0],
  ): Promise<Awaited<ReturnType<Asked[Name]>>> {
    return new Promise((resolve, reject) => {
      if (this.#failure) return reject(this.#failure);
      this.#last += 1;
      // The answer is of the reader's own type: both ends are built together.
      const answered = (value: unknown) => resolve(value as Awaited<ReturnType<Asked[Name]>>);
      this.#questions.set(this.#last, { resolve: answered, reject });
      this.#send({ kind: 'ask', id: this.#last, name, input });
      this.#watch();
    });
  }

  dispose(): void {
    this.#end(new AppError('cancelled', 'Another file is shown.'));
  }

  #send(message: ToWorker): void {
    if (this.#isReady) this.#worker.postMessage(message);
    else this.#unsent.push(message);
  }

  #take(message: FromWorker): void {
    if (this.#failure) return;
    if (message.kind === 'ready') {
      this.#isReady = true;
      for (const unsent of this.#unsent.splice(0)) this.#worker.postMessage(unsent);
    } else if (message.kind === 'read') void this.#answerRead(message);
    else {
      const question = this.#questions.get(message.id);
      this.#questions.delete(message.id);
      if (message.kind === 'answer') question?.resolve(message.value);
      else question?.reject(AppError.revive(message.error));
    }
    this.#watch();
  }

  async #answerRead({ id, offset, length }: { id: number; offset: number; length: number }): Promise<void> {
    this.#reads += 1;
    try {
      this.#send({ kind: 'part', id, bytes: await this.#readParts(offset, length) });
    } catch (error) {
      this.#send({ kind: 'no-part', id, error: AppError.from(error).serialize() });
    }
    this.#reads -= 1;
    if (!this.#failure) this.#watch();
  }

  async #readParts(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const parts: Uint8Array[] = [];
    for (let done = 0; done < length; ) {
      const wanted = Math.min(PART_BYTES, length - done);
      const part = await this.#read(offset + done, wanted, this.#life.signal);
      parts.push(part);
      done += part.length;
      if (part.length < wanted) break;
    }
    return joinBytes(parts);
  }

  /** The time counts only while the worker has all it asked for. */
  #watch(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#questions.size === 0 || this.#reads > 0) return;
    this.#timer = setTimeout(() => {
      this.#end(
        new AppError('timeout', `The file kept its reader busy for more than ${BUSY_LIMIT_MS / 1000} s.`, {
          hint: 'It may be damaged. Download it and open it with its own program.',
        }),
      );
    }, BUSY_LIMIT_MS);
  }

  #end(error: AppError): void {
    if (this.#failure) return;
    this.#failure = error;
    if (this.#timer) clearTimeout(this.#timer);
    this.#life.abort(error);
    this.#worker.terminate();
    for (const { reject } of this.#questions.values()) reject(error);
    this.#questions.clear();
  }
}
