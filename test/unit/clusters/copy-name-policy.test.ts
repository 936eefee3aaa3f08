import { expect, test } from 'vitest';
import { copyName } from '../../../electron/core/clusters/copy-name-policy.ts';

test('the first free name', () => {
  expect(copyName('hpc', new Set(['hpc']))).toBe('hpc copy');
  expect(copyName('hpc', new Set(['hpc', 'hpc copy', 'hpc copy 2']))).toBe('hpc copy 3');
});

test('never longer than a name may be, and no half character', () => {
  const long = 'x'.repeat(100);
  expect(copyName(long, new Set())).toBe(`${'x'.repeat(95)} copy`);
  expect(copyName(long, new Set([`${'x'.repeat(95)} copy`]))).toBe(`${'x'.repeat(93)} copy 2`);
  expect(copyName(`${'x'.repeat(94)}🚀🚀🚀`, new Set())).toBe(`${'x'.repeat(94)} copy`);
});
