import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { z } from 'zod';
import type { Schema } from './generate-input.ts';

const mediaSchema = z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) }));
const parameterSchema = z.object({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean().default(false),
  schema: z.record(z.string(), z.unknown()),
});
const operationSchema = z.object({
  operationId: z.string(),
  'x-request': z.string().optional(),
  parameters: z.array(parameterSchema).default([]),
  'x-error-codes': z.array(z.string()).default([]),
  'x-stream': z.record(z.enum(['input', 'opened', 'closed']), z.record(z.string(), z.unknown())).optional(),
  'x-events': z.record(z.string(), z.object({ payload: z.record(z.string(), z.unknown()) })).optional(),
  requestBody: z.object({ content: mediaSchema }).optional(),
  responses: z.record(z.string(), z.object({ content: mediaSchema.optional() })),
});
export type Operation = z.infer<typeof operationSchema>;

const documentSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({ schemas: z.object({ Problem: z.record(z.string(), z.unknown()) }) }),
});

export interface Route {
  path: string;
  method: string;
  operation: Operation;
}

export interface Answer {
  status: number;
  type: string;
  text: string;
}

/** Finds what an answer of the engine has that its OpenAPI document does not describe. */
export class ContractChecks {
  readonly routes: Route[];
  readonly #ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true, formats: { starts_with: true } }));
  readonly #problem: Schema;
  readonly #compiled = new Map<Schema, ValidateFunction>();

  constructor(document: unknown) {
    const { paths, components } = documentSchema.parse(document);
    this.#problem = components.schemas.Problem;
    this.routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
    );
  }

  /** What of a value does not fit; null: it fits. */
  misfit(schema: Schema, value: unknown): string | null {
    const validate = this.#compiled.get(schema) ?? this.#ajv.compile(schema);
    this.#compiled.set(schema, validate);
    return validate(value) ? null : this.#ajv.errorsText(validate.errors?.slice(0, 5));
  }

  inputSchema({ operation }: Route): Schema | null {
    return operation['x-stream']?.input ?? operation.requestBody?.content['application/json']?.schema ?? null;
  }

  /** The first difference between an answer and its description; null: there is none. */
  fault({ operation }: Route, { status, type, text }: Answer): string | null {
    const described = operation.responses[status];
    if (!described) return `status ${status} is not described: ${text.slice(0, 300)}`;
    if (!described.content) return text === '' ? null : `a body where none is described: ${text.slice(0, 300)}`;
    const media = type.split(';')[0] ?? '';
    const schema = described.content[media]?.schema;
    if (!schema) return `“${media}” is not described for ${status}`;
    if (media !== 'application/json' && media !== 'application/problem+json') return null;
    const value: unknown = JSON.parse(text);
    if (media !== 'application/problem+json') return this.misfit(schema, value);
    return this.problemFault(operation, value, status);
  }

  /** What of a problem is not described for the operation; `internal` is a fault wherever it comes. */
  problemFault(operation: Operation, value: unknown, status: number): string | null {
    const misfit = this.misfit(this.#problem, value);
    if (misfit !== null) return misfit;
    const problem = value as { code: string; status: number };
    if (problem.status !== status) return `the problem says status ${problem.status}, the answer ${status}`;
    return this.codeFault(operation, problem.code, value);
  }

  codeFault(operation: Operation, code: string, value: unknown): string | null {
    const shown = JSON.stringify(value).slice(0, 500);
    if (code === 'internal') return `an internal error: ${shown}`;
    return operation['x-error-codes'].includes(code) ? null : `the code ${code} is not listed: ${shown}`;
  }
}
