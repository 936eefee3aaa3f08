import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AppError } from '../../../electron/shared/errors.ts';
import type { FromWorker, ToWorker } from '../../../renderer/components/preview/worker/messages.ts';
import {
  BUSY_LIMIT_MS,
  ReaderWorker,
  type WorkerLike,
} from '../../../renderer/components/preview/worker/reader-worker.ts';

type Asked = { double: (value: number) => Promise<number> };

class FakeWorker implements WorkerLike {
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  readonly got: ToWorker[] = [];
  isEnded = false;
  postMessage(message: ToWorker): void {
    this.got.push(message);
  }
  terminate(): void {
    this.isEnded = true;
  }
  say(data: FromWorker): void {
    this.onmessage?.(new MessageEvent('message', { data }));
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const bytes = (length: number) => new Uint8Array(length);

it('asks once the worker is ready, and answers its reads in parts', async () => {
  const worker = new FakeWorker();
  const lengths: number[] = [];
  const reader = new ReaderWorker<Asked>(worker, 10, async (_offset, length) => {
    lengths.push(length);
    return bytes(length);
  });
  const answer = reader.ask('double', 4);
  expect(worker.got).toEqual([]);
  worker.say({ kind: 'ready' });
  expect(worker.got).toEqual([
    { kind: 'open', size: 10 },
    { kind: 'ask', id: 1, name: 'double', input: 4 },
  ]);
  worker.say({ kind: 'read', id: 1, offset: 0, length: 10_000_000 });
  await vi.waitFor(() => expect(worker.got).toHaveLength(3));
  expect(worker.got[2]).toMatchObject({ kind: 'part', id: 1, bytes: { length: 10_000_000 } });
  expect(Math.max(...lengths)).toBeLessThan(5_000_000);
  worker.say({ kind: 'answer', id: 1, value: 8 });
  expect(await answer).toBe(8);
});

it('passes on what a reader and what a read failed with', async () => {
  const worker = new FakeWorker();
  const reader = new ReaderWorker<Asked>(worker, 10, () => Promise.reject(new AppError('connection-lost', 'Gone.')));
  worker.say({ kind: 'ready' });
  const answer = reader.ask('double', 4);
  worker.say({ kind: 'read', id: 1, offset: 0, length: 5 });
  await vi.waitFor(() =>
    expect(worker.got.at(-1)).toMatchObject({ kind: 'no-part', error: { code: 'connection-lost' } }),
  );
  worker.say({ kind: 'failed', id: 1, error: new AppError('bad-input', 'Damaged.').serialize() });
  await expect(answer).rejects.toMatchObject({ code: 'bad-input', message: 'Damaged.' });
});

it('ends a reader that is busy too long, but not one that waits for a slow read', async () => {
  const worker = new FakeWorker();
  let arrive: (part: Uint8Array<ArrayBuffer>) => void = () => undefined;
  const slow = () => new Promise<Uint8Array<ArrayBuffer>>((resolve) => (arrive = resolve));
  const reader = new ReaderWorker<Asked>(worker, 10, slow);
  worker.say({ kind: 'ready' });
  const answer = reader.ask('double', 4);
  worker.say({ kind: 'read', id: 1, offset: 0, length: 5 });
  await vi.advanceTimersByTimeAsync(3 * BUSY_LIMIT_MS);
  expect(worker.isEnded).toBe(false);
  arrive(bytes(5));
  const ended = expect(answer).rejects.toMatchObject({ code: 'timeout' });
  await vi.advanceTimersByTimeAsync(BUSY_LIMIT_MS + 1);
  await ended;
  expect(worker.isEnded).toBe(true);
  await expect(reader.ask('double', 4)).rejects.toMatchObject({ code: 'timeout' });
});

it('ends the worker and its reads when the file is not shown any more', async () => {
  const worker = new FakeWorker();
  const signals: AbortSignal[] = [];
  const reader = new ReaderWorker<Asked>(worker, 10, (_offset, _length, signal) => {
    signals.push(signal);
    return new Promise(() => undefined);
  });
  worker.say({ kind: 'ready' });
  const answer = reader.ask('double', 4);
  worker.say({ kind: 'read', id: 1, offset: 0, length: 5 });
  reader.dispose();
  await expect(answer).rejects.toMatchObject({ code: 'cancelled' });
  expect(signals[0]?.aborted).toBe(true);
  expect(worker.isEnded).toBe(true);
});
