import type { RequestDefinition, StreamDefinition } from '../../shared/contract/define.ts';
import { AppError } from '../../shared/errors.ts';
import { fieldsOf } from './json-schema.ts';

/**
 * The input with the key of the header Idempotency-Key, where its request has one; other requests may be repeated anyway.
 * @throws AppError `bad-input` where the body has another key
 */
export function withIdempotencyKey(
  input: unknown,
  header: string | undefined,
  definition: RequestDefinition | StreamDefinition,
): unknown {
  if (header === undefined || !Object.hasOwn(fieldsOf(definition.input)?.properties ?? {}, 'key')) return input;
  const { key = header }: { key?: unknown } = Object(input);
  if (key === header) return { ...Object(input), key };
  throw new AppError('bad-input', 'Idempotency-Key and the field “key” differ.');
}
