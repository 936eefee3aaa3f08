import { expect, test } from 'vitest';
import { WatchFrames } from '../../../electron/core/instances/watch/watch-frames.ts';

const part = 'x'.repeat(64 * 1024);

test.each([
  ['a line', `g1+${part}\n`],
  ['an answer', `g1:${part}\n`],
])('%s of one group without an end is not kept while another group goes on', (_what, line) => {
  const frames = new WatchFrames();
  frames.push(Buffer.from('hello 1 1 login1\ng1:id app\n'));
  const push = () => frames.push(Buffer.from(`${line}g2:tick 1\n`));
  expect(() => Array.from({ length: 100 }, push)).toThrow(expect.objectContaining({ code: 'command-failed' }));
});

test('a group that only ticks goes on for ever', () => {
  const frames = new WatchFrames();
  frames.push(Buffer.from('hello 1 1 login1\n'));
  const ticks = Buffer.from('g1:tick 1\n'.repeat(100_000));
  const found = Array.from({ length: 10 }, () => frames.push(ticks)).flat();
  expect([found.length, new Set(found.map(({ type }) => type))]).toEqual([1_000_000, new Set(['tick'])]);
});
