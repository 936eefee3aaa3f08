import { expect, test } from 'vitest';
import { endOf } from '../../../cli/find-in-state.ts';
import { describeTransferProgress, followTransfer } from '../../../cli/follow-transfer.ts';
import type { RequestOutput } from '../../../electron/shared/contract/index.ts';
import { type EngineState, emptyEngineState } from '../../../electron/shared/state.ts';
import { isTransferOver, type Transfer, transferOptionsSchema } from '../../../electron/shared/transfers.ts';

const transfer = (over: Partial<Transfer>): Transfer => ({
  id: 't1',
  direction: 'upload',
  clusterId: 'hpc',
  toClusterId: null,
  sources: ['/a'],
  sourceCount: 1,
  destination: 'b',
  options: transferOptionsSchema.parse({}),
  state: 'active',
  files: { total: 4, done: 1, failed: 0, skipped: 0 },
  bytes: { total: 4096, done: 1024 },
  speed: 512,
  remainingSeconds: 6,
  current: null,
  question: null,
  error: null,
  failures: [],
  createdAt: 0,
  endedAt: null,
  ...over,
});

test('a transfer says how far it is', () => {
  expect(describeTransferProgress(transfer({}))).toBe(
    '1 of 4 files  [######                  ]  25 %  512 B/s  0:06 left',
  );
  expect(describeTransferProgress(transfer({ state: 'queued' }))).toBe('queued, 1 of 4 files');
  const begins = transfer({ bytes: { total: 0, done: 0 }, speed: 0, remainingSeconds: null });
  expect(describeTransferProgress(begins)).toContain('0 %');
});

test('what is not listed yet is not over', () => {
  const look = endOf(({ transfers }) => transfers[0], isTransferOver);
  const state = (...transfers: Transfer[]): EngineState => ({ ...emptyEngineState, transfers });
  expect(look(state())).toBeNull();
  expect(look(state(transfer({})))).toBeNull();
  expect(look(state(transfer({ state: 'completed' })))).toBe(true);
  expect(look(state())).toBe(true);
});

/** A session whose transfer ends as given. */
function sessionOf(end: Transfer) {
  const state: EngineState = { ...emptyEngineState, transfers: [end] };
  const session = {
    interrupted: new AbortController().signal,
    state: () => state,
    refresh: async () => {},
    onChange: () => () => undefined,
    until: async (look: (state: EngineState) => unknown) => look(state),
    request: async (): Promise<RequestOutput<'transfers.get'>> => end,
  };
  return session as never;
}

test('its end is a success only where every file was copied', async () => {
  const done = transfer({ state: 'completed', files: { total: 4, done: 4, failed: 0, skipped: 0 } });
  expect(await followTransfer(sessionOf(done), 't1')).toBe(done);
  const some = transfer({ state: 'completed', files: { total: 4, done: 3, failed: 1, skipped: 0 } });
  await expect(followTransfer(sessionOf(some), 't1')).rejects.toMatchObject({
    message: '1 of 4 files were not copied.',
    hint: 'Try again with: tunel transfers retry t1',
  });
  const canceled = transfer({ state: 'canceled' });
  await expect(followTransfer(sessionOf(canceled), 't1')).rejects.toMatchObject({ code: 'cancelled' });
  const failed = transfer({ state: 'failed', error: { code: 'no-space', message: 'The disk is full.' } });
  await expect(followTransfer(sessionOf(failed), 't1')).rejects.toMatchObject({ code: 'no-space' });
});
