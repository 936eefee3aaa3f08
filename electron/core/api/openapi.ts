import { clusterEventsPath, eventsPath, openApiPath, requestPath, streamPath } from '../../client/engine-paths.ts';
import { problemSchema } from '../../client/wire.ts';
import { templateOf } from '../../shared/contract/http-route.ts';
import { engineEvents, engineRequests, streams } from '../../shared/contract/index.ts';
import { type Json, schemaOf } from './json-schema.ts';
import {
  bytesOperation,
  jsonOf,
  nounOf,
  problems,
  requestOperation,
  resourceOperation,
  streamOperation,
} from './openapi-operations.ts';
import { resources } from './resources.ts';

/** Of what needs no scope. */
const forEveryone = { scope: 'owner', errors: [] } as const;

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
        'The private socket of the engine: HTTP/1.1 with the Host header `tunel` and a bearer token. Requests with an Origin or Referer header are refused. Each request is at `POST /v1/NOUN/VERB`; many are also resources with paths and methods of their own.',
    },
    servers: [{ url: 'http://tunel' }],
    security: [{ token: [] }],
    tags: [...new Set([...Object.keys(engineRequests), ...Object.keys(streams)].map(nounOf))].map((name) => ({ name })),
    paths: {
      ...resourcePaths(),
      ...Object.fromEntries(requests),
      ...Object.fromEntries(upgrades),
      ...eventPaths(),
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
      schemas: { Problem: { ...schemaOf(problemSchema, 'output'), examples: [problemExample] } },
    },
  };
}

const problemExample = {
  type: 'urn:tunel:error:not-found',
  title: 'There is no cluster hpc.',
  status: 404,
  code: 'not-found',
  message: 'There is no cluster hpc.',
};

/** Resources by their paths; those of one path are its methods. */
function resourcePaths(): Record<string, Json> {
  const paths: Record<string, Json> = {};
  const times = new Map<string, number>();
  for (const resource of resources()) {
    const { name, route } = resource;
    const count = (times.get(name) ?? 0) + 1;
    times.set(name, count);
    const operationId = `resource.${name}${count > 1 ? `.${count}` : ''}`;
    const path = templateOf(route);
    const operation =
      resource.kind === 'stream' ? bytesOperation(operationId, resource) : resourceOperation(operationId, resource);
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation };
  }
  return paths;
}

function eventPaths(): Json {
  const events = {
    200: { description: 'Server-sent events.', content: { 'text/event-stream': { schema: { type: 'string' } } } },
  };
  const lastEventId = {
    name: 'Last-Event-ID',
    in: 'header',
    description: 'The id of the last transition that was seen: those after it are sent first.',
    schema: { type: 'string', pattern: '^\\d{1,15}$' },
  };
  const cluster = {
    name: 'clusterId',
    in: 'path',
    required: true,
    description: "The cluster's id or name.",
    schema: { type: 'string' },
    example: 'hpc',
  };
  const prompts = {
    name: 'prompts',
    in: 'query',
    description: '1: this client shows questions of a sign-in to a person.',
    schema: { type: 'string', enum: ['0', '1'] },
  };
  return {
    [eventsPath]: {
      get: {
        operationId: 'events',
        summary:
          'First the whole state as the event `snapshot`, then every event in order; to a token the transitions of its clusters.',
        parameters: [prompts, lastEventId],
        'x-scope': 'read',
        'x-events': describedEvents(),
        responses: { ...events, ...problems({ scope: 'read', errors: ['too-many-open'] }) },
      },
    },
    [clusterEventsPath]: {
      get: {
        operationId: 'events.cluster',
        summary: 'The transitions of one cluster.',
        parameters: [cluster, lastEventId],
        'x-scope': 'read',
        responses: { ...events, ...problems({ scope: 'read', errors: ['not-found', 'too-many-open'] }) },
      },
    },
  };
}

function describedEvents(): Json {
  return {
    snapshot: { description: 'The whole state.', payload: schemaOf(engineRequests['app.state'].output, 'output') },
    ...Object.fromEntries(
      Object.entries(engineEvents).map(([name, { doc, payload }]) => [
        name,
        { description: doc, payload: schemaOf(payload, 'output') },
      ]),
    ),
  };
}
