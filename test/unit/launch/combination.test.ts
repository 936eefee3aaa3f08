import { describe, expect, it } from 'vitest';
import { listsOf, openProjects } from '../../../electron/core/launchers/gridengine/access.ts';
import { readQueues as readGridEngine } from '../../../electron/core/launchers/gridengine/site.ts';
import { withAccess } from '../../../electron/core/launchers/lsf/access.ts';
import { readQueues as readLsf } from '../../../electron/core/launchers/lsf/parse.ts';
import { readQueues as readPbs } from '../../../electron/core/launchers/pbs/parse.ts';
import { readAccess, readAssociations } from '../../../electron/core/launchers/slurm/access.ts';
import { readAccounts, readPartitions, readQos, readQueues } from '../../../electron/core/launchers/slurm/queues.ts';
import { clusterFactsSchema, type LauncherInfo, type Queue } from '../../../electron/shared/clusters.ts';
import {
  type Combination,
  combinationProblem,
  describeRefusal,
  offersFor,
  refusalOf,
} from '../../../electron/shared/combination-policy.ts';
import { resourcesSchema } from '../../../electron/shared/instances.ts';
import { fieldError } from '../../../electron/shared/launch-problems.ts';
import { resourceProblems } from '../../../electron/shared/launch-validation-policy.ts';
import * as printed from '../launchers/recorded/access.ts';
import { lsfQueues } from '../launchers/recorded/from-the-manual.ts';

const ada = { user: 'ada', groups: ['ada', 'lab'] };
const none: Combination = { account: '', queue: '', qos: '', gpuType: '', gpus: null };

function slurm(enforced = 'associations,limits,qos', associations = printed.slurmAssociations): LauncherInfo {
  const partitions = readPartitions(printed.slurmPartitions);
  return {
    name: 'slurm',
    version: '24.11',
    queues: readQueues(printed.sinfo, printed.slurmPartitions).map((queue) => ({
      ...queue,
      access: readAccess(partitions.get(queue.name) ?? new Map(), ada),
    })),
    accounts: readAccounts(associations),
    qos: readQos(associations),
    associations: readAssociations(associations, enforced),
  };
}

/** `gpu: does not go with account lab`, or the bare name where it can be chosen. */
const offered = (info: LauncherInfo, chosen: Partial<Combination>, field: 'account' | 'queue' | 'qos' | 'gpuType') => {
  const all = { ...none, ...chosen };
  return offersFor(info, all, field).map(({ value, refusal }) =>
    refusal ? `${value}: ${describeRefusal(refusal, all)}` : value,
  );
};

