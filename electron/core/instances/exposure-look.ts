import { AppError } from '../../shared/errors.ts';
import type { Exposure } from '../../shared/instances.ts';
import { checkExposure } from '../exposure/check.ts';
import type { Member } from './member.ts';
import type { InstancesDeps } from './types.ts';

/** Who else can reach an instance: those who ask while it is looked at share one look. */
export class ExposureLook {
  readonly #member: Member;
  readonly #deps: InstancesDeps;
  readonly #life: AbortSignal;
  #running: Promise<Exposure> | null = null;

  constructor(member: Member, deps: InstancesDeps, life: AbortSignal) {
    this.#member = member;
    this.#deps = deps;
    this.#life = life;
  }

  /** Looks anew; `asked`: the user waits for it. @throws AppError `conflict` when the app is over */
  async look(asked: boolean): Promise<Exposure> {
    const { over, instance } = this.#member;
    if (over) throw new AppError('conflict', `${instance.title} has ended, so nobody can reach it.`);
    this.#running ??= this.#look(asked).finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** By itself: nobody waits for it, and the user can ask again. */
  lookUnasked(): void {
    this.look(false).catch((error: unknown) => {
      if (this.#life.aborted) return;
      this.#deps.logger.info('who can reach an app was not seen', {
        id: this.#member.id,
        error: AppError.from(error).message,
      });
    });
  }

  async #look(asked: boolean): Promise<Exposure> {
    const { clock, launchers, clusters } = this.#deps;
    const signal = this.#life;
    const forbidden = clusters(this.#member.clusterId)?.site?.forbiddenRoutes;
    const exposure = await this.#member.worker.run((connection) => {
      const { instance } = this.#member;
      const launcher = launchers[instance.launcher];
      return checkExposure({ instance, connection, launcher, clock, forbidden, asked, signal });
    }, signal);
    this.#member.dispatch({ type: 'exposure', exposure });
    return exposure;
  }
}
