import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ByteStream } from '../../../electron/client/byte-stream.ts';
import { type StreamPort, servePort } from '../../../electron/ipc/serve-port.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { UNREAD_LIMIT } from '../../../electron/shared/stream-port.ts';
import { PageStream, type TakeBytes } from '../../../renderer/page-stream.ts';

/** Both ends of a stream's port, over a real message channel. */

const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

function channel(): { page: MessagePort; main: StreamPort } {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  return {
    page: port1,
    main: {
      post: (message) => port2.postMessage(message),
      onMessage(listener) {
        port2.onmessage = ({ data }: MessageEvent<unknown>) => listener(data);
      },
      onClosed: (listener) => port2.addEventListener('close', listener, { once: true }),
    },
  };
}

interface Fake extends ByteStream {
  data: PassThrough;
  controls: unknown[];
  end(value: unknown): void;
  fail(error: AppError): void;
}

/** A stream of the engine: what is written to it comes back. */
function echoStream(): Fake {
  const controls: unknown[] = [];
  let end: Fake['end'] = () => undefined;
  let fail: Fake['fail'] = () => undefined;
  const closed = new Promise<unknown>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  closed.catch(() => undefined);
  const control = (message: unknown) => controls.push(message);
  const data = new PassThrough({ highWaterMark: 16 * 1024 });
  return { opened: {}, data, stderr: null, closed, control, controls, end, fail };
}

async function open(stream: ByteStream, take: TakeBytes = (_bytes, done) => done()) {
  const { page, main } = channel();
  const served = servePort(main, async () => stream);
  return { page, served, opened: await PageStream.open<unknown>(page, take) };
}

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe('a stream of the page', () => {
  it('carries bytes and messages, and tells its end after the last byte', async () => {
    const stream = echoStream();
    const got: string[] = [];
    const { opened } = await open(stream, (bytes, done) => {
      got.push(new TextDecoder().decode(bytes));
      done();
    });
    opened.write(bytesOf('hello'));
    opened.control({ kind: 'resize', columns: 80, rows: 24 });
    await vi.waitFor(() => expect(got).toEqual(['hello']));
    expect(stream.controls).toEqual([{ kind: 'resize', columns: 80, rows: 24 }]);
    stream.end({ code: 3, signal: null });
    stream.data.end('last');
    expect(await opened.closed).toEqual({ code: 3, signal: null });
    expect(got).toEqual(['hello', 'last']);
  });

  it('stops the sender while the page has not read what it got, and goes on after', async () => {
    const stream = echoStream();
    const waiting: (() => void)[] = [];
    let received = 0;
    let isReading = false;
    const { opened } = await open(stream, (bytes, done) => {
      received += bytes.length;
      if (isReading) done();
      else waiting.push(done);
    });
    const whole = 4 * UNREAD_LIMIT;
    stream.data.end(Buffer.alloc(whole));
    stream.end({});
    await vi.waitFor(() => expect(stream.data.isPaused()).toBe(true));
    await vi.waitFor(() => expect(received).toBeGreaterThanOrEqual(UNREAD_LIMIT));
    isReading = true;
    for (const done of waiting) done();
    await opened.closed;
    expect(received).toBe(whole);
  });

  it('holds no more than the limit and one piece unread', async () => {
    const stream = echoStream();
    let received = 0;
    await open(stream, (bytes) => {
      received += bytes.length;
    });
    const piece = 16 * 1024;
    for (let sent = 0; sent < 4 * UNREAD_LIMIT; sent += piece) stream.data.write(Buffer.alloc(piece));
    await vi.waitFor(() => expect(stream.data.isPaused()).toBe(true));
    await vi.waitFor(() => expect(received).toBeGreaterThanOrEqual(UNREAD_LIMIT));
    expect(received).toBeLessThan(UNREAD_LIMIT + piece);
  });

  it('sends no faster than its bytes are taken, and tells that no more come', async () => {
    const stream = echoStream();
    const { opened } = await open(stream, () => undefined);
    // Nothing of the echo is read, so that the stream takes little.
    await vi.waitFor(() => expect(stream.data.isPaused()).toBe(false));
    stream.data.cork();
    let isSent = false;
    const sending = opened.send(new Uint8Array(UNREAD_LIMIT)).then(() => {
      isSent = true;
    });
    await vi.waitFor(() => expect(stream.data.writableLength).toBe(UNREAD_LIMIT));
    expect(isSent).toBe(false);
    stream.data.uncork();
    await sending;
    opened.endInput();
    await vi.waitFor(() => expect(stream.data.writableFinished).toBe(true));
  });

  it('stops sending when the stream fails', async () => {
    const stream = echoStream();
    const { opened } = await open(stream);
    stream.data.cork();
    const sending = opened.send(new Uint8Array(UNREAD_LIMIT));
    stream.fail(new AppError('connection-lost', 'The connection was lost.'));
    stream.data.destroy();
    await expect(sending).rejects.toMatchObject({ code: 'connection-lost' });
  });

  it('rejects with what the stream could not be opened for', async () => {
    const { page, main } = channel();
    void servePort(main, () => Promise.reject(new AppError('auth-failed', 'Wrong password.')));
    await expect(PageStream.open(page, () => undefined)).rejects.toMatchObject({ code: 'auth-failed' });
  });

  it('rejects `closed` with the error that ended it', async () => {
    const stream = echoStream();
    const { opened } = await open(stream);
    stream.fail(new AppError('connection-lost', 'The connection was lost.'));
    stream.data.destroy();
    await expect(opened.closed).rejects.toMatchObject({ code: 'connection-lost' });
  });

  it('ends the stream when the page closes it, and when the page goes away', async () => {
    const first = echoStream();
    const { opened } = await open(first);
    opened.close();
    await vi.waitFor(() => expect(first.data.destroyed).toBe(true));
    await expect(opened.closed).rejects.toMatchObject({ code: 'cancelled' });
    const second = echoStream();
    const { page } = await open(second);
    page.close();
    await vi.waitFor(() => expect(second.data.destroyed).toBe(true));
  });

  it('stops opening when the page does not wait for it', async () => {
    const { page, main } = channel();
    const asked = new AbortController();
    let reason: unknown = null;
    const served = servePort(
      main,
      (signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reason = signal.reason;
            reject(signal.reason);
          });
        }),
    );
    const opening = PageStream.open(page, () => undefined, asked.signal);
    asked.abort(new AppError('cancelled', 'Closed.'));
    await expect(opening).rejects.toMatchObject({ code: 'cancelled' });
    await served;
    expect(reason).toMatchObject({ code: 'cancelled' });
  });

  it('ends the stream when the page sends what is no part of it', async () => {
    const stream = echoStream();
    const { page, opened } = await open(stream);
    page.postMessage({ kind: 'run', script: 'true' });
    await expect(opened.closed).rejects.toMatchObject({ code: 'bad-input' });
    expect(stream.data.destroyed).toBe(true);
  });
});
