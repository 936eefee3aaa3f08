import { describe, expect, test } from 'vitest';
import { parseHop } from '../../../cli/cluster-input.ts';
import { parseRecipeArgs } from '../../../cli/recipe-args.ts';

describe('arguments of a recipe', () => {
  test("are read in Tunel's spelling", () => {
    expect(parseRecipeArgs(['--jupyterlab=true', '--flag', '--x=a=b\n$(id)', '--empty='])).toEqual({
      jupyterlab: 'true',
      flag: true,
      x: 'a=b\n$(id)',
      empty: '',
    });
  });
  test.each(['x=1', '-x=1', '--=1', '--1x=1'])('%s is refused', (word) => {
    expect(() => parseRecipeArgs([word])).toThrow(/no argument of a recipe/);
  });
});

describe('addresses', () => {
  test.each([
    ['ada@login.example', { user: 'ada', host: 'login.example', port: 22 }],
    ['ada@login.example:2201', { user: 'ada', host: 'login.example', port: 2201 }],
    ['ada@example.edu@login.example', { user: 'ada@example.edu', host: 'login.example', port: 22 }],
    ['ada@[2001:db8::1]:22', { user: 'ada', host: '2001:db8::1', port: 22 }],
  ])('%s', (text, hop) => expect(parseHop(text)).toEqual(hop));
});
