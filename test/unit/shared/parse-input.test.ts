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
  expect(error.message).toBe('3 values are not valid: cluster.host, cluster.port, clusters.save.');
  expect(error.errors.map(({ field, code }) => [field, code])).toEqual([
    ['cluster.host', 'too_small'],
    ['cluster.port', 'invalid_type'],
    ['clusters.save', 'unrecognized_keys'],
  ]);
});

test('they cross a process boundary and are in the problem document', () => {
  const error = failureOf(null);
  const revived = AppError.revive(serializedErrorSchema.parse(JSON.parse(JSON.stringify(error.serialize()))));
  expect(revived.errors).toEqual(error.errors);
  expect(revived.with({ detail: 'x' }).errors).toEqual(error.errors);
  expect(JSON.parse(problemOf(error).body)).toMatchObject({ status: 400, errors: error.errors });
});
