import type { z } from 'zod';
import { AppError, type FieldError } from './errors.ts';
import { type Message, message } from './messages.ts';

/**
 * The input of a request or stream as its schema makes it.
 * @param name the request or stream, which stands for the whole input where a problem has no field
 * @throws AppError `bad-input` whose `errors` has each field that does not fit
 */
export function parseInput<S extends z.ZodType>(name: string, schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => ({
    field: issue.path.join('.') || name,
    code: issue.code,
    message: issue.message.replace(/[^.]$/, '$&.'),
  }));
  throw new AppError('bad-input', describeErrors(errors), { hint: 'Correct it and try again.', errors });
}

function describeErrors(errors: readonly FieldError[]): Message {
  const [first] = errors;
  if (first && errors.length === 1) return message`${{ field: first.field }}: ${{ problem: first.message }}`;
  const fields = [...new Set(errors.map(({ field }) => field))].join(', ');
  return message`${{ count: errors.length }} values are not valid: ${{ fields }}.`;
}
