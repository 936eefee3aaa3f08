import { expect, test } from 'vitest';
import { answerPrompts } from '../../../sdk/answer-prompts.ts';
import type { Connection } from '../../../sdk/connection.ts';
import { EngineDownError, NotPermittedError } from '../../../sdk/errors.ts';

const closing = new AbortController();

function connectionThat(subscribe: (count: number) => Promise<void>) {
  let count = 0;
  const connection = { closed: closing.signal, subscribe: () => subscribe(++count), request: async () => undefined };
  return { connection: connection as unknown as Connection, count: () => count };
}

test('a program with a token is refused at once, and not asked about for ever', async () => {
  const { connection, count } = connectionThat(() => Promise.reject(new NotPermittedError('not-permitted', 'No.')));
  await expect(answerPrompts(connection, () => null)).rejects.toMatchObject({ code: 'not-permitted' });
  expect(count()).toBe(1);
});

test('an engine that ends is followed by the next one', async () => {
  const { connection, count } = connectionThat(async (time) => {
    if (time === 1) throw new EngineDownError('engine-down', 'Gone.');
    throw new NotPermittedError('not-permitted', 'No.');
  });
  await expect(answerPrompts(connection, () => null)).rejects.toMatchObject({ code: 'not-permitted' });
  expect(count()).toBe(2);
});

test('a callback that throws gives the sign-in up, and its fault is not swallowed', async () => {
  const prompt = { id: 'p1', kind: 'approval' };
  const sent: unknown[] = [];
  const ended = new AbortController();
  const connection = {
    closed: ended.signal,
    async subscribe(listen: (event: unknown) => void) {
      listen({ name: 'snapshot', payload: { state: { prompts: [prompt] } } });
      await new Promise((resolve) => ended.signal.addEventListener('abort', resolve));
    },
    request: async (_name: string, input: unknown) => void sent.push(input),
  };
  const faults: unknown[] = [];
  const onFault = (fault: unknown) => faults.push(fault);
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', onFault);
  try {
    await answerPrompts(connection as unknown as Connection, () => {
      throw new Error('a fault of the program');
    });
    await expect.poll(() => faults).toEqual([new Error('a fault of the program')]);
  } finally {
    process.off('unhandledRejection', onFault);
    for (const other of others) process.on('unhandledRejection', other);
    ended.abort();
  }
  expect(sent).toEqual([{ id: 'p1', answer: { kind: 'cancel' } }]);
});
