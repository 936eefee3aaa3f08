import type { HttpRoute, RequestDefinition, StreamDefinition } from '../../shared/contract/define.ts';
import { type ParsedHttpRoute, parseHttpRoute } from '../../shared/contract/http-route.ts';
import { engineRequests, streams } from '../../shared/contract/index.ts';

/** A request or stream that is also reached by a path of its own. */
export type Resource = { name: string; route: ParsedHttpRoute } & (
  | { kind: 'request'; definition: RequestDefinition }
  | { kind: 'stream'; definition: StreamDefinition }
);

/** All resources of the contract. */
export function resources(): Resource[] {
  return [
    ...Object.entries<RequestDefinition>(engineRequests).flatMap(([name, definition]) =>
      routesOf(definition.http).map((route) => ({ name, route, kind: 'request' as const, definition })),
    ),
    ...Object.entries<StreamDefinition>(streams).flatMap(([name, definition]) =>
      routesOf(definition.http).map((route) => ({ name, route, kind: 'stream' as const, definition })),
    ),
  ];
}

const routesOf = (http: HttpRoute | readonly HttpRoute[] = []): ParsedHttpRoute[] =>
  (typeof http === 'string' ? [http] : http).map(parseHttpRoute);
