import { AppError } from '../../shared/errors.ts';
import type { Exposure, Instance } from '../../shared/instances.ts';
import { message } from '../../shared/messages.ts';
import type { Clock, Logger } from '../deps.ts';
import { type CheckInput, checkExposure } from '../exposure/check.ts';
import type { Connection } from '../ssh/types.ts';

interface ExposureCheckerPorts {
  instance(): Instance;
  isOver(): boolean;
  run<T>(work: (connection: Connection) => Promise<T>, signal: AbortSignal): Promise<T>;
  launcher(): CheckInput['launcher'];
  forbiddenRoutes(): CheckInput['forbidden'];
  found(exposure: Exposure): void;
  clock: Clock;
  logger: Logger;
  life: AbortSignal;
}

/** Who besides the user can reach one instance: those who ask during a check share it. */
export class ExposureChecker {
  readonly #ports: ExposureCheckerPorts;
  #running: Promise<Exposure> | null = null;

  constructor(ports: ExposureCheckerPorts) {
    this.#ports = ports;
  }

  /** `asked`: the user waits for it. @throws AppError `conflict` when the app is over */
  async check(asked: boolean): Promise<Exposure> {
    if (this.#ports.isOver()) {
      throw new AppError(
        'conflict',
        message`${{ title: this.#ports.instance().title }} has ended, so nobody can reach it.`,
      );
    }
    this.#running ??= this.#check(asked).finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Nobody waits for it, and the user can ask again, so a failure is only logged. */
  checkInBackground(): void {
    this.check(false).catch((error: unknown) => {
      if (this.#ports.life.aborted) return;
      this.#ports.logger.info('the exposure of an app was not checked', {
        id: this.#ports.instance().id,
        error: AppError.from(error).message,
      });
    });
  }

  async #check(asked: boolean): Promise<Exposure> {
    const { clock, forbiddenRoutes, instance, launcher, life: signal, run } = this.#ports;
    const exposure = await run((connection) => {
      const target = { instance: instance(), connection, launcher: launcher(), clock };
      return checkExposure({ ...target, forbidden: forbiddenRoutes(), asked, signal });
    }, signal);
    this.#ports.found(exposure);
    return exposure;
  }
}
