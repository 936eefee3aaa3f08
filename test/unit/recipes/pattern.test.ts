import { expect, test } from 'vitest';
import { fitsPattern, patternProblem } from '../../../electron/shared/pattern.ts';

test.each([
  ['[a-z]+', 'abc', true],
  ['[a-z]+', 'abc1', false],
  ['[a-z]+', 'abc\n', false],
  ['a|ab', 'ab', true],
  ['^a$', 'a', true],
  ['.', '😀', true],
  ['(?i)yes', 'YES', true],
  ['(?<size>\\d{3,4})x\\d+', '1920x1080', true],
  ['[\\w./-]*', '', true],
  ['.*', 'x'.repeat(4097), 'too-long'],
])('whether the whole value fits %s', (pattern, value, fits) => {
  expect(patternProblem(pattern)).toBeNull();
  expect(fitsPattern(pattern, value)).toBe(fits);
});

test('what is no pattern is said with its part, and hinders no value', () => {
  expect(patternProblem('[')).toMatch(/^Not a pattern: missing closing \]: `\[`\. Patterns are RE2/);
  expect(patternProblem('a{0,900}')).toMatch(/^The pattern is too large: its size is \d+, at most 1500/);
  expect(fitsPattern('[', 'anything')).toBe(true);
});
