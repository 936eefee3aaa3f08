import type { z } from 'zod';
import { AppError, type FieldError } from './errors.ts';
import { type Message, message } from './messages.ts';

/** A client may send any number of fields, with names of any length. */
const MAX_UNKNOWN = 20;
const MAX_NAME = 100;

type Issue = z.core.$ZodIssue;
type Path = Issue['path'];

/**
 * The input of a request or stream as its schema makes it.
 * @param name the request or stream, which stands for the whole input where a problem has no field
 * @throws AppError `bad-input` whose `errors` has each field that does not fit
 */
export function parseInput<S extends z.ZodType>(name: string, schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap((issue) => fieldErrors(name, issue, []));
  throw new AppError('bad-input', describeErrors(name, errors), { hint: 'Correct it and try again.', errors });
}

function fieldErrors(name: string, issue: Issue, above: Path): FieldError[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, MAX_UNKNOWN).map((key) => ({
      field: [...path, key.slice(0, MAX_NAME)].join('.'),
      code: issue.code,
      message: `${name} has no such field.`,
    }));
  }
  const branch = issue.code === 'invalid_union' ? closestBranch(issue.errors) : null;
  if (branch) return branch.flatMap((each) => fieldErrors(name, each, path));
  const field = path.join('.') || name;
  return [{ field, code: issue.code, message: issue.message.replace(/[^.]$/, '$&.') }];
}

/** Of several alternatives the one that was meant: everything that it wants is there, and more; null: none is clear. */
function closestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | null {
  const meant = branches.filter((issues) => issues.every(({ code }) => code === 'unrecognized_keys'));
  const fewest = meant.sort((a, b) => countKeys(a) - countKeys(b))[0];
  return fewest ?? null;
}

const countKeys = (issues: readonly Issue[]): number =>
  issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 0), 0);

function describeErrors(name: string, errors: readonly FieldError[]): Message {
  const [first] = errors;
  if (first && errors.length === 1) return message`${{ field: first.field }}: ${{ problem: first.message }}`;
  const fields = [...new Set(errors.map(({ field }) => field))].join(', ');
  return message`${{ count: errors.length }} values of ${{ call: name }} are not valid: ${{ fields }}.`;
}
