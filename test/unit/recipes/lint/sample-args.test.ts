import { expect, test } from 'vitest';
import { sampleArgs } from '../../../../electron/core/recipes/lint/sample-args.ts';
import { fitsPattern } from '../../../../electron/shared/pattern.ts';
import type { RecipeArg } from '../../../../electron/shared/recipes.ts';

const of = (arg: Partial<RecipeArg>) => sampleArgs([{ name: 'x', description: 'X', required: true, ...arg }]).x;

test.each([
  String.raw`.*\.py`,
  String.raw`^.+\.ipynb$`,
  String.raw`.*\.(csv|tsv)`,
  String.raw`/.*\.h5`,
  '[a-z][a-z0-9-]*',
  String.raw`\d{4}-\d{2}-\d{2}`,
  String.raw`\d+:\d{2}:\d{2}`,
  '[A-Z]{3}',
  's3://[a-z0-9.-]+',
  '(10|20|30)',
  String.raw`\d+(\.\d+)?`,
  String.raw`[^@]+@[^@]+\.[a-z]+`,
  String.raw`run_\w+\.inp`,
  '/scratch/.*',
  '[0-9a-f]{31}Q{7}',
  '(?:[A-Z]{2}\\d{4}\\.){2}[xyz]',
])('a sample of %s fits it', (pattern) => {
  expect(fitsPattern(pattern, String(of({ pattern })))).toBe(true);
  expect(fitsPattern(pattern, String(of({ pattern, type: 'path' })))).toBe(true);
});

test('what the form would show comes first', () => {
  expect(sampleArgs([{ name: 'x', description: 'X', required: true, default: 'mine', pattern: 'm.*' }])).toEqual({});
  expect(of({ choices: ['one', 'two'] })).toBe('one');
  expect(of({ type: 'number', min: 3 })).toBe(3);
  expect(of({ type: 'number', max: 0 })).toBe(0);
  expect(of({ type: 'path' })).toBe('/home/user/file');
});
