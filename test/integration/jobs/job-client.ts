import { text } from 'node:stream/consumers';
import type { ByteStream } from '../../../electron/client/byte-stream.ts';
import { isJobOver, type Job } from '../../../electron/shared/jobs.ts';
import type { TestCore } from '../../helpers/core.ts';
import { PATIENCE_MS } from '../../helpers/patience.ts';

/** What the tests do with the files of a job, and how they wait for one. */
export class JobClient {
  readonly #open: TestCore;

  constructor(open: TestCore) {
    this.#open = open;
  }

  async put(id: string, path: string, content: string | Buffer, mode?: number): Promise<number> {
    const stream = (await this.#open.core.openStream('jobs.upload', { id, path, mode })) as ByteStream<
      object,
      { bytes: number }
    >;
    stream.data.end(content);
    stream.data.resume();
    return (await stream.closed).bytes;
  }

  async read(id: string, path: string, part: { offset?: number; length?: number } = {}): Promise<string> {
    const stream = await this.#open.core.openStream('jobs.download', { id, path, ...part });
    try {
      const content = await text(stream.data);
      await stream.closed;
      return content;
    } catch (error) {
      // The stream itself says why.
      await stream.closed;
      throw error;
    }
  }

  async names(id: string, path = ''): Promise<string[]> {
    const { entries } = await this.#open.request('jobs.files', { id, path });
    return entries.map(({ name }) => name).sort();
  }

  until(id: string, what: string, look: (job: Job) => boolean, ms = PATIENCE_MS): Promise<Job> {
    return this.#open.until(`job ${what}`, ({ jobs }) => jobs.find((job) => job.id === id && look(job)), ms);
  }

  /** Ends and removes a job, unless it was removed already. */
  async discard(id: string): Promise<void> {
    const job = this.#open.state().jobs.find((each) => each.id === id);
    if (!job) return;
    if (job.state !== 'new' && !isJobOver(job.state)) {
      await this.#open.request('jobs.cancel', { id });
      await this.untilOver(id);
    }
    await this.#open.request('jobs.remove', { id });
  }

  untilOver(id: string, ms = PATIENCE_MS): Promise<Job> {
    return this.until(id, 'over', ({ state }) => isJobOver(state), ms);
  }
}
