import { describe, expect, test } from 'vitest';
import { judgeCluster, judgeFailure, judgeSignIn } from '../../../cli/doctor/judge-cluster.ts';
import {
  type ComputerReading,
  type EngineReading,
  judgeComputer,
  judgeEngine,
  judgeEngineFailure,
} from '../../../cli/doctor/judge-computer.ts';
import { clusterFactsSchema } from '../../../electron/shared/clusters.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import type { FileSpace } from '../../../electron/shared/files.ts';
import { fixtureCluster } from '../../helpers/fixtures/parts.ts';

const reading: ComputerReading & EngineReading = {
  versions: { tunel: '1.0.0', engine: '1.0.0', host: 'app', node: '20.20.2' },
  data: { directory: '/home/ada/.config/Tunel', mode: 0o700, freeBytes: 50e9 },
  system: { keychain: 'system', keychainProblem: null, keychainReason: '', notices: [] },
  ssh: 'OpenSSH_9.2p1',
  agentKeys: 2,
  recipeProblems: [],
};
const bad = (change: Partial<ComputerReading & EngineReading>) => {
  const changed = { ...reading, ...change };
  return [...judgeComputer(changed), ...judgeEngine(changed)].filter(({ result }) => result !== 'ok');
};

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
    const missing = { ...system, keychainProblem: 'service-missing' as const };
    expect(bad({ system: missing })).toMatchObject([{ hint: expect.stringContaining('gnome-keyring') }]);
  });

  test('without an engine still has what can be looked at, and why there is none', () => {
    const error = new AppError('version-mismatch', 'The engine is of another version.');
    expect(judgeEngineFailure(error)).toMatchObject({ result: 'failed', hint: 'See its log: tunel engine log' });
    expect(judgeComputer(reading).map(({ check }) => check)).toEqual(['data directory', 'ssh', 'ssh agent']);
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
  const hpc = fixtureCluster({ id: 'hpc', name: 'hpc' });
  const found = (change: object, space: FileSpace | null = null) =>
    judgeCluster({ ...facts, ...change }, hpc, space).filter(({ result }) => result !== 'ok');

  test('says where its home is full and where it has no scheduler', () => {
    expect(found({ homeFree: 1e9 })).toMatchObject([
      { check: 'home', text: expect.stringContaining('1.0 of 100.0 GB') },
    ]);
    expect(found({ homeFree: null })).toEqual([]);
    expect(found({ launchers: [] })).toMatchObject([{ check: 'scheduler', result: 'warning' }]);
  });

  test('says where its quota is used up, of bytes or of files', () => {
    const space = { total: null, free: null, filesTotal: null, filesFree: null };
    const quota = { bytes: 9.8e9, bytesLimit: 10e9, files: 10, filesLimit: 1000 };
    expect(found({}, { ...space, quota })).toMatchObject([
      { check: 'home', text: '/home/ada, 9.8 GB of your 10.0 GB' },
    ]);
    const files = { bytes: 1, bytesLimit: null, files: 999, filesLimit: 1000 };
    expect(found({}, { ...space, quota: files })).toMatchObject([{ text: '/home/ada, 999 of your 1000 files' }]);
    expect(found({}, { ...space, quota: { ...quota, bytes: 1 } })).toEqual([]);
  });

  test('says where it is slow', () => {
    const slow = { ...hpc, connection: { ...hpc.connection, roundTrip: 450 } };
    expect(judgeCluster(facts, slow, null)[0]).toMatchObject({
      result: 'warning',
      hint: expect.stringContaining('VPN'),
    });
  });

  test('says what its sign-in lacks here', () => {
    const cluster = { name: 'hpc', transport: 'openssh' as const };
    const keys = [
      { file: '~/.ssh/gone', exists: false, mode: null },
      { file: '~/.ssh/open', exists: true, mode: 0o644 },
      { file: '~/.ssh/agent.pub', exists: true, mode: 0o644 },
      { file: '~/.ssh/good', exists: true, mode: 0o600 },
    ];
    expect(judgeSignIn(cluster, keys, false)).toMatchObject([
      { check: 'key', result: 'failed', text: '~/.ssh/gone is not there' },
      { check: 'key', result: 'warning', hint: 'Close it: chmod 600 ~/.ssh/open' },
      { check: 'transport', result: 'failed' },
    ]);
    expect(judgeSignIn({ ...cluster, transport: 'ssh2' }, keys.slice(3), false)).toEqual([]);
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
    const action = { kind: 'copy-command' as const, text: 'ssh-keygen -R x' };
    expect(judgeFailure('hpc', new AppError('host-key-changed', 'Changed.', { action })).hint).toBe(
      'Run: ssh-keygen -R x',
    );
  });
});
