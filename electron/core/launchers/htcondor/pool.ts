import type { LauncherInfo } from '../../../shared/clusters.ts';

type Pool = NonNullable<LauncherInfo['pool']>;

/** Lines of `uniq -c` over `TotalSlotCpus TotalSlotMemory TotalSlotGPUs Cpus State`; others are passed over. */
export function readPool(text: string): Pool {
  const pool: Pool = { machines: 0, cpusTotal: 0, cpusFree: 0, largest: { cpus: 0, memory: 0, gpus: 0 } };
  for (const line of text.split('\n')) {
    const match = /^\s*(\d+) ([\d.]+) ([\d.]+) ([\d.]+|undefined) ([\d.]+) (\w+)$/.exec(line);
    if (!match) continue;
    const [count = 0, cpus = 0, memory = 0, gpus = 0, free = 0] = match.slice(1, 6).map((word) => Number(word) || 0);
    pool.machines += count;
    pool.cpusTotal += count * cpus;
    if (match[6] === 'Unclaimed') pool.cpusFree += count * free;
    pool.largest = {
      cpus: Math.max(pool.largest.cpus, cpus),
      memory: Math.max(pool.largest.memory, memory),
      gpus: Math.max(pool.largest.gpus, gpus),
    };
  }
  return pool;
}

/** `group_physics, group_chemistry.lab` */
export const readGroups = (text: string): string[] => text.split(/[\s,]+/).filter((name) => /^[\w.-]+$/.test(name));
