import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { httpLimits } from '../../../electron/core/api/server.ts';

test('a client that sends no headers is not waited for, and an upload is', () => {
  expect(createServer({ requestTimeout: 0 }).headersTimeout).toBe(0);
  const { headersTimeout, requestTimeout } = createServer(httpLimits);
  expect([headersTimeout, requestTimeout]).toEqual([60_000, 0]);
});
