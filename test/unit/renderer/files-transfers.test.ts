import { describe, expect, it } from 'vitest';
import { type Transfer, transferOptionsSchema } from '../../../electron/shared/transfers.ts';
import { transferFor } from '../../../renderer/features/files/start-transfer.ts';
import {
  describeProgress,
  labelOf,
  movesOf,
  nameOf,
  shareOf,
  summaryOf,
} from '../../../renderer/features/files/transfer-model.ts';
import { limitInBytes, limitInMegabytes } from '../../../renderer/features/files/transfer-options.ts';

const transfer = (over: Partial<Transfer> = {}): Transfer => ({
  id: 't',
  direction: 'upload',
  clusterId: 'hpc',
  toClusterId: null,
  sources: ['/home/ada/run.h5'],
  sourceCount: 1,
  destination: '/scratch/ada',
  options: transferOptionsSchema.parse({}),
  state: 'active',
  files: { total: 2, done: 1, failed: 0, skipped: 0 },
  bytes: { total: 100e6, done: 25e6 },
  speed: 10e6,
  remainingSeconds: 8,
  current: null,
  question: null,
  error: null,
  failures: [],
  createdAt: 0,
  endedAt: null,
  ...over,
});
const question = { count: 1, files: [] };

describe('a transfer in words', () => {
  it.each([
    [{}, 'Copying'],
    [{ state: 'queued' }, 'Queued'],
    [{ state: 'waiting', question }, 'Needs an answer'],
    [{ state: 'waiting' }, 'Waiting for connection'],
    [{ state: 'completed' }, 'Done'],
    [{ state: 'completed', files: { total: 3, done: 1, failed: 2, skipped: 0 } }, 'Done, 2 failed'],
    [{ state: 'completed', files: { total: 3, done: 1, failed: 0, skipped: 2 } }, 'Done, 2 skipped'],
    [{ state: 'canceled' }, 'Cancelled'],
  ] as [Partial<Transfer>, string][])('%j is %s', (over, label) => expect(labelOf(transfer(over))).toBe(label));
  it('says how far it is', () => {
    expect(describeProgress(transfer())).toBe('8.0 s left');
    expect(describeProgress(transfer({ state: 'paused' }))).toBe('25 MB of 100 MB');
    expect(describeProgress(transfer({ state: 'completed', bytes: { total: 5, done: 5 } }))).toBe('5 B');
    expect(shareOf(transfer())).toBe(0.25);
    expect(shareOf(transfer({ bytes: { total: 0, done: 0 } }))).toBe(0.5);
    expect(
      shareOf(transfer({ bytes: { total: 0, done: 0 }, files: { total: 0, done: 0, failed: 0, skipped: 0 } })),
    ).toBeNull();
    expect(nameOf(transfer({ sourceCount: 3 }))).toBe('run.h5 and 2 more');
    expect(summaryOf([transfer(), transfer({ state: 'waiting', speed: 0 })])).toBe('1 active, 1 waiting, 10 MB/s');
    expect(summaryOf([transfer({ state: 'failed' })])).toBe('All done');
  });
});

describe('which transfer copies files', () => {
  const here = { kind: 'local' } as const;
  const hpc = { kind: 'cluster', clusterId: 'hpc' } as const;
  const pool = { kind: 'cluster', clusterId: 'pool' } as const;
  it('is an upload, a download or a copy between clusters', () => {
    expect(transferFor(here, ['/C:/a'], { source: hpc, path: '/d' }, true)).toEqual({
      direction: 'upload',
      clusterId: 'hpc',
      sources: ['C:/a'],
      destination: '/d',
    });
    expect(transferFor(hpc, ['/a'], { source: here, path: '/d' }, false)).toMatchObject({
      direction: 'download',
      clusterId: 'hpc',
      destination: '/d',
    });
    expect(transferFor(hpc, ['/a'], { source: pool, path: '/d' }, false)).toMatchObject({
      direction: 'copy',
      clusterId: 'hpc',
      toClusterId: 'pool',
    });
    expect(transferFor(here, ['/a'], { source: here, path: '/d' }, false)).toBeNull();
  });
});

it('moves a transfer by one in the queue, without those that are over', () => {
  const ids = ['a', 'b', 'over', 'c'];
  const list = ids.map((id) => transfer({ id, state: id === 'over' ? 'completed' : 'queued' }));
  expect(movesOf(list, 'a')).toEqual({ up: null, down: { before: 'c' } });
  expect(movesOf(list, 'b')).toEqual({ up: { before: 'a' }, down: { before: null } });
  expect(movesOf(list, 'c')).toEqual({ up: { before: 'b' }, down: null });
  expect(movesOf(list, 'over')).toEqual({ up: null, down: null });
});

it.each([
  ['', 0],
  [0, 0],
  ['1.5', 1_500_000],
  [0.0000001, 1],
  ['-', 0],
])('a limit of %j MB a second is %i bytes', (typed, bytes) => expect(limitInBytes(typed)).toBe(bytes));

it('shows no limit as nothing', () => {
  expect([limitInMegabytes(0), limitInMegabytes(2_500_000)]).toEqual(['', 2.5]);
});
