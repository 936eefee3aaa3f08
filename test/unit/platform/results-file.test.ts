import { expect, it } from 'vitest';
import { resultsFileName } from '../../../electron/platform/results-file-policy.ts';

it.each([
  ['fit', 'fit-a1.tar'],
  ['../../etc/x', '-..-etc-x-a1.tar'],
  ['a:b*c?"d', 'a-b-c-d-a1.tar'],
  ['.hidden', 'hidden-a1.tar'],
])('names the archive of %j %s', (name, file) => expect(resultsFileName(name, 'a1', () => false)).toBe(file));

it('replaces no file', () => {
  const there = ['fit-a1.tar', 'fit-a1 (2).tar'];
  expect(resultsFileName('fit', 'a1', (file) => there.includes(file))).toBe('fit-a1 (3).tar');
});
