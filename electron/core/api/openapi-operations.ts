import { z } from 'zod';
import {
  generalErrors,
  type RequestDefinition,
  type StreamDefinition,
  tokenErrors,
} from '../../shared/contract/define.ts';
import { parametersOf } from '../../shared/contract/http-route.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import { headerFields, isFile } from './header-fields.ts';
import { fieldsOf, type Json, schemaOf } from './json-schema.ts';
import { statusOf } from './problem.ts';
import type { Resource } from './resources.ts';

export const jsonOf = (schema: Json, example?: unknown): Json => ({
  'application/json': { schema, ...(example !== undefined && { example }) },
});
const isNothing = (schema: z.ZodType): boolean => schema instanceof z.ZodVoid;

export const nounOf = (name: string): string => name.split('.')[0] ?? name;

/** What parameters look like where their definition has no example. */
const examples: Readonly<Record<string, unknown>> = {
  clusterId: 'hpc',
  path: 'results/run-7/out.h5',
  from: 1_798_761_600_000,
  to: 1_801_440_000_000,
  limit: 50,
  offset: 0,
};

/** `POST /v1/noun/verb` */
export function requestOperation(name: string, definition: RequestDefinition): Json {
  const { input, example } = definition;
  return {
    ...describe(name, name, definition),
    ...(isNothing(input)
      ? {}
      : { requestBody: { required: true, content: jsonOf(schemaOf(input, 'input'), example) } }),
    responses: { ...answerOf(definition.output), ...problems(definition) },
  };
}

export function streamOperation(name: string, definition: StreamDefinition): Json {
  const { input, opened, closed } = definition;
  return {
    ...describe(name, name, definition),
    description:
      'A WebSocket. The first text frame is `{"input": ...}`; binary frames are a byte for the channel (0 data, 1 error output) and its bytes; text frames are messages.',
    'x-stream': {
      input: schemaOf(input, 'input'),
      opened: schemaOf(opened, 'output'),
      closed: schemaOf(closed, 'output'),
    },
    responses: { 101: { description: 'The stream is open.' }, ...problems(definition) },
  };
}

/** @param operationId unlike all others: a request may have several resources */
export function resourceOperation(operationId: string, resource: Resource & { kind: 'request' }): Json {
  const { name, definition } = resource;
  const { parameters, body } = describeInput(resource);
  const described = withPlace(resource);
  return {
    ...describe(operationId, name, described),
    'x-request': name,
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: body }),
    responses: { ...answerOf(definition.output), ...problems(described) },
  };
}

/** The bytes of a stream as the body of a plain request or answer. */
export function bytesOperation(operationId: string, resource: Resource & { kind: 'stream' }): Json {
  const { name, definition, route } = resource;
  const described = withPlace(resource);
  const isUpload = route.method === 'PUT';
  const bytes = { [definition.media ?? 'application/octet-stream']: { schema: { type: 'string', format: 'binary' } } };
  const parameters = [...describeInput(resource).parameters, ...(isFile(resource) ? conditions(isUpload) : [])];
  const operation = isFile(resource)
    ? {
        ...described,
        errors: [...described.errors, 'file-changed' as const, ...(isUpload ? [] : ['range-invalid' as const])],
      }
    : described;
  const answers = isUpload
    ? answerOf(definition.closed)
    : {
        200: { description: 'The bytes. HEAD answers without them.', content: bytes },
        ...(isFile(resource) && {
          206: { description: 'The bytes of the range.', content: bytes },
          304: { description: 'The file is the one that If-None-Match names.' },
        }),
      };
  return {
    ...describe(operationId, name, operation),
    'x-request': name,
    parameters,
    ...(isUpload && { requestBody: { required: true, content: bytes } }),
    responses: { ...answers, ...problems(operation) },
  };
}

