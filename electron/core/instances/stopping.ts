import { AppError } from '../../shared/errors.ts';
import { noteStop } from './directory.ts';
import type { Member } from './member.ts';
import type { InstancesDeps } from './types.ts';

/** How long an app that is asked to end has for it. */
const GRACE = 10_000;

/** The wish that an instance ends, and its carrying out: asks, waits, insists; the watcher sees the end. */
export class Stopping {
  readonly #member: Member;
  readonly #deps: InstancesDeps;
  readonly #life: AbortSignal;
  #how: 'ask' | 'now' | null;
  #running = false;

  constructor(member: Member, deps: InstancesDeps, life: AbortSignal) {
    this.#member = member;
    this.#deps = deps;
    this.#life = life;
    this.#how = member.instance.state === 'stopping' ? 'ask' : null;
  }

  get wished(): boolean {
    return this.#how !== null;
  }

  wish(how: 'ask' | 'now'): void {
    this.#how = this.#how === 'now' ? 'now' : how;
  }

  /** Of a job that has a number. Without a connection the wish is kept, to be carried out on the next one. */
  async carryOut(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    const member = this.#member;
    const signal = this.#life;
    try {
      for (let how = this.#how ?? 'ask'; !member.over; how = 'now') {
        await this.#tell(how);
        member.worker.kick();
        await this.#wait(how);
      }
    } catch (error) {
      if (signal.aborted) return;
      const failure = AppError.from(error);
      if (member.worker.connection && failure.code !== 'connection-lost') {
        member.dispatch({ type: 'stop-failed', error: failure.serialize() });
        this.#how = null;
        member.worker.kick();
      }
    } finally {
      this.#running = false;
    }
  }

  async #tell(how: 'ask' | 'now'): Promise<void> {
    const { instance, jobId, worker } = this.#member;
    const job = { id: jobId ?? '', directory: instance.directory };
    await worker.run(async (live) => {
      await noteStop(live, instance.directory, this.#life);
      await worker.cancel(live, instance.launcher, job, how, this.#life);
    }, this.#life);
  }

  async #wait(how: 'ask' | 'now'): Promise<void> {
    const { clock } = this.#deps;
    const until = clock.now() + GRACE;
    while (!this.#member.over && clock.now() < until && !(how === 'ask' && this.#how === 'now')) {
      await clock.sleep(200, this.#life);
    }
  }
}
