import { describe, expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { schemaOf } from '../../../electron/core/api/json-schema.ts';
import type { RequestDefinition, StreamDefinition } from '../../../electron/shared/contract/define.ts';
import { request } from '../../../electron/shared/contract/define.ts';
import type { Exact } from '../../../electron/shared/contract/exact.ts';
import { requests, streams } from '../../../electron/shared/contract/index.ts';
import { refuseUnknown } from '../../../electron/shared/contract/refuse-unknown.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { parseInput } from '../../../electron/shared/parse-input.ts';

/** Where in a JSON Schema an object takes fields that it does not name. */
function openObjects(schema: unknown, path: string): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const isOpen = 'properties' in schema && !('additionalProperties' in schema);
  const below = Object.entries(schema).flatMap(([key, each]) => openObjects(each, `${path}.${key}`));
  return isOpen ? [path, ...below] : below;
}

describe('an input refuses fields that it does not have', () => {
  const calls: [string, RequestDefinition | StreamDefinition][] = Object.entries({ ...requests, ...streams });

  test.each(calls)('of %s, in all objects', (name, { input }) => {
    expect(openObjects(schemaOf(input, 'input'), name)).toEqual([]);
  });

  test.each(calls)('of %s, by name', (name, { input }) => {
    if (schemaOf(input, 'input').type !== 'object') return;
    const fail = () => parseInput(name, input, { 'no such field': 1 });
    expect(fail).toThrow(AppError);
    try {
      fail();
    } catch (error) {
      expect(AppError.from(error).errors).toContainEqual({
        field: 'no such field',
        code: 'unrecognized_keys',
        message: `${name} has no such field.`,
      });
    }
  });

  test('keeps defaults, checks and conversions', () => {
    const inner = z
      .object({ a: z.number().default(1), b: z.string().optional() })
      .refine(({ a }) => a < 9, 'Too much.');
    const schema = z.object({
      list: z.array(inner).min(1),
      map: z.record(z.string(), inner).prefault({}),
      either: z.union([inner, z.string()]).nullable(),
      kind: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('x'), x: inner }),
        z.object({ kind: z.literal('y') }),
      ]),
      text: z
        .string()
        .transform((text) => text.length)
        .optional(),
      loose: z.looseObject({ a: z.number() }).optional(),
    });
    const { input } = request({ doc: '', scope: 'owner', input: schema, output: z.void() });
    const given = { list: [{}], map: { k: { a: 2 } }, either: 'e', kind: { kind: 'x', x: {} }, text: 'four' };
    expect(input.parse({ ...given, loose: { a: 1, more: 2 } })).toEqual({
      ...{ list: [{ a: 1 }], map: { k: { a: 2 } }, either: 'e', kind: { kind: 'x', x: { a: 1 } }, text: 4 },
      loose: { a: 1, more: 2 },
    });
    const codes = (changes: object) => input.safeParse({ ...given, ...changes }).error?.issues.map(({ code }) => code);
    expect(codes({ list: [{ a: 10 }] })).toEqual(['custom']);
    expect(codes({ list: [] })).toEqual(['too_small']);
    expect(codes({ list: [{ c: 1 }] })).toEqual(['unrecognized_keys']);
    expect(codes({ map: { k: { c: 1 } } })).toEqual(['unrecognized_keys']);
    expect(codes({ kind: { kind: 'y', x: {} } })).toEqual(['unrecognized_keys']);
    expect(codes({ either: { c: 1 } })).toEqual(['unrecognized_keys']);
  });

  test('leaves the schema as it is for stored data', () => {
    const schema = z.object({ nested: z.object({ a: z.number() }) });
    refuseUnknown(schema);
    expect(schema.parse({ nested: { a: 1, b: 2 }, more: 3 })).toEqual({ nested: { a: 1 } });
  });
});

test('the types of what clients send name a field that the input does not have', () => {
  type Wanted = {
    id: string;
    to?: { kind: 'a'; a: number } | { kind: 'b'; b: string[] };
    args: Record<string, number>;
  };
  expectTypeOf<Exact<{ id: string; more: 1 }, Wanted>>().toEqualTypeOf<{ id: string; more: never }>();
  expectTypeOf<Exact<{ to: { kind: 'b'; c: 1 } }, Wanted>>().toEqualTypeOf<{ to: { kind: 'b'; c: never } }>();
  expectTypeOf<Exact<{ args: { any: 1 } }, Wanted>>().toEqualTypeOf<{ args: { any: 1 } }>();
});
