import { describe, expect, it } from 'vitest';
import { ChannelQueue } from '../../../electron/core/ssh/client/channel-queue.ts';
import { hasFreeSlot } from '../../../electron/core/ssh/shells/session-slots-policy.ts';

describe('commands that stay open', () => {
  it.each([
    [1, 0],
    [2, 1],
    [3, 2],
    [4, 2],
    [6, 4],
  ])('of %i sessions take at most %i, all of them on a connection of their own', (limit, most) => {
    const fits = (companion: boolean) =>
      [0, 1, 2, 3, 4, 5, 6, 7].filter((staying) => hasFreeSlot(limit, { staying, transfers: 0 }, companion));
    expect(fits(false).length).toBe(most);
    expect(fits(true).length).toBe(limit);
  });

  it('leave a session free beside a file that is copied, where there are few', () => {
    const fits = (limit: number, staying: number) => hasFreeSlot(limit, { staying, transfers: 1 }, false);
    expect([fits(2, 0), fits(3, 0), fits(3, 1), fits(6, 3), fits(6, 4)]).toEqual([false, true, false, true, false]);
  });

  it('know how many sessions the server was seen to hold', async () => {
    const queue = new ChannelQueue();
    const leave = await queue.enter(new AbortController().signal);
    expect(queue.proven).toBe(0);
    queue.accepted();
    const leaveToo = queue.tryEnter();
    expect([queue.open, queue.proven]).toEqual([2, 1]);
    queue.refused();
    expect(queue.limit).toBe(1);
    expect(queue.tryEnter()).toBeNull();
    leaveToo?.();
    leave();
    expect(queue.open).toBe(0);
  });
});
