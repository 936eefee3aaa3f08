import { describe, expect, it } from 'vitest';
import { clusterFactsSchema } from '../../../electron/shared/clusters.ts';
import { resourcesSchema } from '../../../electron/shared/instances.ts';
import type { Job } from '../../../electron/shared/jobs.ts';
import { changeDirective, raisedLimit } from '../../../electron/shared/raise-resources-policy.ts';
import { fixtureBatchJob, fixtureNative } from '../../helpers/fixtures/jobs.ts';

const queue = (name: string, maxSeconds: number | null, memoryPerNode: number | null) => ({
  ...{ name, isDefault: name === 'normal', state: 'UP', maxSeconds, defaultSeconds: 600, memoryPerNode },
  ...{ cpusPerNode: 8, gpusPerNode: 0, gpuTypes: [], nodes: 2, cpusTotal: 16, cpusFree: 16 },
});
const facts = clusterFactsSchema.parse({
  ...{ loginNode: 'l', home: '/home/ada', homeFree: null, homeTotal: null, readAt: 1 },
  launchers: [
    {
      name: 'slurm',
      version: '24.11',
      queues: [queue('normal', 3600, 3000), queue('endless', null, null)],
      accounts: [],
      qos: [],
    },
  ],
});

function failed(limit: 'memory' | 'time' | null, over: Partial<Job> = {}, where = 'normal'): Job {
  const native = fixtureNative({ limit, queue: where });
  return fixtureBatchJob({ id: 'a', name: 'a', native, ...over });
}
const asks = (resources: object) => ({ resources: resourcesSchema.parse(resources) });

describe('a job that ended at a limit', () => {
  it('has twice as much of it', () => {
    expect(raisedLimit(failed('memory', asks({ memory: 1000 })), facts)).toEqual({
      limit: 'memory',
      from: 1000,
      to: 2000,
    });
    expect(raisedLimit(failed('time', asks({ time: 20 })), facts)).toEqual({ limit: 'time', from: 20, to: 40 });
  });

  it('has no more than its queue allows', () => {
    expect(raisedLimit(failed('memory', asks({ memory: 2000 })), facts)?.to).toBe(3000);
    expect(raisedLimit(failed('memory', asks({ memory: 3000 })), facts)).toBeNull();
    expect(raisedLimit(failed('time', asks({ time: 45 })), facts)?.to).toBe(60);
    expect(raisedLimit(failed('time', asks({ time: 60 })), facts)).toBeNull();
  });

  it('has it also where no limit of the queue is known', () => {
    expect(raisedLimit(failed('time', asks({ time: 9000 }), 'endless'), facts)?.to).toBe(18_000);
    expect(raisedLimit(failed('memory', asks({ memory: 9000 })), null)?.to).toBe(18_000);
  });

  it('had what its script asks for, or what its queue gives', () => {
    const script = '#!/bin/sh\n#SBATCH --mem=500M -t 10\nrun\n';
    expect(raisedLimit(failed('memory', { ...asks({}), script }), facts)).toMatchObject({ from: 500, to: 1000 });
    expect(raisedLimit(failed('time', asks({})), facts)).toMatchObject({ from: 10, to: 20 });
    expect(raisedLimit(failed('memory', asks({})), facts)).toBeNull();
  });

  it('is none where it ended otherwise', () => {
    expect(raisedLimit(failed(null), facts)).toBeNull();
    expect(raisedLimit(failed('memory', { native: null }), facts)).toBeNull();
  });
});

it('changes the directive of a script, and adds none', () => {
  const script = '#!/bin/sh\n#SBATCH --mem=500M\nrun\n';
  expect(changeDirective(script, 'slurm', 'memory', 1000)).toMatch(/^#!\/bin\/sh\n#SBATCH --mem=1000M?\nrun\n$/);
  expect(changeDirective(script, 'slurm', 'time', 20)).toBe(script);
  expect(changeDirective(script, 'login', 'memory', 1000)).toBe(script);
});
