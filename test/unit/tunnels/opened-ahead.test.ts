import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { AHEAD, channelsAhead, recentUses } from '../../../electron/core/tunnels/ahead-policy.ts';
import { OpenedAhead } from '../../../electron/core/tunnels/opened-ahead.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { ManualClock, settle } from '../gateway/manual-clock.ts';

function setUp() {
  const clock = new ManualClock();
  const opened: PassThrough[] = [];
  const far = { isSlow: false, error: null as AppError | null, release: () => undefined as unknown };
  const channels = new OpenedAhead(async () => {
    if (far.error) throw far.error;
    const stream = new PassThrough();
    opened.push(stream);
    if (far.isSlow) await new Promise((resolve) => Object.assign(far, { release: () => resolve(null) }));
    return stream;
  }, clock);
  const living = () => opened.filter((stream) => !stream.destroyed).length;
  return { clock, opened, far, channels, living };
}

describe('channels opened ahead', () => {
  it('are none after a single use, then as many as were used lately, at most six', () => {
    expect([0, 1, 2, 4, 50].map(channelsAhead)).toEqual([0, 0, 2, 4, AHEAD.most]);
    expect(recentUses([0, 5000, 9000], 12_000)).toEqual([5000, 9000]);
  });

  it('are given in the order in which they were opened', async () => {
    const { channels, opened, living } = setUp();
    await channels.take();
    await settle();
    expect(living()).toBe(1);
    await channels.take();
    await settle();
    expect(living()).toBe(4);
    expect(await channels.take()).toBe(opened[2]);
    expect(await channels.take()).toBe(opened[3]);
    channels.close();
  });

  it('are closed when nobody comes for them, and with their tunnel', async () => {
    const { channels, clock, living } = setUp();
    await channels.take();
    await channels.take();
    await settle();
    expect(living()).toBe(4);
    await clock.pass(AHEAD.idleMs + 1000);
    expect(living()).toBe(2);
    await channels.take();
    await channels.take();
    await settle();
    expect(living()).toBe(6);
    channels.close();
    await settle();
    expect(living()).toBe(4);
  });

  it('are given up for good where the other side speaks first', async () => {
    const { channels, opened, living } = setUp();
    await channels.take();
    await channels.take();
    await settle();
    opened[2]?.write('SSH-2.0-OpenSSH\r\n');
    await settle();
    expect(living()).toBe(2);
    await channels.take();
    await settle();
    expect(living()).toBe(3);
  });

  it('that the other side closed are not given', async () => {
    const { channels, opened } = setUp();
    await channels.take();
    await channels.take();
    await settle();
    opened[2]?.destroy();
    opened[3]?.end();
    await settle();
    const given = await channels.take();
    expect(opened.indexOf(given as PassThrough)).toBeGreaterThan(3);
    expect(given.destroyed).toBe(false);
    channels.close();
  });

  it('that could not be opened concern nobody, and are not tried again for a while', async () => {
    const { channels, far, opened, living } = setUp();
    await channels.take();
    far.error = new AppError('channel-refused', 'Too many.');
    await expect(channels.take()).rejects.toThrow('Too many.');
    far.error = null;
    await channels.take();
    await settle();
    expect(opened.length).toBe(2);
    expect(living()).toBe(2);
  });

  it('a channel that arrives after its user has gone is closed', async () => {
    const { channels, far, opened, living } = setUp();
    await channels.take();
    far.isSlow = true;
    const second = channels.take();
    await settle();
    const gone = new AbortController();
    const third = channels.take(gone.signal);
    gone.abort(new AppError('cancelled', 'Gone.'));
    await expect(third).rejects.toThrow('Gone.');
    expect(opened.length).toBeGreaterThan(2);
    channels.close();
    far.release();
    await settle();
    expect(living()).toBeLessThan(opened.length);
    void second.catch(() => undefined);
  });
});
