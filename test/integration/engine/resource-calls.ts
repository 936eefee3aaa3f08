import type { Random } from '../recipes/random.ts';
import type { Route } from './contract-checks.ts';
import { type Candidates, generateValue, type Schema, spoilValue } from './generate-input.ts';

export interface ResourceCall {
  method: string;
  path: string;
  body: string | undefined;
}

/** One call of a resource with generated parameters and body; `isSpoiled`: with a fault somewhere. */
export function resourceCall(route: Route, candidates: Candidates, random: Random, isSpoiled: boolean): ResourceCall {
  let { path } = route;
  const query = new URLSearchParams();
  for (const { name, in: place, required, schema } of route.operation.parameters) {
    if (place === 'header' || (!required && random.chance(0.5))) continue;
    const valid = generateValue(schema, random, candidates, name);
    const value = isSpoiled && place === 'query' ? spoilValue(valid, random) : valid;
    const texts = (Array.isArray(value) ? value : [value]).map((each) =>
      typeof each === 'object' ? JSON.stringify(each) : String(each),
    );
    // A head of 16 KiB or more is another test.
    if (place === 'query') for (const text of texts.slice(0, 20)) query.append(name, text.slice(0, 200));
    // An empty part would be another path.
    else path = path.replace(`{${name}}`, encodeURIComponent((texts[0] || 'none').slice(0, 500)));
  }
  if (isSpoiled && random.chance(0.3)) query.append('unknown', 'x');
  const schema: Schema | undefined = route.operation.requestBody?.content['application/json']?.schema;
  const given = schema && generateValue(schema, random, candidates);
  const body = isSpoiled ? spoilValue(given, random) : given;
  const search = query.size > 0 ? `?${query}` : '';
  return { method: route.method, path: `${path}${search}`, body: schema && JSON.stringify(body) };
}
