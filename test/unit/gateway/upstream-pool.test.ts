import { setMaxListeners } from 'node:events';
import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { mayOpenMore, POOL, staleForSending } from '../../../electron/core/gateway/pool-policy.ts';
import { UpstreamPool } from '../../../electron/core/gateway/upstream-pool.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { ManualClock, settle } from './manual-clock.ts';

const never = new AbortController().signal;
setMaxListeners(0, never);

function setUp() {
  const clock = new ManualClock();
  const opened: Duplex[] = [];
  const far = { error: null as AppError | null, limit: Number.POSITIVE_INFINITY };
  const pool = new UpstreamPool(async () => {
    if (far.error) throw far.error;
    if (opened.filter((stream) => !stream.destroyed).length >= far.limit)
      throw new AppError('channel-refused', 'Too many.');
    const stream = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
    opened.push(stream);
    return stream;
  }, clock);
  const living = (): number => opened.filter((stream) => !stream.destroyed).length;
  return { clock, opened, far, pool, living };
}

/** One request done on a kept channel: now the pool knows that the app keeps them. */
async function proveKeepAlive(pool: UpstreamPool): Promise<void> {
  pool.release(await pool.acquire(never, false), true);
  await settle();
}

describe('UpstreamPool', () => {
  it('opens no more than a browser would until the app is seen to keep connections, then 32', async () => {
    const { pool, opened } = setUp();
    const many = Array.from({ length: 50 }, () => pool.acquire(never, false));
    await settle();
    expect(opened.length).toBe(POOL.modest);
    pool.release(await (many[0] as (typeof many)[number]), true);
    await settle();
    await settle();
    expect(opened.filter((stream) => !stream.destroyed).length).toBe(POOL.wide);
    pool.dispose();
    await Promise.allSettled(many);
  });

  it('gives each of 500 event streams a channel at once, and beside them a plain request one more', async () => {
    const { pool, opened } = setUp();
    const streams = Array.from({ length: 500 }, () => pool.acquire(never, false, 'long'));
    const plain = pool.acquire(never, false);
    await settle();
    await Promise.all(streams);
    await plain;
    expect(opened.length).toBe(501);
    const more = Array.from({ length: POOL.modest + 1 }, () => pool.acquire(never, false));
    await settle();
    expect(opened.length).toBe(500 + POOL.modest);
    pool.dispose();
    await Promise.allSettled(more);
  });

  it('stops counting a request whose answer is an event stream', async () => {
    const { pool, opened } = setUp();
    const streams = await Promise.all(Array.from({ length: POOL.modest }, () => pool.acquire(never, false)));
    const plain = pool.acquire(never, false);
    await settle();
    expect(opened.length).toBe(POOL.modest);
    for (const channel of streams) pool.markLong(channel);
    await plain;
    pool.dispose();
  });

  it('keeps room for plain requests when long ones fill it', async () => {
    const { pool, opened } = setUp();
    await proveKeepAlive(pool);
    const long = Array.from({ length: POOL.most + 100 }, () => pool.acquire(never, false, 'long'));
    await settle();
    await settle();
    expect(opened.length).toBe(POOL.most);
    pool.dispose();
    await Promise.allSettled(long);
  });

  it('keeps one ready ahead, closes what has been idle, and the last one when nobody asks any more', async () => {
    const { pool, clock, living } = setUp();
    await proveKeepAlive(pool);
    const channel = await pool.acquire(never, false);
    expect(channel.reused).toBe(true);
    await settle();
    expect(living()).toBe(2);
    pool.release(channel, true);
    await clock.pass(POOL.idle + 2 * POOL.tend);
    expect(living()).toBe(1);
    await clock.pass(POOL.active + POOL.idle);
    expect(living()).toBe(0);
  });

  it('opens nothing ahead for an app that closes after each answer', async () => {
    const { pool, opened } = setUp();
    pool.release(await pool.acquire(never, false), false);
    await settle();
    expect([opened.length, pool.size]).toEqual([1, 0]);
  });

  it('gives an old channel only to what may be repeated', async () => {
    const { pool, clock, opened } = setUp();
    await proveKeepAlive(pool);
    await clock.pass(POOL.staleForSending + POOL.tend);
    expect((await pool.acquire(never, true)).stream).toBe(opened[1]);
    expect((await pool.acquire(never, false)).stream).toBe(opened[0]);
    pool.dispose();
  });

  it('waits for one that works when the far side refuses more', async () => {
    const { pool, far, living } = setUp();
    far.limit = 2;
    const many = Array.from({ length: 6 }, () => pool.acquire(never, false));
    await settle();
    expect(living()).toBe(2);
    let done = 0;
    await Promise.all(
      many.map(async (promise) => {
        const channel = await promise;
        done += 1;
        await settle();
        pool.release(channel, false);
      }),
    );
    expect(done).toBe(6);
  });

  it('tells all who wait when the connection is lost', async () => {
    const { pool, far } = setUp();
    const first = await pool.acquire(never, false);
    far.error = new AppError('connection-lost', 'Lost.');
    await expect(pool.acquire(never, false)).rejects.toThrow('Lost.');
    pool.release(first, false);
  });

  it('lets a long-running request stand beside the limit', async () => {
    const { pool, clock } = setUp();
    const streams = await Promise.all(Array.from({ length: POOL.modest }, () => pool.acquire(never, false)));
    let got = false;
    const next = pool.acquire(never, false).then((channel) => {
      got = true;
      return channel;
    });
    await settle();
    expect(got).toBe(false);
    await clock.pass(POOL.longRunning + POOL.tend);
    await next;
    expect(streams.length).toBe(POOL.modest);
    pool.dispose();
  });

  it('drops an idle channel that the app ends, breaks, or speaks on unasked', async () => {
    const { pool, opened } = setUp();
    const spoil: ((stream: Duplex) => unknown)[] = [
      (stream) => stream.push(null),
      (stream) => stream.destroy(new Error('broken')),
      (stream) => stream.push('HTTP/1.1 200 OK\r\n\r\n'),
    ];
    for (const act of spoil) {
      await proveKeepAlive(pool);
      const idle = opened.findLast((stream) => !stream.destroyed);
      if (idle) act(idle);
      await settle();
      await settle();
      expect(idle?.destroyed).toBe(true);
    }
    pool.dispose();
  });

  it('lets go who gives up waiting, and all on dispose', async () => {
    const { pool, living } = setUp();
    const held = await Promise.all(Array.from({ length: POOL.modest }, () => pool.acquire(never, false)));
    const gone = new AbortController();
    const given = pool.acquire(gone.signal, false);
    gone.abort(new AppError('cancelled', 'Given up.'));
    await expect(given).rejects.toThrow('Given up.');
    const waiting = pool.acquire(never, false);
    pool.dispose();
    await expect(waiting).rejects.toThrow('closed');
    expect([held.length, living()]).toEqual([POOL.modest, 0]);
  });

  it('uses the channels of an app that closes them without saying so once each, for a while', async () => {
    const { clock, pool, opened } = setUp();
    await proveKeepAlive(pool);
    const once = async (reusable: boolean) => {
      const channel = await pool.acquire(never, false);
      pool.release(channel, reusable);
      await settle();
      return channel;
    };
    for (let turn = 0; turn < POOL.mostUnanswered; turn += 1) {
      expect((await once(false)).reused).toBe(turn === 0);
      pool.reportUnanswered();
    }
    const before = opened.length;
    for (let turn = 0; turn < 3; turn += 1) expect((await once(true)).reused).toBe(false);
    expect(opened.length).toBe(before + 3);
    await clock.pass(POOL.singleUse + 1);
    await once(true);
    expect((await once(true)).reused).toBe(true);
    pool.dispose();
  });
});

it('never opens beyond the most, and always a first one', () => {
  expect(mayOpenMore({ brief: 0, longWaiting: 0, total: POOL.most, keepsAlive: true, refusedAbove: null })).toBe(false);
  expect(mayOpenMore({ brief: 0, longWaiting: 0, total: 0, keepsAlive: false, refusedAbove: 0 })).toBe(true);
  expect(mayOpenMore({ longWaiting: 0, brief: 3, total: 3, keepsAlive: true, refusedAbove: 3 })).toBe(false);
  expect([staleForSending(100), staleForSending(2000)]).toEqual([false, true]);
});
