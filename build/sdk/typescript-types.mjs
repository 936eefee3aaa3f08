// The contract's schemas as TypeScript types that need no library.

/** Whether a request takes or answers nothing. */
export const isNothing = (schema) => schema.def.type === 'void';

const quoteKey = (key) => (/^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key));
const unique = (texts) => [...new Set(texts)];

/** A JSON schema as the text of a TypeScript type. */
export function typeText(schema) {
  if (schema.$ref) return schema.$ref.split('/').at(-1);
  if ('const' in schema) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return unique(options.map(typeText)).join(' | ');
  if (schema.allOf) return schema.allOf.map((part) => `(${typeText(part)})`).join(' & ');
  if (Array.isArray(schema.type)) return unique(schema.type.map((type) => typeText({ ...schema, type }))).join(' | ');
  if (schema.type === 'array') return arrayText(schema);
  if (schema.type === 'object') return objectText(schema);
  return (
    { string: 'string', number: 'number', integer: 'number', boolean: 'boolean', null: 'null' }[schema.type] ??
    'unknown'
  );
}

const arrayText = ({ items, prefixItems }) =>
  prefixItems ? `[${prefixItems.map(typeText).join(', ')}]` : `Array<${items ? typeText(items) : 'unknown'}>`;

function objectText({ properties, required = [], additionalProperties }) {
  if (!properties) {
    if (additionalProperties === false) return 'Record<string, never>';
    return `Record<string, ${additionalProperties ? typeText(additionalProperties) : 'unknown'}>`;
  }
  const fields = Object.entries(properties).map(
    ([key, value]) => `${quoteKey(key)}${required.includes(key) ? '' : '?'}: ${typeText(value)}`,
  );
  return fields.length === 0 ? 'Record<string, never>' : `{ ${fields.join('; ')} }`;
}

const doc = (text) => (text ? `  /** ${text.replaceAll('*/', '* /')} */\n` : '');

/** The text of `sdk/types.d.ts`. */
export function typesFile({ named, engineRequests, streams, toJson }) {
  const output = (schema) => (isNothing(schema) ? 'void' : typeText(toJson(schema, 'output')));
  const input = (schema) => (isNothing(schema) ? 'undefined' : typeText(toJson(schema, 'input')));
  const types = Object.entries(named).map(([name, json]) => `export type ${name} = ${typeText(json)};\n`);
  const requests = Object.entries(engineRequests).map(
    ([name, each]) => `${doc(each.doc)}  '${name}': { input: ${input(each.input)}; output: ${output(each.output)} };\n`,
  );
  const opened = Object.entries(streams).map(
    ([name, each]) =>
      `${doc(each.doc)}  '${name}': { input: ${input(each.input)}; opened: ${output(each.opened)}; closed: ${output(each.closed)} };\n`,
  );
  return [
    "import type { Duplex, Readable } from 'node:stream';\n",
    ...types,
    `/** What each request takes and answers. */\nexport interface Requests {\n${requests.join('')}}\n`,
    `/** What each stream takes, says at its beginning and says at its end. */\nexport interface Streams {\n${opened.join('')}}\n`,
    byteStream,
  ].join('\n');
}

const byteStream = `/** One stream, as both its ends see it. */
export interface ByteStream<Opened = unknown, Closed = unknown> {
  readonly opened: Opened;
  /** Ending it closes the other side's input; destroying it ends the stream. */
  readonly data: Duplex;
  /** A command's error output; null: there is none. */
  readonly stderr: Readable | null;
  /** Resolves at the end; rejects with the error that ended it. */
  readonly closed: Promise<Closed>;
  control(message: { kind: 'resize'; columns: number; rows: number } | { kind: 'interrupt' }): void;
}
`;
