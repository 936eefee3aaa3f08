import { describe, expect, test } from 'vitest';
import { type ComputerReading, judgeCluster, judgeComputer, judgeFailure } from '../../../cli/doctor/findings.ts';
import { clusterFactsSchema } from '../../../electron/shared/clusters.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { fixtureCluster } from '../../helpers/fixtures/parts.ts';

const reading: ComputerReading = {
  versions: { tunel: '1.0.0', engine: '1.0.0', host: 'app', node: '20.20.2' },
  data: { directory: '/home/ada/.config/Tunel', mode: 0o700, freeBytes: 50e9 },
  system: { keychain: 'system', keychainProblem: null, keychainReason: '', notices: [] },
  ssh: 'OpenSSH_9.2p1',
  agentKeys: 2,
  recipeProblems: [],
};
const bad = (change: Partial<ComputerReading>) =>
  judgeComputer({ ...reading, ...change }).filter(({ result }) => result !== 'ok');

describe('this computer', () => {
  test('is well', () => {
    expect(bad({})).toEqual([]);
    // Without an agent keys are read from files, which is no problem.
    expect(bad({ agentKeys: null })).toEqual([]);
    expect(bad({ data: { ...reading.data, mode: null } })).toEqual([]);
  });

  test('has each problem with what to do', () => {
    expect(bad({ data: { ...reading.data, mode: 0o755 } })).toMatchObject([
      { check: 'data directory', hint: 'Close it for others: chmod 700 /home/ada/.config/Tunel' },
    ]);
    expect(bad({ data: { ...reading.data, freeBytes: 1e6 } })).toMatchObject([{ hint: 'Free space on that disk.' }]);
    expect(bad({ ssh: null })).toMatchObject([{ check: 'ssh', hint: expect.stringContaining('Install OpenSSH') }]);
    expect(bad({ recipeProblems: ['jupyter'] })).toMatchObject([{ text: '1 cannot be read: jupyter' }]);
    const system = { ...reading.system, keychain: 'memory' as const, keychainReason: 'no service' };
    expect(bad({ system })).toMatchObject([{ check: 'keychain', text: expect.stringContaining('no service') }]);
  });
});

describe('a cluster', () => {
  const facts = clusterFactsSchema.parse({
    loginNode: 'login1',
    home: '/home/ada',
    homeFree: 50e9,
    homeTotal: 100e9,
    launchers: [{ name: 'slurm', version: '24.05', queues: [], accounts: [], ownsPty: false, problems: [] }],
    readAt: 0,
  });
  const found = (change: object) =>
    judgeCluster({ ...facts, ...change }, fixtureCluster({ id: 'hpc', name: 'hpc' })).filter(
      ({ result }) => result !== 'ok',
    );

  test('says where its home is full and where it has no scheduler', () => {
    expect(found({ homeFree: 1e9 })).toMatchObject([
      { check: 'home', text: expect.stringContaining('1.0 of 100.0 GB') },
    ]);
    expect(found({ homeFree: null })).toEqual([]);
    expect(found({ launchers: [] })).toMatchObject([{ check: 'scheduler', result: 'warning' }]);
  });

  test('that cannot be reached has the error and its remedy', () => {
    const error = new AppError('connection-refused', 'hpc refused the connection.', {
      hint: 'Ask its administrators.',
    });
    expect(judgeFailure('hpc', error)).toMatchObject({
      result: 'failed',
      text: 'hpc refused the connection.',
      hint: 'Ask its administrators.',
    });
  });
});
