import { parametersOf } from '../../shared/contract/http-route.ts';
import { AppError, type FieldError } from '../../shared/errors.ts';
import { message } from '../../shared/messages.ts';
import { headerFields } from './header-fields.ts';
import { fieldsOf, type Json } from './json-schema.ts';
import { queryValue } from './query-value.ts';
import type { Resource } from './resources.ts';

interface ResourceRequest {
  /** By the names of the path's parameters, decoded. */
  parameters: Readonly<Record<string, string>>;
  query: URLSearchParams;
  /** undefined: there is none. */
  body: unknown;
}

export interface ResourceCall {
  input: unknown;
  /** The cluster of the path. */
  clusterId?: string;
}

/** Makes the input of a resource's request or stream of its path, query and body. */
export class ResourceInput {
  readonly #resource: Resource;
  readonly #clusterIdOf: (reference: string) => string;
  #known: Record<string, Json> | null | undefined;

  constructor(resource: Resource, clusterIdOf: (reference: string) => string) {
    this.#resource = resource;
    this.#clusterIdOf = clusterIdOf;
  }

  /** @throws AppError `bad-input` for what the resource does not have */
  read({ parameters, query, body }: ResourceRequest): ResourceCall {
    const { route } = this.#resource;
    const fields = this.#fields();
    const fixed: Record<string, unknown> = {};
    for (const [name, text] of Object.entries(route.constants)) fixed[name] = queryValue(fields[name] ?? {}, [text]);
    let clusterId: string | undefined;
    for (const { name, isCluster } of parametersOf(route)) {
      const given = parameters[name] ?? '';
      const value = isCluster ? this.#clusterIdOf(given) : given;
      if (isCluster) clusterId = value;
      if (Object.hasOwn(fields, name)) fixed[name] = queryValue(fields[name] ?? {}, [value]);
    }
    const given = { ...this.#fromQuery(query, fixed), ...fromBody(body, fixed) };
    const input = this.#known === null && Object.keys(given).length === 0 ? undefined : { ...given, ...fixed };
    return { input, clusterId };
  }

  #fromQuery(query: URLSearchParams, fixed: object): Record<string, unknown> {
    const fields = this.#fields();
    const { method } = this.#resource.route;
    const takesQuery = this.#resource.kind === 'stream' || method === 'GET' || method === 'DELETE';
    const names = [...new Set(query.keys())];
    const elsewhere = new Set([...Object.keys(fixed), ...headerFields(this.#resource)]);
    const unknown = names.filter((name) => !takesQuery || !Object.hasOwn(fields, name) || elsewhere.has(name));
    if (unknown.length > 0) throw unknownParameters(unknown);
    return Object.fromEntries(names.map((name) => [name, queryValue(fields[name] ?? {}, query.getAll(name))]));
  }

  /** Made at the first use: an engine starts without it. */
  #fields(): Record<string, Json> {
    if (this.#known === undefined) this.#known = fieldsOf(this.#resource.definition.input)?.properties ?? null;
    return this.#known ?? {};
  }
}

/** @throws AppError `bad-input` for a body that contradicts the path */
function fromBody(body: unknown, fixed: Readonly<Record<string, unknown>>): Record<string, unknown> {
  if (body === undefined) return {};
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new AppError('bad-input', 'The body is not a JSON object.');
  }
  const fields: Record<string, unknown> = { ...body };
  const other = Object.keys(fixed).filter((name) => Object.hasOwn(fields, name) && fields[name] !== fixed[name]);
  if (other.length === 0) return fields;
  throw new AppError(
    'bad-input',
    message`The path says something else than the body: ${{ fields: other.join(', ') }}.`,
    {
      errors: other.map((field) => ({ field, code: 'conflict', message: 'The path says something else.' })),
    },
  );
}

function unknownParameters(names: readonly string[]): AppError {
  const errors: FieldError[] = names.map((field) => ({
    field,
    code: 'unrecognized_keys',
    message: 'There is no such parameter.',
  }));
  return new AppError('bad-input', message`There is no such parameter: ${{ names: names.join(', ').slice(0, 300) }}.`, {
    errors,
  });
}
