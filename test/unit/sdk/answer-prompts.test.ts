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
