import { item } from './attributes.ts';
import { equals, ordered, sorted } from './compare.ts';
import { TemplateFault } from './fault.ts';
import { attributeGetter, ignoreCase, pathOf } from './keys.ts';
import { asSize } from './numbers.ts';
import { binary } from './operators.ts';
import { type Built, type BuiltTable, built, type Runtime } from './runtime.ts';
import { str } from './text.ts';
import {
  Dict,
  DictView,
  hashKey,
  isTrue,
  iterate,
  lengthOf,
  listOf,
  points,
  Stream,
  Tuple,
  typeName,
  Undefined,
  type Value,
} from './values.ts';

const length = built('', (_, input) => {
  const found = lengthOf(input);
  if (found === null) throw new TemplateFault(`${typeName(input)} has no length`);
  return found;
});

/** Only what has a length and places can be read from behind. */
function backwards(input: Value, runtime: Runtime): Value[] | null {
  if (lengthOf(input) === null) return null;
  if (typeof input === 'string') runtime.meter.text(input.length);
  return listOf(input, runtime.meter).reverse();
}

const extreme = (order: '<' | '>'): Built =>
  built('case_sensitive attribute', ({ meter }, input, [sensitive = false, attribute = null]) => {
    const get = attributeGetter(attribute, meter);
    const key = (value: Value) => (isTrue(sensitive) ? get(value) : ignoreCase(get(value)));
    let best: { value: Value; key: Value } | null = null;
    for (const value of iterate(input, meter)) {
      const candidate = { value, key: key(value) };
      if (best === null || ordered(candidate.key, order, best.key, meter)) best = candidate;
    }
    return best === null ? new Undefined('No aggregated item, sequence was empty.') : best.value;
  });

export const listFilters: BuiltTable = {
  length,
  count: length,
  list: built('', ({ meter }, input) => listOf(input, meter)),
  first: built('', ({ meter }, input) => {
    for (const value of iterate(input, meter)) return value;
    return new Undefined('No first item, sequence was empty.');
  }),
  last: built('', (runtime, input) => {
    const values = backwards(input, runtime);
    if (values === null) throw new TemplateFault(`${typeName(input)} has no last item`);
    const [last] = values;
    return last === undefined ? new Undefined('No last item, sequence was empty.') : last;
  }),
  reverse: built('', (runtime, input) => {
    const values = backwards(input, runtime);
    if (typeof input === 'string') return points(input).reverse().join('');
    return values === null ? listOf(input, runtime.meter).reverse() : new Stream(values);
  }),
  join: built('d attribute', ({ meter }, input, [separator = '', attribute = null]) => {
    const get = attributeGetter(attribute, meter);
    const between = str(separator, meter);
    const parts: string[] = [];
    for (const value of iterate(input, meter)) {
      const part = str(get(value), meter);
      meter.text(part.length + between.length);
      parts.push(part);
    }
    return parts.join(between);
  }),
  sort: built(
    'reverse case_sensitive attribute',
    ({ meter }, input, [reverse = false, sensitive = false, attribute = null]) => {
      const attributes: Value[] = typeof attribute === 'string' ? attribute.split(',') : [attribute];
      const paths = attributes.map(pathOf);
      const key = (value: Value): Value =>
        paths.map((path) => {
          const found = path.reduce<Value>((at, part) => item(at, part, meter), value);
          return isTrue(sensitive) ? found : ignoreCase(found);
        });
      return sorted(listOf(input, meter), key, isTrue(reverse), meter);
    },
  ),
  dictsort: built('case_sensitive by reverse', ({ meter }, input, [sensitive = false, by = 'key', reverse = false]) => {
    if (!(input instanceof Dict)) throw new TemplateFault(`“dictsort” needs a dictionary, not ${typeName(input)}`);
    if (by !== 'key' && by !== 'value') throw new TemplateFault('“dictsort” sorts by "key" or "value"');
    const key = (pair: Value): Value => {
      const part = pair instanceof Tuple ? (pair.items[by === 'key' ? 0 : 1] ?? null) : null;
      return isTrue(sensitive) ? part : ignoreCase(part);
    };
    return sorted(listOf(new DictView(input, 'items'), meter), key, isTrue(reverse), meter);
  }),
  unique: built('case_sensitive attribute', ({ meter }, input, [sensitive = false, attribute = null]) => {
    const get = attributeGetter(attribute, meter);
    const key = (value: Value) => hashKey(isTrue(sensitive) ? get(value) : ignoreCase(get(value)));
    return new Stream(
      (function* () {
        const seen = new Set<string>();
        for (const value of iterate(input, meter)) {
          const hash = key(value);
          if (!seen.has(hash)) yield value;
          seen.add(hash);
        }
      })(),
    );
  }),
  min: extreme('<'),
  max: extreme('>'),
  sum: built('attribute start', ({ meter }, input, [attribute = null, start = 0n]) => {
    const get = attributeGetter(attribute, meter);
    if (typeof start === 'string') throw new TemplateFault('texts are joined, not summed');
    let total: Value = start;
    for (const value of iterate(input, meter)) total = binary(total, '+', get(value), meter);
    return total;
  }),
  batch: built('linecount! fill_with', ({ meter }, input, [count = null, fill = null]) => {
    const size = asSize(count, 'a number of items');
    return new Stream(
      (function* () {
        let line: Value[] = [];
        for (const value of iterate(input, meter)) {
          if (line.length === size) {
            yield line;
            line = [];
          }
          line.push(value);
        }
        if (line.length > 0 && fill !== null && line.length < size) {
          meter.step(size);
          while (line.length < size) line.push(fill);
        }
        if (line.length > 0) yield line;
      })(),
    );
  }),
  groupby: built(
    'attribute! default case_sensitive',
    ({ meter }, input, [attribute = null, other = null, sensitive = false]) => {
      const get = attributeGetter(attribute, meter, other);
      const key = (value: Value) => (isTrue(sensitive) ? get(value) : ignoreCase(get(value)));
      const groups: { key: Value; values: Value[] }[] = [];
      for (const value of sorted(listOf(input, meter), key, false, meter)) {
        const last = groups.at(-1);
        if (last && equals(last.key, key(value), meter)) last.values.push(value);
        else groups.push({ key: key(value), values: [value] });
      }
      return groups.map(
        ({ key: group, values }) => new Group(isTrue(sensitive) ? group : get(values[0] ?? null), values),
      );
    },
  ),
  items: built('', (_, input) => {
    if (input instanceof Undefined) return new Stream([]);
    if (!(input instanceof Dict)) throw new TemplateFault(`“items” needs a dictionary, not ${typeName(input)}`);
    return new Stream(new DictView(input, 'items'));
  }),
};

/** A pair whose parts have names, too. */
class Group extends Tuple {
  constructor(grouper: Value, list: Value[]) {
    super([grouper, list]);
  }
}
