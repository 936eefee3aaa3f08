import { expect, test } from 'vitest';
import { mayAsk, refusalHolds } from '../../../electron/security/question-policy.ts';

test('a question that was refused is not put again at once; another is', () => {
  const refusal = { host: 'example.org', at: 1000 };
  expect(mayAsk(null, 'example.org', 0)).toBe(true);
  expect(mayAsk(refusal, 'example.org', 1001)).toBe(false);
  expect(mayAsk(refusal, 'example.net', 1001)).toBe(true);
  expect(mayAsk(refusal, 'example.org', 1000 + refusalHolds)).toBe(true);
});
