import { describe, expect, test } from 'vitest';
import { LEAST_WINDOW, ReceiveWindow } from '../../../electron/core/ssh/client/receive-window.ts';

const MIB = 1024 * 1024;

/** A sender at `rate` bytes a ms over a distance, limited by the window only; the reader takes all at once. */
function run(window: ReceiveWindow, { rate, roundTripMs, ms }: { rate: number; roundTripMs: number; ms: number }) {
  let allowed = LEAST_WINDOW;
  let open = LEAST_WINDOW;
  const credits: { at: number; bytes: number }[] = [];
  const arriving: { at: number; bytes: number }[] = [];
  let received = 0;
  for (let now = 0; now < ms; now += 1) {
    while (credits[0] && credits[0].at <= now) allowed += credits.shift()?.bytes ?? 0;
    const sent = Math.min(rate, allowed);
    allowed -= sent;
    arriving.push({ at: now + roundTripMs / 2, bytes: sent });
    while (arriving[0] && arriving[0].at <= now) {
      const bytes = arriving.shift()?.bytes ?? 0;
      received += bytes;
      open -= bytes;
      if (bytes === 0) continue;
      const credit = window.take(bytes, open, now, roundTripMs);
      open += credit;
      if (credit > 0) credits.push({ at: now + roundTripMs / 2, bytes: credit });
    }
  }
  return { received, size: window.size };
}

describe('the receive window', () => {
  test('stays as small as ssh2 opens it where nothing is far', () => {
    expect(run(new ReceiveWindow(), { rate: 500_000, roundTripMs: 1, ms: 500 }).size).toBe(LEAST_WINDOW);
  });

  test('does not take a busy reader that catches up for a far sender', () => {
    const window = new ReceiveWindow();
    for (let now = 0; now < 2000; now += 20) {
      for (let part = 0; part < 64; part += 1) window.take(LEAST_WINDOW / 64, 0, now + part / 16, 3);
    }
    expect(window.size).toBe(LEAST_WINDOW);
  });

  test('grows until a far sender is never kept waiting', () => {
    const rate = 200_000;
    const { received, size } = run(new ReceiveWindow(), { rate, roundTripMs: 80, ms: 2000 });
    expect(received).toBeGreaterThan(0.75 * rate * 2000);
    expect(size).toBeGreaterThan(rate * 80);
  });

  test('follows the rate instead of growing for ever', () => {
    const rate = 100_000;
    const { size } = run(new ReceiveWindow(), { rate, roundTripMs: 80, ms: 20_000 });
    expect(size).toBeLessThan(3 * rate * 80);
  });

  test('never exceeds what a channel may keep', () => {
    const { size } = run(new ReceiveWindow(), { rate: 4_000_000, roundTripMs: 200, ms: 5000 });
    expect(size).toBe(62 * MIB);
  });

  test('does not take a pause for a slow reader, nor a first byte for a rate', () => {
    const window = new ReceiveWindow();
    window.take(1000, LEAST_WINDOW, 0, 1);
    window.take(1000, LEAST_WINDOW, 10_000, 1);
    expect(window.size).toBe(LEAST_WINDOW);
  });

  test.each([
    [1, LEAST_WINDOW],
    [80, 8_000_000],
    [1000, 16 * MIB],
  ])('begins over %i ms with %i bytes, which a link of 100 MB/s has under way', (roundTripMs, size) => {
    const window = new ReceiveWindow();
    const open = LEAST_WINDOW - 1000;
    expect(window.take(1000, open, 0, roundTripMs)).toBe(size === LEAST_WINDOW ? 0 : size - open);
    expect(window.size).toBe(size);
  });

  test('lets a far sender go on from its first byte', () => {
    const rate = 100_000;
    const { received } = run(new ReceiveWindow(), { rate, roundTripMs: 80, ms: 500 });
    // One round trip for what was granted at the opening, half of one until the first byte is here.
    expect(received).toBeGreaterThan(0.7 * rate * 500);
  });

  test('gives no credit for a few bytes, and does not grow before the distance is known', () => {
    const window = new ReceiveWindow();
    expect(window.take(1000, LEAST_WINDOW - 1000, 0, null)).toBe(0);
    expect(window.take(MIB, MIB, 1, null)).toBe(MIB);
    expect(window.size).toBe(LEAST_WINDOW);
  });
});
