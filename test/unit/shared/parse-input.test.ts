import { expect, test } from 'vitest';
import { z } from 'zod';
import { problemOf } from '../../../electron/core/api/problem.ts';
import { serializedErrorSchema } from '../../../electron/shared/error-schemas.ts';
import { AppError } from '../../../electron/shared/errors.ts';
import { parseInput } from '../../../electron/shared/parse-input.ts';

const schema = z.strictObject({
  cluster: z.object({ host: z.string().min(1, 'A host has a name'), port: z.number().default(22) }),
});

function failureOf(input: unknown): AppError {
  try {
    parseInput('clusters.save', schema, input);
  } catch (error) {
    return AppError.from(error);
  }
  throw new Error('It was accepted.');
}

test('a valid input is parsed, with its defaults', () => {
  expect(parseInput('clusters.save', schema, { cluster: { host: 'a' } })).toEqual({ cluster: { host: 'a', port: 22 } });
});

test('one problem is the sentence of the error and a field of it', () => {
  const error = failureOf({ cluster: { host: '' } });
  expect(error).toMatchObject({
    code: 'bad-input',
    message: 'cluster.host: A host has a name.',
    values: { field: 'cluster.host', problem: 'A host has a name.' },
    errors: [{ field: 'cluster.host', code: 'too_small', message: 'A host has a name.' }],
  });
});

test('several problems are counted, and each is a field', () => {
  const error = failureOf({ cluster: { host: '', port: 'x' }, more: 1 });
  expect(error.message).toBe('3 values of clusters.save are not valid: cluster.host, cluster.port, more.');
  expect(error.errors.map(({ field, code }) => [field, code])).toEqual([
    ['cluster.host', 'too_small'],
    ['cluster.port', 'invalid_type'],
    ['more', 'unrecognized_keys'],
  ]);
});

test('an unknown field is named, with the request, wherever it is', () => {
  expect(failureOf({ cluster: { host: 'a' }, more: 1 }).message).toBe('more: clusters.save has no such field.');
  const target = z.union([z.strictObject({ clusterId: z.string() }), z.strictObject({ instanceId: z.string() })]);
  const fieldsOf = (input: unknown) => {
    try {
      parseInput('terminals.open', z.strictObject({ target }), { target: input });
      return [];
    } catch (error) {
      return AppError.from(error).errors.map(({ field, code }) => [field, code]);
    }
  };
  expect(fieldsOf({ clusterId: 'a' })).toEqual([]);
  expect(fieldsOf({ clusterId: 'a', user: 'b' })).toEqual([['target.user', 'unrecognized_keys']]);
  expect(fieldsOf({ user: 'b' })).toEqual([['target', 'invalid_union']]);
});

test('very many unknown fields with very long names make a short answer', () => {
  const names = Array.from({ length: 5000 }, (_, index) => `${index}${'x'.repeat(1000)}`);
  const error = failureOf({ cluster: { host: 'a' }, ...Object.fromEntries(names.map((name) => [name, 1])) });
  expect(error.errors).toHaveLength(20);
  expect(JSON.stringify(error.serialize()).length).toBeLessThan(20_000);
});

test('they cross a process boundary and are in the problem document', () => {
  const error = failureOf(null);
  const revived = AppError.revive(serializedErrorSchema.parse(JSON.parse(JSON.stringify(error.serialize()))));
  expect(revived.errors).toEqual(error.errors);
  expect(revived.with({ detail: 'x' }).errors).toEqual(error.errors);
  expect(JSON.parse(problemOf(error).body)).toMatchObject({ status: 400, errors: error.errors });
});
