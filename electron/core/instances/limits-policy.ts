import type { ClusterFacts, Queue } from '../../shared/clusters.ts';
import { AppError } from '../../shared/errors.ts';
import type { Resources } from '../../shared/instances.ts';
import type { LauncherName } from '../../shared/kinds.ts';
import { checkSlurmOptions } from '../launchers/slurm/index.ts';

const MINUTE = 60;

/**
 * Refuses what the scheduler would refuse anyway, or would leave pending for ever, before anything is uploaded.
 * Unknown limits pass: the scheduler has the last word.
 * @param facts as detected, with the limits of the site's profile
 */
export function checkLimits(resources: Resources, launcher: LauncherName, facts: ClusterFacts | null): void {
  if (launcher === 'slurm') checkSlurmOptions(resources);
  const info = facts?.launchers.find((candidate) => candidate.name === launcher);
  if (!info) return;
  if (resources.qos !== '' && info.qos.length > 0 && !info.qos.includes(resources.qos)) {
    throw new AppError('account-invalid', `You may not use the quality of service ${resources.qos}.`, {
      hint: `Yours: ${info.qos.join(', ')}.`,
    });
  }
  if (info.queues.length === 0) return;
  const names = info.queues.map((queue) => queue.name);
  const queue = resources.queue
    ? info.queues.find((candidate) => candidate.name === resources.queue)
    : info.queues.find((candidate) => candidate.isDefault);
  if (resources.queue && !queue) {
    throw new AppError('queue-unknown', `There is no queue named ${resources.queue}.`, {
      hint: `Queues there: ${names.join(', ')}.`,
    });
  }
  if (queue) checkQueue(resources, queue, info.queues);
}

function checkQueue(resources: Resources, queue: Queue, all: readonly Queue[]): void {
  const seconds = resources.time === null ? null : resources.time * MINUTE;
  exceed(seconds, queue.maxSeconds, (limit) => ({
    message: `The time of ${minutes(seconds)} is over the limit of the queue ${queue.name}, ${minutes(limit)}.`,
    fits: (other) => other.maxSeconds === null || other.maxSeconds >= (seconds ?? 0),
  }));
  exceed(resources.memory, queue.memoryPerNode, (limit) => ({
    message: `The memory of ${resources.memory} MiB is more than a node of the queue ${queue.name} has, ${limit} MiB.`,
    fits: (other) => other.memoryPerNode === null || other.memoryPerNode >= (resources.memory ?? 0),
  }));
  exceed(resources.cpus, queue.cpusPerNode, (limit) => ({
    message: `${resources.cpus} CPUs are more than a node of the queue ${queue.name} has, ${limit}.`,
    fits: (other) => other.cpusPerNode === null || other.cpusPerNode >= (resources.cpus ?? 0),
  }));
  exceed(resources.nodes, queue.nodes, (limit) => ({
    message: `${resources.nodes} nodes are more than the queue ${queue.name} has, ${limit}.`,
    fits: (other) => other.nodes === null || other.nodes >= (resources.nodes ?? 0),
  }));
  exceed(resources.gpus, queue.gpusPerNode, (limit) => ({
    message: `${resources.gpus} GPUs are more than a node of the queue ${queue.name} has, ${limit}.`,
    fits: (other) => other.gpusPerNode === null || other.gpusPerNode >= (resources.gpus ?? 0),
  }));

  function exceed(
    asked: number | null,
    limit: number | null,
    words: (limit: number) => { message: string; fits: (other: Queue) => boolean },
  ): void {
    if (asked === null || limit === null || asked <= limit) return;
    const { message, fits } = words(limit);
    const others = all.filter((other) => other.name !== queue.name && fits(other)).map((other) => other.name);
    throw new AppError('limit-exceeded', message, {
      hint: others.length > 0 ? `Ask for less, or choose the queue ${others.join(' or ')}.` : 'Ask for less.',
    });
  }
}

function minutes(seconds: number | null): string {
  if (seconds === null) return 'none';
  const total = Math.round(seconds / MINUTE);
  if (total < 60) return `${total} min`;
  const rest = total % 60;
  return rest === 0 ? `${total / 60} h` : `${Math.floor(total / 60)} h ${rest} min`;
}
