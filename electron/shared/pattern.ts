import { RE2JS, RE2JSException } from 're2js';

/** The time of a check grows with the product of both, never faster: together they keep it below half a second. */
const maxProgram = 1500;
export const maxPatternValue = 4096;

const syntax =
  'Patterns are RE2 expressions: no lookahead, lookbehind or backreferences, and at most 1000 repetitions.';

function compile(pattern: string): { matcher: RE2JS } | { problem: string } {
  try {
    const matcher = RE2JS.compile(pattern);
    const size = matcher.programSize();
    if (size <= maxProgram) return { matcher };
    return { problem: `The pattern is too large: its size is ${size}, at most ${maxProgram} is taken.` };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return { problem: `Not a pattern: ${error.message.replace('error parsing regexp: ', '')}. ${syntax}` };
  }
}

/** A sentence on what is wrong with a pattern from outside; null: nothing. */
export function patternProblem(pattern: string): string | null {
  const compiled = compile(pattern);
  return 'problem' in compiled ? compiled.problem : null;
}

/**
 * Whether the whole value fits a pattern from outside, in time linear in the value: JavaScript's own engine backtracks, so
 * `(a+)+$` would stop the engine or the form for ever.
 */
export function fitsPattern(pattern: string, value: string): boolean | 'too-long' {
  const compiled = compile(pattern);
  // It is the recipe's mistake, which is named when the recipe is read.
  if ('problem' in compiled) return true;
  return value.length > maxPatternValue ? 'too-long' : compiled.matcher.testExact(value);
}