function conditions(isUpload: boolean): Json[] {
  const header = (name: string, description: string) => ({
    name,
    in: 'header',
    description,
    schema: { type: 'string' },
  });
  return isUpload
    ? [
        header('If-Match', 'Only where the file has this ETag.'),
        header('If-None-Match', '`*`: only where nothing is there.'),
      ]
    : [
        header('Range', 'One range, such as `bytes=0-1023` or `bytes=-500`.'),
        header('If-Range', 'The range only where the file has this ETag.'),
        header('If-Match', 'Only where the file has this ETag.'),
        header('If-None-Match', 'Only where the file does not have this ETag.'),
      ];
}

/** What is not on the cluster of the path is not found. */
function withPlace({ definition, route }: Resource): Pick<RequestDefinition, 'doc' | 'scope' | 'errors'> {
  const { doc, scope, errors } = definition;
  return {
    doc,
    scope,
    errors: parametersOf(route).some(({ isCluster }) => isCluster) ? [...errors, 'not-found'] : errors,
  };
}

function describe(operationId: string, name: string, operation: Pick<RequestDefinition, 'doc' | 'scope' | 'errors'>) {
  return {
    operationId,
    tags: [nounOf(name)],
    summary: operation.doc,
    'x-scope': operation.scope,
    'x-error-codes': codesOf(operation),
  };
}

const answerOf = (output: z.ZodType): Json =>
  isNothing(output)
    ? { 204: { description: 'Done.' } }
    : { 200: { description: 'The answer.', content: jsonOf(schemaOf(output, 'output')) } };

/** The fields of the input: in the path, and where the rest of them is given. */
export function describeInput(resource: Resource): { parameters: Json[]; body: Json | null } {
  const { route, definition, kind } = resource;
  const fields = fieldsOf(definition.input) ?? { properties: {}, required: [] };
  const example: Readonly<Record<string, unknown>> = { ...examples, ...Object(definition.example) };
  const inPath = parametersOf(route).map(({ name, isCluster }) => ({
    name,
    in: 'path',
    required: true,
    schema: isCluster ? { type: 'string' } : (fields.properties[name] ?? { type: 'string' }),
    ...(isCluster && { description: "The cluster's id or name.", example: 'hpc' }),
  }));
  const elsewhere = [...Object.keys(route.constants), ...headerFields(resource)];
  const fixed = new Set([...inPath.map(({ name }) => name), ...elsewhere]);
  const rest = Object.entries(fields.properties).filter(([name]) => !fixed.has(name));
  const required = fields.required.filter((name) => !fixed.has(name));
  const takesQuery = kind === 'stream' || route.method === 'GET' || route.method === 'DELETE';
  if (takesQuery) {
    const inQuery = rest.map(([name, schema]) => ({
      name,
      in: 'query',
      required: required.includes(name),
      schema,
      ...(example[name] !== undefined && { example: example[name] }),
    }));
    return { parameters: [...inPath, ...inQuery], body: null };
  }
  if (rest.length === 0) return { parameters: inPath, body: null };
  const given = Object.entries(Object(definition.example)).filter(([name]) => !fixed.has(name));
  const schema = { ...schemaOf(definition.input, 'input'), properties: Object.fromEntries(rest), required };
  const content = jsonOf(schema, given.length > 0 ? Object.fromEntries(given) : undefined);
  return { parameters: inPath, body: { required: required.length > 0, content } };
}

/** What an operation may fail with, to whom it is open. */
const codesOf = ({ scope, errors }: Pick<RequestDefinition, 'scope' | 'errors'>): ErrorCode[] => [
  ...new Set<ErrorCode>([
    ...errors,
    ...generalErrors,
    'token-invalid',
    'version-mismatch',
    ...(scope === 'owner' ? [] : tokenErrors),
  ]),
];

/** One response for each status, naming the codes that have it. */
export function problems(operation: Pick<RequestDefinition, 'scope' | 'errors'>): Json {
  const codes = codesOf(operation);
  return Object.fromEntries(
    [...new Set(codes.map(statusOf))].map((status) => [
      status,
      {
        description: `Failed: ${codes.filter((code) => statusOf(code) === status).join(', ')}.`,
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}
