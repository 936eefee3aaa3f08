import { describe, expect, test } from 'vitest';
import { schemaOf } from '../../../electron/core/api/json-schema.ts';
import { requests, streams } from '../../../electron/shared/contract/index.ts';
import { jobPathSchema } from '../../../electron/shared/jobs.ts';

interface Schema {
  type?: string;
  pattern?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
}

/** Every pattern of a text, which has to fit all of them. */
const patternsOf = ({ pattern, allOf = [] }: Schema): string[] => [
  ...(pattern === undefined ? [] : [pattern]),
  ...allOf.flatMap(patternsOf),
];

/** The texts of a field: its own, or those of a list or alternative. */
const textsOf = (schema: Schema): Schema[] => [
  ...(schema.type === 'string' && !('const' in schema) ? [schema] : []),
  ...(schema.items ? textsOf(schema.items) : []),
  ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap(textsOf),
];

/** The texts of an input that are paths, by the names of their fields. Names that a transfer has found may be of any bytes. */
function pathsOf(schema: Schema, name: string): [string, Schema][] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([field, each]) => [
    ...(/path$|directory$|folders$/i.test(field)
      ? textsOf(each).map((text) => [`${name}.${field}`, text] as [string, Schema])
      : []),
    ...pathsOf(each, `${name}.${field}`),
  ]);
  const below = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.items ? [schema.items] : [])];
  return [...own, ...below.flatMap((each) => pathsOf(each, name))];
}

describe('a path of a call', () => {
  const paths = Object.entries({ ...requests, ...streams }).flatMap(([name, { input }]) =>
    pathsOf(schemaOf(input, 'input') as Schema, name),
  );

  test('is of many calls', () => expect(paths.length).toBeGreaterThan(30));

  test.each(paths)('is one line without NUL: %s', (_name, schema) => {
    const patterns = patternsOf(schema).map((pattern) => new RegExp(pattern, 'u'));
    for (const path of ['/a\0b', '/a\nb', '/a\r']) {
      expect(
        patterns.some((pattern) => !pattern.test(path)),
        JSON.stringify(path),
      ).toBe(true);
    }
  });

  test('of a job stays in its directory', () => {
    const bad = ['..', '../x', 'a/../b', 'a/..', './a', '/a', 'a//b', 'a/', 'a\0b', 'a\nb', ''];
    expect(bad.filter((path) => jobPathSchema.safeParse(path).success)).toEqual([]);
    for (const path of ['a', 'a/b', '..a', 'a..', '.hidden', 'a b/c#d?e']) expect(jobPathSchema.parse(path)).toBe(path);
  });
});