describe('what Slurm prints of accounts, queues and qualities of service', () => {
  it('offers every queue that is open to the user while nothing is chosen', () => {
    expect(offered(slurm(), {}, 'queue')).toEqual([
      'cpu',
      'debug',
      'gpu',
      'drained: is closed at present',
      'staff: is for other groups',
    ]);
  });

  it('leaves out a queue that does not take the account, and an account that the queue does not take', () => {
    expect(offered(slurm(), { account: 'lab' }, 'queue')).toContain('gpu: does not go with account lab');
    expect(offered(slurm(), { queue: 'gpu' }, 'account')).toEqual([
      'chem',
      'lab: does not go with queue gpu',
      'debugging: does not go with queue gpu',
    ]);
  });

  it('takes an association that is for one queue only for that queue', () => {
    expect(offered(slurm(), { account: 'debugging' }, 'queue')).toEqual([
      'debug',
      'cpu: does not go with account debugging',
      'drained: is closed at present',
      'gpu: does not go with account debugging',
      'staff: is for other groups',
    ]);
  });

  it('offers the qualities of service of the account that the queue takes too', () => {
    expect(offered(slurm(), { account: 'chem' }, 'qos')).toEqual(['normal', 'high']);
    expect(offered(slurm(), { account: 'lab' }, 'qos')).toEqual(['normal', 'high: does not go with account lab']);
    expect(offered(slurm(), { queue: 'debug' }, 'qos')).toEqual(['normal', 'high: does not go with queue debug']);
  });

  it('says both where a value goes with each of two choices and not with both', () => {
    const info = slurm('all', 'lab|cpu|high|\nchem|gpu|high|\nchem||normal|');
    expect(refusalOf(info, { ...none, queue: 'cpu', account: 'chem' }, 'qos', 'high')).toEqual({
      kind: 'with',
      fields: ['account', 'queue'],
    });
  });

  it('does not look at associations where Slurm does not', () => {
    expect(readAssociations(printed.slurmAssociations, 'none')).toBeUndefined();
    expect(readAssociations(printed.slurmAssociations, 'associations,limits')?.[0]).toMatchObject({ qos: null });
    expect(offered(slurm('none'), { account: 'debugging' }, 'queue').slice(0, 2)).toEqual(['cpu', 'debug']);
  });

  it('offers the kinds of GPU of the chosen queue, and no queue without GPUs for a job that has some', () => {
    expect(offered(slurm(), { queue: 'cpu' }, 'gpuType')).toEqual(['a100: does not go with queue cpu']);
    expect(offered(slurm(), { gpus: 1 }, 'queue').slice(0, 2)).toEqual(['gpu', 'cpu: has no GPUs']);
  });

  it('refuses what is asked for beside it, also for the account that is used when none is named', () => {
    const problem = combinationProblem(slurm(), { ...none, queue: 'gpu' });
    expect(problem).toMatchObject({ field: 'queue', possible: ['cpu', 'debug'] });
    expect(problem && fieldError({ code: 'combination-refused', field: 'queue', values: problem }).message).toBe(
      'Queue gpu does not go with account lab. Choose cpu or debug.',
    );
    expect(combinationProblem(slurm(), { ...none, queue: 'gpu', account: 'chem' })).toBeNull();
  });

  it('takes a queue that was closed when its cluster was looked at, as it may be open again', () => {
    expect(combinationProblem(slurm(), { ...none, queue: 'drained' })).toBeNull();
    expect(combinationProblem(slurm(), { ...none, queue: 'drained', qos: 'high', account: 'chem' })).toBeNull();
    expect(combinationProblem(slurm(), { ...none, queue: 'staff' })).toMatchObject({ refusal: { kind: 'group' } });
  });

  it('knows no account where an option may name one', () => {
    const read = { loginNode: 'login', home: '/home/ada', homeFree: null, homeTotal: null, readAt: 0 };
    const facts = clusterFactsSchema.parse({ ...read, launchers: [slurm()] });
    const ask = (options: string[]) =>
      resourceProblems({
        resources: { ...resourcesSchema.parse({}), queue: 'gpu', options },
        recipe: { title: '', args: [], resources: {}, serves: false },
        args: {},
        launcher: 'slurm',
        target: { name: 'hpc', facts },
      }).map(({ code }) => code);
    expect(ask([])).toEqual(['combination-refused']);
    expect(ask(['--account=chem'])).toEqual([]);
  });

  it('lets an account pass that is not listed, as nothing is known of it', () => {
    expect(combinationProblem(slurm(), { ...none, account: 'typed', queue: 'cpu' })).toBeNull();
    expect(combinationProblem(slurm(), { ...none, account: 'typed', queue: 'gpu' })).not.toBeNull();
  });

  it('reads lists of what is denied', () => {
    const [fields] = readPartitions('PartitionName=x AllowAccounts=ALL DenyAccounts=guest,old DenyQos=high').values();
    expect(readAccess(fields ?? new Map(), ada)).toEqual({
      accounts: { only: null, not: ['guest', 'old'] },
      qos: { only: null, not: ['high'] },
      refusedAs: null,
    });
  });
});

const refusals = (queues: readonly Queue[]) =>
  Object.fromEntries(queues.map(({ name, access }) => [name, access?.refusedAs]));

describe('the lists of the others', () => {
  it('reads user lists and projects of Grid Engine', () => {
    const lists = listsOf(printed.gridEngineLists, ada);
    expect([...lists]).toEqual(['physics', 'labusers']);
    const queues = readGridEngine(printed.gridEngineQueues, '', false, lists);
    expect(refusals(queues)).toEqual({ 'all.q': null, 'bio.q': 'user', 'lab.q': null, 'nophysics.q': 'user' });
    const info = { name: 'gridengine' as const, version: '', queues, accounts: ['p1', 'p2'], qos: [] };
    expect(offered(info, { account: 'p2' }, 'queue')).toContain('lab.q: does not go with account p2');
    expect(openProjects(['p1', 'p2'], printed.gridEngineProjects, lists)).toEqual(['p1']);
  });

  it('reads access lists of PBS', () => {
    expect(refusals(readPbs(printed.pbsQueues, '', '', ada))).toEqual({
      workq: null,
      ben: 'user',
      ada: null,
      biology: 'group',
      either: null,
      behind: 'closed',
      off: 'closed',
    });
    expect(refusals(readPbs(printed.pbsQueues, '', '', { user: 'ada', groups: [] })).biology).toBeNull();
  });

  it('asks LSF itself which queues are open', () => {
    const queues = readLsf(lsfQueues, '');
    expect(refusals(withAccess(queues, lsfQueues, printed.lsfOpen))).toEqual({ normal: null, short: 'user' });
    expect(refusals(withAccess(queues, lsfQueues, ''))).toEqual({ normal: undefined, short: undefined });
    const closed = lsfQueues.replace('Open:Active', 'Closed:Active');
    expect(refusals(withAccess(queues, closed, ''))).toMatchObject({ normal: 'closed' });
  });
});
