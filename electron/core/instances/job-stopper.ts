import { AppError } from '../../shared/errors.ts';
import type { Clock } from '../deps.ts';
import type { JobHandle } from '../launchers/common/launcher.ts';
import type { Connection } from '../ssh/types.ts';
import { noteStop } from './directory.ts';

/** How long an app that is asked to end has for it. */
const GRACE = 10_000;

export type StopMode = 'ask' | 'now';

interface JobStopperPorts {
  isOver(): boolean;
  isConnected(): boolean;
  run<T>(work: (connection: Connection) => Promise<T>, signal: AbortSignal): Promise<T>;
  cancel(connection: Connection, job: JobHandle, how: StopMode, signal: AbortSignal): Promise<void>;
  /** The cluster was asked to end the job: its state is worth reading now. */
  requestSent(): void;
  /** The cluster could not be asked, and trying again would not help. */
  failed(error: AppError): void;
  clock: Clock;
  life: AbortSignal;
}

/** The user's request that an instance ends: asks the job, waits, insists. The end itself is seen by who watches it. */
export class JobStopper {
  readonly #ports: JobStopperPorts;
  #requested: StopMode | null;
  #isRunning = false;

  constructor(ports: JobStopperPorts, isRequested: boolean) {
    this.#ports = ports;
    this.#requested = isRequested ? 'ask' : null;
  }

  get isRequested(): boolean {
    return this.#requested !== null;
  }

  request(how: StopMode): void {
    this.#requested = this.#requested === 'now' ? 'now' : how;
  }

  /** Without a connection the request is kept, to be carried out on the next one. */
  async carryOut(job: JobHandle): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    const { failed, isConnected, isOver, life, requestSent } = this.#ports;
    try {
      for (let how = this.#requested ?? 'ask'; !isOver(); how = 'now') {
        await this.#send(job, how);
        requestSent();
        await this.#wait(how);
      }
    } catch (error) {
      if (life.aborted) return;
      const failure = AppError.from(error);
      if (isConnected() && failure.code !== 'connection-lost') {
        this.#requested = null;
        failed(failure);
      }
    } finally {
      this.#isRunning = false;
    }
  }

  async #send(job: JobHandle, how: StopMode): Promise<void> {
    const { cancel, life, run } = this.#ports;
    await run(async (connection) => {
      await noteStop(connection, job.directory, life);
      await cancel(connection, job, how, life);
    }, life);
  }

  async #wait(how: StopMode): Promise<void> {
    const { clock, isOver, life } = this.#ports;
    const until = clock.now() + GRACE;
    while (!isOver() && clock.now() < until && !(how === 'ask' && this.#requested === 'now')) {
      await clock.sleep(200, life);
    }
  }
}
