import { equals } from './compare.ts';
import { TemplateFault } from './fault.ts';
import type { Meter } from './meter.ts';
import { type Method, take } from './methods-text.ts';
import { asSize } from './numbers.ts';
import { Dict, DictView, hashKey, listOf, Tuple, typeName, Undefined, type Value } from './values.ts';

function onList(
  name: string,
  least: number,
  most: number,
  work: (self: Value[], args: Value[], meter: Meter) => Value,
): Method {
  return (self, args, meter) => {
    if (!Array.isArray(self)) throw new TemplateFault(`${name}() needs a list`);
    meter.step(1 + self.length / 16);
    return work(self, take(args, name, least, most), meter);
  };
}

function onDict(
  name: string,
  least: number,
  most: number,
  work: (self: Dict, args: Value[], meter: Meter) => Value,
): Method {
  return (self, args, meter) => {
    if (!(self instanceof Dict)) throw new TemplateFault(`${name}() needs a dictionary`);
    return work(self, take(args, name, least, most), meter);
  };
}

function position(items: readonly Value[], value: Value, meter: Meter): bigint {
  const at = items.findIndex((item) => equals(item, value, meter));
  if (at === -1) throw new TemplateFault('the value looked for is not there');
  return BigInt(at);
}

const count = (items: readonly Value[], value: Value, meter: Meter): bigint =>
  BigInt(items.filter((item) => equals(item, value, meter)).length);

export const listMethods: Readonly<Record<string, Method>> = Object.assign(Object.create(null), {
  append: onList('append', 1, 1, (self, [value = null]) => {
    self.push(value);
    return null;
  }),
  extend: onList('extend', 1, 1, (self, [values = null], meter) => {
    for (const value of listOf(values, meter)) self.push(value);
    return null;
  }),
  insert: onList('insert', 2, 2, (self, [at = null, value = null]) => {
    self.splice(asSize(at, 'a place'), 0, value);
    return null;
  }),
  pop: onList('pop', 0, 1, (self, [at = -1n]) => {
    const index = asSize(at, 'a place');
    const place = index < 0 ? index + self.length : index;
    const found = self[place];
    if (found === undefined) throw new TemplateFault('pop() found nothing at that place');
    self.splice(place, 1);
    return found;
  }),
  index: onList('index', 1, 1, (self, [value = null], meter) => position(self, value, meter)),
  count: onList('count', 1, 1, (self, [value = null], meter) => count(self, value, meter)),
  copy: onList('copy', 0, 0, (self) => [...self]),
});

export const tupleMethods: Readonly<Record<string, Method>> = Object.assign(Object.create(null), {
  index: ((self, args, meter) => position(itemsOf(self), take(args, 'index', 1, 1)[0] ?? null, meter)) satisfies Method,
  count: ((self, args, meter) => count(itemsOf(self), take(args, 'count', 1, 1)[0] ?? null, meter)) satisfies Method,
});

const itemsOf = (value: Value): readonly Value[] => (value instanceof Tuple ? value.items : []);

/** Pairs a dictionary is made of: another, or pairs in a list. */
export function pairsOf(value: Value, meter: Meter): [Value, Value][] {
  if (value instanceof Dict) {
    meter.step(value.size);
    return Array.from(value.entries(), ([key, item]) => [key, item]);
  }
  if (value instanceof Undefined) throw value.fail();
  return listOf(value, meter).map((pair) => {
    const [key, item, ...more] = listOf(pair, meter);
    if (key === undefined || item === undefined || more.length > 0) {
      throw new TemplateFault(`a dictionary is made of pairs, not of ${typeName(pair)}`);
    }
    return [key, item];
  });
}

const or = (value: Value | undefined, other: Value): Value => (value === undefined ? other : value);

export const dictMethods: Readonly<Record<string, Method>> = Object.assign(Object.create(null), {
  items: onDict('items', 0, 0, (self) => new DictView(self, 'items')),
  keys: onDict('keys', 0, 0, (self) => new DictView(self, 'keys')),
  values: onDict('values', 0, 0, (self) => new DictView(self, 'values')),
  get: onDict('get', 1, 2, (self, [key = null, other = null]) => or(self.get(key), other)),
  copy: onDict('copy', 0, 0, (self, _, meter) => Dict.of(pairsOf(self, meter))),
  setdefault: onDict('setdefault', 1, 2, (self, [key = null, other = null]) => {
    if (!self.has(key)) self.set(key, other);
    return or(self.get(key), other);
  }),
  pop: onDict('pop', 1, 2, (self, [key = null, other]) => {
    const inside = self.get(key);
    const found = inside === undefined ? other : inside;
    if (found === undefined) throw new TemplateFault(`there is no key ${hashKey(key).slice(1)}`);
    self.delete(key);
    return found;
  }),
  update: ((self, { positional, named }, meter) => {
    if (!(self instanceof Dict) || positional.length > 1) throw new TemplateFault('update() takes one dictionary');
    for (const [key, value] of positional[0] === undefined ? [] : pairsOf(positional[0], meter)) self.set(key, value);
    for (const [key, value] of named) self.set(key, value);
    return null;
  }) satisfies Method,
});
