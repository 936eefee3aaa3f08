import { isOver } from '../../shared/instance-policy.ts';
import type { JobTask } from '../../shared/jobs.ts';
import { describeTasks } from './job-tasks-policy.ts';
import type { JobsDeps } from './types.ts';

/** Milliseconds for which an answer of the scheduler is good for the pages of one list. */
const FRESH = 5000;
/** As many jobs that are over are remembered with their tasks. */
const KEPT = 20;

interface Answer {
  tasks: readonly JobTask[];
  at: number;
  isFinal: boolean;
}

/** The tasks of job arrays. A scheduler is asked once for all pages; of a job that is over, once. */
export class JobTasks {
  readonly #deps: Pick<JobsDeps, 'instances' | 'clock'>;
  readonly #answers = new Map<string, Answer>();

  constructor(deps: Pick<JobsDeps, 'instances' | 'clock'>) {
    this.#deps = deps;
  }

  /** By their numbers; none: no array. @throws AppError as `Instances.tasks`, `limit-exceeded` */
  async list(id: string, signal: AbortSignal): Promise<readonly JobTask[]> {
    const { instances, clock } = this.#deps;
    const answer = this.#answers.get(id);
    if (answer && (answer.isFinal || clock.now() - answer.at < FRESH)) return answer.tasks;
    const isFinal = isOver(instances.get(id).state);
    const tasks = describeTasks(await instances.tasks(id, signal));
    this.#remember(id, { tasks, at: clock.now(), isFinal });
    return tasks;
  }

  #remember(id: string, answer: Answer): void {
    this.#answers.delete(id);
    this.#answers.set(id, answer);
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= KEPT) break;
      this.#answers.delete(oldest);
    }
  }
}
