import { z } from 'zod';

export type Json = Record<string, unknown>;

/** A schema of the contract as JSON Schema 2020-12. */
export function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _draft, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' });
  return json;
}

const objectSchema = z.object({
  properties: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  required: z.array(z.string()).default([]),
});

/** The fields of an input, each with its schema, and which of them must be given; null: it is no object. */
export function fieldsOf(input: z.ZodType): { properties: Record<string, Json>; required: string[] } | null {
  const json = schemaOf(input, 'input');
  return json.type === 'object' ? objectSchema.parse(json) : null;
}
