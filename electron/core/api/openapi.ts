import { z } from 'zod';
import { eventsPath, openApiPath, requestPath, streamPath } from '../../client/engine-paths.ts';
import { problemSchema } from '../../client/wire.ts';
import {
  generalErrors,
  type RequestDefinition,
  type StreamDefinition,
  tokenErrors,
} from '../../shared/contract/define.ts';
import { engineEvents, engineRequests, streams } from '../../shared/contract/index.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import { statusOf } from './problem.ts';

type Json = Record<string, unknown>;

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _draft, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' });
  return json;
};
const jsonOf = (schema: Json): Json => ({ 'application/json': { schema } });
const isNothing = (schema: z.ZodType): boolean => schema instanceof z.ZodVoid;

/** The contract as OpenAPI 3.1, derived anew at each call. */
export function openApiDocument(version: string): Json {
  const requests = Object.entries(engineRequests).map(([name, definition]) => [
    requestPath(name),
    { post: requestOperation(name, definition) },
  ]);
  const upgrades = Object.entries(streams).map(([name, definition]) => [
    streamPath(name),
    { get: streamOperation(name, definition) },
  ]);
  return {
    openapi: '3.1.1',
    info: {
      title: 'Tunel',
      version,
      license: { name: 'MIT', identifier: 'MIT' },
      description:
        'The private socket of the engine: HTTP/1.1 with the Host header `tunel` and a bearer token. Requests with an Origin or Referer header are refused.',
    },
    servers: [{ url: 'http://tunel' }],
    security: [{ token: [] }],
    tags: [...new Set([...Object.keys(engineRequests), ...Object.keys(streams)].map(nounOf))].map((name) => ({ name })),
    paths: {
      ...Object.fromEntries(requests),
      ...Object.fromEntries(upgrades),
      [eventsPath]: { get: eventsOperation() },
      [openApiPath]: {
        get: {
          operationId: 'openapi',
          summary: 'This document.',
          responses: {
            200: { description: 'This document.', content: jsonOf({ type: 'object' }) },
            ...problems(forEveryone),
          },
        },
      },
    },
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: schemaOf(problemSchema, 'output') },
    },
  };
}

const forEveryone = { scope: 'owner', errors: [] } as const;

const nounOf = (name: string): string => name.split('.')[0] ?? name;

function requestOperation(name: string, definition: RequestDefinition): Json {
  const { doc, scope, input, output } = definition;
  return {
    operationId: name,
    tags: [nounOf(name)],
    summary: doc,
    'x-scope': scope,
    'x-error-codes': codesOf(definition),
    ...(isNothing(input) ? {} : { requestBody: { required: true, content: jsonOf(schemaOf(input, 'input')) } }),
    responses: {
      ...(isNothing(output)
        ? { 204: { description: 'Done.' } }
        : { 200: { description: 'The answer.', content: jsonOf(schemaOf(output, 'output')) } }),
      ...problems(definition),
    },
  };
}

function streamOperation(name: string, definition: StreamDefinition): Json {
  const { doc, scope, input, opened, closed } = definition;
  return {
    operationId: name,
    tags: [nounOf(name)],
    summary: doc,
    description:
      'A WebSocket. The first text frame is `{"input": ...}`; binary frames are a byte for the channel (0 data, 1 error output) and its bytes; text frames are messages.',
    'x-scope': scope,
    'x-error-codes': codesOf(definition),
    'x-stream': {
      input: schemaOf(input, 'input'),
      opened: schemaOf(opened, 'output'),
      closed: schemaOf(closed, 'output'),
    },
    responses: { 101: { description: 'The stream is open.' }, ...problems(definition) },
  };
}

function eventsOperation(): Json {
  return {
    operationId: 'events',
    summary: 'First the whole state as the event `snapshot`, then every event in order.',
    parameters: [
      {
        name: 'prompts',
        in: 'query',
        description: '1: this client shows questions of a sign-in to a person.',
        schema: { type: 'string', enum: ['0', '1'] },
      },
    ],
    'x-events': {
      snapshot: { description: 'The whole state.', payload: schemaOf(engineRequests['app.state'].output, 'output') },
      ...Object.fromEntries(
        Object.entries(engineEvents).map(([name, { doc, payload }]) => [
          name,
          { description: doc, payload: schemaOf(payload, 'output') },
        ]),
      ),
    },
    responses: {
      200: { description: 'Server-sent events.', content: { 'text/event-stream': { schema: { type: 'string' } } } },
      ...problems({ scope: 'read', errors: [] }),
    },
  };
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
function problems(operation: Pick<RequestDefinition, 'scope' | 'errors'>): Json {
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
