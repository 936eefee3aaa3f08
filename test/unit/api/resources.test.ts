import { describe, expect, test } from 'vitest';
import { requestPath } from '../../../electron/client/engine-paths.ts';
import { fieldsOf } from '../../../electron/core/api/json-schema.ts';
import { openApiDocument } from '../../../electron/core/api/openapi.ts';
import { ResourceInput } from '../../../electron/core/api/resource-input.ts';
import { type Resource, resources } from '../../../electron/core/api/resources.ts';
import { parametersOf, parseHttpRoute, templateOf } from '../../../electron/shared/contract/http-route.ts';
import { engineRequests } from '../../../electron/shared/contract/index.ts';
import { AppError } from '../../../electron/shared/errors.ts';

const all = resources();
const shapeOf = ({ route }: Resource) =>
  `${route.method} ${route.segments.map((each) => (typeof each === 'string' ? each : '*')).join('/')}`;
const title = (resource: Resource) => `${resource.route.method} ${templateOf(resource.route)}`;

describe('the resources of the contract', () => {
  test('are each reached by a path of its own', () => {
    const shapes = all.map(shapeOf);
    expect(shapes.filter((shape, index) => shapes.indexOf(shape) !== index)).toEqual([]);
    const ofRequests = new Set(Object.keys(engineRequests).map(requestPath));
    const taken = all.filter(({ route }) => route.method === 'POST' && route.segments.length === 2);
    expect(taken.map(title).filter((path) => ofRequests.has(path.replace('POST ', '')))).toEqual([]);
    expect(taken.flatMap(({ route }) => parametersOf(route))).toEqual([]);
  });

  test('name in their path only fields of the input, or the cluster that it is on', () => {
    const unknown = all.flatMap((resource) => {
      const { properties } = fieldsOf(resource.definition.input) ?? { properties: {} };
      const names = [
        ...parametersOf(resource.route),
        ...Object.keys(resource.route.constants).map((name) => ({ name })),
      ];
      return names
        .filter(({ name }) => !Object.hasOwn(properties, name) && name !== 'clusterId')
        .map(({ name }) => `${title(resource)}: ${name}`);
    });
    expect(unknown).toEqual([]);
  });

  test('read with GET and DELETE only what fits a query', () => {
    const misfits = all.flatMap((resource) => {
      if (!['GET', 'DELETE'].includes(resource.route.method)) return [];
      const { properties } = fieldsOf(resource.definition.input) ?? { properties: {}, required: [] };
      return Object.entries(properties)
        .filter(([, { type }]) => type === 'object')
        .map(([name]) => `${title(resource)}: ${name}`);
    });
    expect(misfits).toEqual([]);
  });

  test('change nothing with GET', () => {
    const changing = all.filter(
      ({ route, definition }) => route.method === 'GET' && definition.writes && definition.scope !== 'owner',
    );
    expect(changing.map(title)).toEqual([]);
  });

  test('have examples that their schemas take', () => {
    const wrong = all.filter(
      ({ definition: { input, example } }) => example !== undefined && !input.safeParse(example).success,
    );
    expect(wrong.map(title)).toEqual([]);
    const bodies = all.filter(({ route, kind }) => kind === 'request' && !['GET', 'DELETE'].includes(route.method));
    const document = JSON.parse(JSON.stringify(openApiDocument('1'))) as {
      paths: Record<string, Record<string, { requestBody?: { content: Record<string, { example?: unknown }> } }>>;
    };
    const without = bodies.filter(({ route }) => {
      const body = document.paths[templateOf(route)]?.[route.method.toLowerCase()]?.requestBody;
      return body !== undefined && body.content['application/json']?.example === undefined;
    });
    expect(without.map(title)).toEqual([]);
  });

  test.each(['GET clusters', 'GET /a b', 'GET /files/{+path}/x', '/clusters'])('refuses “%s” as a resource', (text) => {
    expect(() => parseHttpRoute(text as 'GET /')).toThrow();
  });
});

describe('the input of a resource', () => {
  const idOf = (reference: string) => (reference === 'hpc' ? 'c1' : reference);
  const read = (
    path: string,
    given: { parameters?: Record<string, string>; query?: string; body?: unknown },
    method = 'GET',
  ) => {
    const resource = all.find((each) => templateOf(each.route) === `/v1${path}` && each.route.method === method);
    if (!resource) throw new Error(`${path} is none.`);
    return new ResourceInput(resource, idOf).read({
      parameters: given.parameters ?? {},
      query: new URLSearchParams(given.query),
      body: given.body,
    });
  };
  const codeOf = (work: () => unknown) => {
    try {
      work();
      return null;
    } catch (error) {
      return AppError.from(error);
    }
  };

  test('has the cluster of its path by id or name, and typed values of the query', () => {
    expect(
      read('/clusters/{clusterId}/files', { parameters: { clusterId: 'hpc' }, query: 'path=a%20b&nearest=true' }),
    ).toEqual({
      input: { clusterId: 'c1', path: 'a b', nearest: true },
      clusterId: 'c1',
    });
    expect(
      read('/clusters/{clusterId}/apps', {
        parameters: { clusterId: 'c1' },
        query: 'states=ready&states=ended&limit=5&text=12',
      }).input,
    ).toEqual({ clusterId: 'c1', kind: 'app', states: ['ready', 'ended'], limit: 5, text: '12' });
    expect(read('/status', {}).input).toBeUndefined();
  });

  test('has the cluster beside it where the input has none', () => {
    expect(read('/clusters/{clusterId}/apps/{id}', { parameters: { clusterId: 'hpc', id: 'i1' } })).toEqual({
      input: { id: 'i1' },
      clusterId: 'c1',
    });
  });

  test('leaves what does not fit to the schema', () => {
    const { input } = read('/apps', { query: 'limit=many&from=&states=x' });
    expect(input).toEqual({ kind: 'app', limit: 'many', from: '', states: ['x'] });
  });

  test('has no parameters besides those of the contract, and none that the path says', () => {
    const files = (query: string) =>
      codeOf(() => read('/clusters/{clusterId}/files', { parameters: { clusterId: 'c1' }, query }));
    expect(files('path=a&depth=2&x=1')).toMatchObject({
      code: 'bad-input',
      errors: [{ field: 'depth' }, { field: 'x' }],
    });
    expect(files('path=a&clusterId=c2')).toMatchObject({ code: 'bad-input', errors: [{ field: 'clusterId' }] });
  });

  test('is a JSON object that says nothing else than the path', () => {
    const launch = (body: unknown) =>
      codeOf(() => read('/clusters/{clusterId}/apps', { parameters: { clusterId: 'hpc' }, body }, 'POST'));
    expect(launch({ recipe: 'a', clusterId: 'c2' })).toMatchObject({
      code: 'bad-input',
      errors: [{ field: 'clusterId' }],
    });
    expect(launch([])).toMatchObject({ code: 'bad-input' });
    expect(launch('x')).toMatchObject({ code: 'bad-input' });
    expect(launch({ recipe: 'a', clusterId: 'c1' })).toBeNull();
  });
});
