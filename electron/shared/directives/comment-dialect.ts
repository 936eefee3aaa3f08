import type { Dialect } from './types.ts';

interface Given extends Omit<Dialect, 'bodyAt' | 'endsAt'> {
  /** `head`: the scheduler stops at the first command; `script`: it reads every line. */
  where: 'head' | 'script';
  /** The prefix may be indented. */
  isIndentable?: boolean;
  /** A space need not follow the prefix, and an option must. */
  isJoinable?: boolean;
}

/** A dialect whose directives are comments of a shell script. */
export function commentDialect({ where, isIndentable = false, isJoinable = false, ...given }: Given): Dialect {
  const indent = isIndentable ? '[ \\t]*' : '';
  const prefix = given.prefix.replace('$', '\\$');
  const directive = new RegExp(`^${indent}${prefix}${isJoinable ? '[ \\t]*(?=-)' : '(?:[ \\t]+|$)'}`);
  const comment = new RegExp(`^(?:${indent}#|\\s*$)`);
  return {
    ...given,
    bodyAt: (line) => directive.exec(line)?.[0].length ?? null,
    endsAt: (line) => where === 'head' && !comment.test(line),
  };
}
