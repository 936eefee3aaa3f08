import type { HttpRoute } from './define.ts';

export interface HttpParameter {
  name: string;
  /** It names a cluster, by its id or its name. */
  isCluster: boolean;
  /** It takes the rest of the path, slashes included. */
  isRest: boolean;
}

/** What a resource of the contract says. */
export interface ParsedHttpRoute {
  method: string;
  /** Parts of the path below `/v1`: text that stands there, or a parameter. */
  segments: readonly (string | HttpParameter)[];
  /** Fields that the resource sets, as text. */
  constants: Readonly<Record<string, string>>;
}

/** @throws Error for text that is no resource, which a test finds */
export function parseHttpRoute(route: HttpRoute): ParsedHttpRoute {
  const [, method = '', path = '', query = ''] = /^([A-Z]+) \/([^?]*)(?:\?(.*))?$/.exec(route) ?? [];
  const texts = path.split('/');
  const segments = texts.map((text, index) => {
    const [, rest, name] = /^\{(\+?)(\w+)\}$/.exec(text) ?? [];
    if (name === undefined) return text;
    return { name, isCluster: texts[index - 1] === 'clusters', isRest: rest === '+' };
  });
  const isWrong = (segment: string | HttpParameter, index: number) =>
    typeof segment === 'string' ? !/^[a-z-]+$/.test(segment) : segment.isRest && index < segments.length - 1;
  if (method === '' || segments.some(isWrong)) throw new Error(`“${route}” is no resource.`);
  return { method, segments, constants: Object.fromEntries(new URLSearchParams(query)) };
}

export const parametersOf = ({ segments }: ParsedHttpRoute): HttpParameter[] =>
  segments.filter((segment) => typeof segment !== 'string');

/** Its path in an OpenAPI document. */
export const templateOf = ({ segments }: ParsedHttpRoute): string =>
  `/v1/${segments.map((segment) => (typeof segment === 'string' ? segment : `{${segment.name}}`)).join('/')}`;

/** Its path as the router takes it. */
export const patternOf = ({ segments }: ParsedHttpRoute): string =>
  `/v1/${segments
    .map((segment) => (typeof segment === 'string' ? segment : `:${segment.name}${segment.isRest ? '{.+}' : ''}`))
    .join('/')}`;
