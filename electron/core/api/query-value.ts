import { z } from 'zod';
import type { Json } from './json-schema.ts';

const alternativesSchema = z.array(z.record(z.string(), z.unknown()));

/**
 * The values of one parameter as the schema of its field wants them: a query has only text. What does not fit stays text, of
 * which the schema then says what is wrong.
 */
export function queryValue(schema: Json, values: readonly string[]): unknown {
  const [first = '', ...others] = values;
  const array = alternativesOf(schema).find(({ type }) => type === 'array');
  if (array) {
    const items = z.record(z.string(), z.unknown()).safeParse(array.items).data ?? {};
    return values.map((value) => queryValue(items, [value]));
  }
  if (others.length > 0) return values;
  for (const { type } of alternativesOf(schema)) {
    const converted = convert(type, first);
    if (converted !== undefined) return converted;
  }
  return first;
}

function convert(type: unknown, text: string): unknown {
  if ((type === 'number' || type === 'integer') && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  if (type === 'object') return parseObject(text);
  return undefined;
}

function parseObject(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function alternativesOf(schema: Json): Json[] {
  const nested = alternativesSchema.safeParse(schema.anyOf ?? schema.oneOf).data;
  return nested ? nested.flatMap(alternativesOf) : [schema];
}
