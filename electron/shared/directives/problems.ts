import { readDirectives, splitLines } from './script.ts';
import type { Dialect, Directive, Field, Span } from './types.ts';

/** Something about a directive that its user should know. */
export interface DirectiveProblem extends Span {
  level: 'error' | 'warning' | 'info';
  text: string;
}

/**
 * What is wrong with the directives of a script. `errors`: what is known of the fields, such as a value over the queue's limit;
 * each stands at the directive that gives the field.
 */
export function directiveProblems(
  script: string,
  dialect: Dialect,
  errors: ReadonlyMap<Field, string> = new Map(),
): DirectiveProblem[] {
  const directives = readDirectives(script, dialect).flatMap((line) => line.directives);
  const known = directives.flatMap((directive) => optionProblem(directive, dialect) ?? []);
  const wrong = [...errors].flatMap(([field, text]) => {
    const found = directives.findLast((directive) => carriesField(directive, dialect, field));
    return found ? [{ from: found.from, to: found.to, level: 'error' as const, text }] : [];
  });
  return [...known, ...wrong, ...lateDirectives(script, dialect)].sort((a, b) => a.from - b.from);
}

function optionProblem({ key, from, to, value, isListItem }: Directive, dialect: Dialect): DirectiveProblem | null {
  if (!dialect.isKnown(key))
    return { from, to, level: 'warning', text: `This scheduler has no option ${dialect.print(key, '')}.` };
  const isName = dialect.slots.some((slot) => slot.key === key && slot.fields.includes('name'));
  const isField = dialect.slots.some((slot) => slot.key === key && !slot.fields.includes('output'));
  if (dialect.setByTunel.has(key) && !isName && !isField) {
    return { from, to, level: 'info', text: `${dialect.print(key, '')} is left out: Tunel sets it itself.` };
  }
  if (value === '' && !isListItem)
    return { from, to, level: 'warning', text: `${dialect.print(key, '')} has no value.` };
  return null;
}

const carriesField = ({ key, value }: Directive, dialect: Dialect, field: Field): boolean =>
  dialect.slots.some(
    (slot) => slot.key === key && slot.fields.includes(field) && (slot.carries?.(value ?? '', field) ?? true),
  );

/** Lines that look like directives and come after the first command, where the scheduler reads none. */
function lateDirectives(script: string, dialect: Dialect): DirectiveProblem[] {
  let isOver = false;
  const found: DirectiveProblem[] = [];
  for (const { text, from } of splitLines(script)) {
    if (isOver && dialect.prefix !== '' && dialect.bodyAt(text) !== null) {
      const why = `Not read: the scheduler looks for ${dialect.prefix} before the first command only.`;
      found.push({ from, to: from + text.length, level: 'warning', text: why });
    }
    isOver ||= dialect.endsAt(text);
  }
  return found;
}
