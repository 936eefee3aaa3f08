import { AppError } from '../../shared/errors.ts';
import type { Clock, Logger } from '../deps.ts';
import type { Connection } from '../ssh/types.ts';
import { observe } from './directory.ts';
import type { Observation } from './observation.ts';
import { unansweredLookDelay } from './poll-policy.ts';
import { byGroup, folderOf } from './watch/watch-groups-policy.ts';

interface LookSubject {
  id: string;
  directory: string;
  jobId: string | null;
  isLogWanted: boolean;
  logOffset: number;
  isJobUnwritten: boolean;
}

interface CommandLooksPorts {
  clusterId: string;
  clock: Clock;
  logger: Logger;
}

/**
 * Looks at directories by a command for each folder, where there is no watch. One that was not answered is not soon repeated:
 * its process may still be there, in a file system that hangs.
 */
export class CommandLooks {
  readonly #ports: CommandLooksPorts;
  readonly #unanswered = new Map<string, { count: number; notBefore: number }>();

  constructor(ports: CommandLooksPorts) {
    this.#ports = ports;
  }

  /** What was seen; what did not answer is missing. */
  async look(
    connection: Connection,
    watched: readonly LookSubject[],
    signal: AbortSignal,
  ): Promise<Map<string, Observation>> {
    const now = this.#ports.clock.now();
    const folders = [...byGroup(watched, ({ directory }) => folderOf(directory))];
    const due = folders.filter(([folder]) => now >= (this.#unanswered.get(folder)?.notBefore ?? 0));
    const seen = await Promise.all(due.map(([folder, there]) => this.#lookIn(folder, connection, there, signal)));
    return new Map(seen.flatMap((found) => [...found]));
  }

  async #lookIn(
    folder: string,
    connection: Connection,
    watched: readonly LookSubject[],
    signal: AbortSignal,
  ): Promise<Map<string, Observation>> {
    const looks = watched.map(({ id, directory, jobId, isLogWanted, logOffset, isJobUnwritten }) => ({
      id,
      directory,
      logFrom: isLogWanted ? logOffset : null,
      job: isJobUnwritten ? jobId : null,
    }));
    try {
      const seen = await observe(connection, looks, signal);
      this.#unanswered.delete(folder);
      return seen;
    } catch (thrown) {
      if (!signal.aborted) this.#onFailure(folder, AppError.from(thrown));
      return new Map();
    }
  }

  #onFailure(folder: string, { code, message }: AppError): void {
    const { clock, clusterId, logger } = this.#ports;
    logger.warn('the directories could not be read', { cluster: clusterId, error: message });
    if (code !== 'timeout') return;
    const count = (this.#unanswered.get(folder)?.count ?? 0) + 1;
    this.#unanswered.set(folder, { count, notBefore: clock.now() + unansweredLookDelay(count) });
  }
}
