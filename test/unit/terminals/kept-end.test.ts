import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { CommandEnd } from '../../../electron/core/ssh/types.ts';
import { terminalStreams } from '../../../electron/core/terminals/streams.ts';
import type { Terminals } from '../../../electron/core/terminals/types.ts';

const kept = { id: 'aaaaaaaaaa', clusterId: 'hpc', node: 'login', title: 'hpc', startedAt: 0 };

/** What a viewer hears of the end of a kept terminal. */
async function endOf(end: CommandEnd): Promise<unknown> {
  const terminals: Pick<Terminals, 'attachKept'> = {
    attachKept: async () => ({
      ...{ stream: new PassThrough(), ended: Promise.resolve(end), resize: () => undefined },
      ...{ kept: { ...kept, running: null, isAttached: true }, closed: new AbortController().signal },
    }),
  };
  const streams = terminalStreams(terminals as Terminals);
  const input = { clusterId: 'hpc', id: kept.id, columns: 80, rows: 24, type: 'xterm' };
  return (await streams['terminals.attach'](input, new AbortController().signal)).closed;
}

test.each([138, 140])('the exit code %i of a shell is no sign that its terminal was left', async (code) => {
  expect(await endOf({ code, signal: null })).toEqual({ code, signal: null, left: null });
});

test.each([
  ['USR1', 'taken'],
  ['SIGUSR1', 'taken'],
  ['USR2', 'gone'],
])('a viewer that ends by %s was left: %s', async (signal, left) => {
  expect(await endOf({ code: null, signal })).toEqual({ code: null, signal: null, left });
});
