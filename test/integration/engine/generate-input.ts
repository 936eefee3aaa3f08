import type { Random } from '../recipes/random.ts';

export type Schema = Record<string, unknown>;
/** Values to choose from for a property, by its name: ids that exist, and what is safe to run, send or connect to here. */
export type Candidates = Record<string, readonly unknown[]>;

const words = ['', 'a', 'node-1', 'two words', '漢字 é', 'x'.repeat(90)];
const patterned = ['', 'main', 'lab-1', '/none', '~/none', '2', 'line', '0'.repeat(40)];

/** A value that mostly fits a JSON schema as zod writes it. */
export function generateValue(schema: Schema, random: Random, candidates: Candidates, property = ''): unknown {
  const chosen = candidates[property];
  if (chosen !== undefined) return chosen[random.int(chosen.length)];
  if ('const' in schema) return schema.const;
  if (Array.isArray(schema.enum)) return random.pick(schema.enum);
  const choices = (schema.anyOf ?? schema.oneOf) as Schema[] | undefined;
  if (choices) return generateValue(random.pick(choices), random, candidates, property);
  switch (schema.type) {
    case 'object':
      return generateObject(schema, random, candidates);
    case 'array': {
      const { minItems = 0, items = {} } = schema as { minItems?: number; items?: Schema };
      const value = () => generateValue(items, random, candidates, property);
      return [...Array.from({ length: minItems }, value), ...random.list(2, value)];
    }
    case 'string':
      return generateString(schema, random);
    case 'integer':
    case 'number':
      return generateNumber(schema, random);
    case 'boolean':
      return random.chance(0.5);
    case 'null':
      return null;
    default:
      return random.pick([null, 1, 'text', [], {}]);
  }
}

function generateObject(schema: Schema, random: Random, candidates: Candidates): Record<string, unknown> {
  const properties = (schema.properties ?? {}) as Record<string, Schema>;
  const required = (schema.required ?? []) as string[];
  const given = Object.entries(properties).filter(([name]) => required.includes(name) || random.chance(0.5));
  return Object.fromEntries(given.map(([name, each]) => [name, generateValue(each, random, candidates, name)]));
}

function generateString(schema: Schema, random: Random): string {
  const { minLength = 0, maxLength = 1_000_000, pattern } = schema as Record<string, number> & { pattern?: string };
  const fits = (text: string) => text.length >= minLength && text.length <= maxLength;
  const matching = new RegExp(pattern ?? '', 'u');
  const pool = pattern === undefined ? words : [...words, ...patterned].filter((text) => matching.test(text));
  const fitting = pool.filter(fits);
  return fitting.length > 0 ? random.pick(fitting) : 'a'.repeat(minLength);
}

function generateNumber(schema: Schema, random: Random): number {
  const { minimum, maximum } = schema as { minimum?: number; maximum?: number };
  const from = Math.max(minimum ?? -5, -1_000_000);
  const to = Math.min(maximum ?? from + 50, from + 1000);
  return random.pick([from, to, from + random.int(to - from + 1)]);
}

/** The value with one fault: a field missing, unknown, too long or of another type, or another value altogether. */
export function spoilValue(value: unknown, random: Random): unknown {
  if (Array.isArray(value)) return random.pick([spoilWhole(value, random), [...value, ...Array(2000).fill({})]]);
  if (typeof value !== 'object' || value === null) return spoilWhole(value, random);
  const names = Object.keys(value);
  if (names.length === 0 || random.chance(0.15)) return spoilWhole(value, random);
  const name = random.pick(names);
  const { [name]: field, ...others } = value as Record<string, unknown>;
  switch (random.int(4)) {
    case 0:
      return others;
    case 1:
      return { ...value, 'no such field': 1, ['__proto__']: { polluted: true } };
    case 2:
      return { ...others, [name]: spoilWhole(field, random) };
    default:
      return { ...others, [name]: spoilValue(field, random) };
  }
}

/** A value of another type, or of the same one far beyond any limit. */
function spoilWhole(value: unknown, random: Random): unknown {
  const long = 'x'.repeat(200_000);
  const kinds = [null, true, -1e300, 0.5, long, '\0', [], [[]], {}, { value }];
  return random.pick(kinds.filter((each) => typeof each !== typeof value || each === long));
}
