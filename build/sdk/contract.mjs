// The contract as JSON schemas, for what the SDKs derive from it.
import { join } from 'node:path';
import { root } from '../setup/paths.mjs';

/** The schemas of `sdk/schemas.ts` and how to turn one into a JSON schema in which named types are references. */
export async function loadContract() {
  const { build } = await import('esbuild');
  const made = await build({
    stdin: {
      contents: "export * from './sdk/schemas.ts'; export { z } from 'zod';",
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    logLevel: 'silent',
  });
  const source = Buffer.from(made.outputFiles[0].contents).toString('base64');
  const { z, namedSchemas, engineRequests, streams } = await import(`data:text/javascript;base64,${source}`);
  const registry = z.registry();
  for (const [name, schema] of Object.entries(namedSchemas)) registry.add(schema, { id: name });
  const toJson = (schema, io) =>
    z.toJSONSchema(schema, { io, unrepresentable: 'any', ...(io === 'output' && { metadata: registry }) });
  const named = Object.fromEntries(
    Object.entries(namedSchemas).map(([name, schema]) => [name, definitionOf(toJson(schema, 'output'), name)]),
  );
  return { named, engineRequests, streams, toJson };
}

/** The schema of a named type itself, which refers to others by name. */
const definitionOf = (json, name) => (json.$ref ? json.$defs[name] : json);

export const sdkFolder = join(root, 'sdk');
