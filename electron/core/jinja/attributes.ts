import { numeric } from './compare.ts';
import { TemplateFault, unsupported } from './fault.ts';
import type { Meter } from './meter.ts';
import { dictMethods, listMethods, tupleMethods } from './methods-collection.ts';
import { type Method, textMethods } from './methods-text.ts';
import { asIndex } from './numbers.ts';
import { repr } from './text.ts';
import {
  Callable,
  Dict,
  isPlain,
  LoopLike,
  Namespace,
  points,
  Range,
  Tuple,
  typeName,
  Undefined,
  type Value,
} from './values.ts';

/** Attributes of Python's types that recipes do without. */
const pythonOnly: Readonly<Record<string, string>> = {
  str: 'encode expandtabs format_map isalnum isascii isdecimal isidentifier isnumeric isprintable istitle maketrans translate casefold partition rpartition swapcase isspace title',
  list: 'clear sort reverse remove',
  dict: 'clear fromkeys popitem',
  int: 'as_integer_ratio bit_count bit_length conjugate denominator from_bytes imag numerator real to_bytes',
  bool: 'as_integer_ratio bit_count bit_length conjugate denominator from_bytes imag numerator real to_bytes',
  float: 'as_integer_ratio conjugate fromhex hex imag is_integer real',
  range: 'count index start step stop',
  function: 'name arguments caller defaults catch_kwargs catch_varargs',
  generator: 'close gi_code gi_frame gi_running gi_yieldfrom gi_suspended send throw',
  dict_keys: 'isdisjoint mapping',
  dict_items: 'isdisjoint mapping',
  dict_values: 'mapping',
};

/** `object.name`: an attribute, else an item of that key, else undefined. */
export function attribute(object: Value, name: string, meter: Meter): Value {
  const own = ownAttribute(object, name);
  if (own !== undefined) return own;
  const found = itemOrNone(object, name, meter);
  return found === undefined ? missing(object, name, meter) : found;
}

/** `object[key]`: an item, else for a text an attribute of that name, else undefined. */
export function item(object: Value, key: Value, meter: Meter): Value {
  const found = itemOrNone(object, key, meter);
  if (found !== undefined) return found;
  const own = typeof key === 'string' ? ownAttribute(object, key) : undefined;
  return own === undefined ? missing(object, key, meter) : own;
}

function missing(object: Value, key: Value, meter: Meter): Undefined {
  const name = typeof key === 'string' ? `attribute “${key}”` : `element ${repr(key, meter)}`;
  return new Undefined(`${typeName(object)} has no ${name}`);
}

function ownAttribute(object: Value, name: string): Value | undefined {
  if (name.startsWith('__')) throw unsupported(`the attribute “${name}”`);
  if (object instanceof Undefined) throw object.fail();
  if (object instanceof LoopLike) return object.attribute(name);
  if (object instanceof Namespace) return object.vars.get(name);
  const type = typeName(object);
  const method = methodsOf(object)?.[name];
  if (method) {
    return new Callable(`${type}.${name}`, (args, meter) => method(object, args, meter));
  }
  if (pythonOnly[type]?.split(' ').includes(name)) throw unsupported(`“${name}” of ${type}`);
  return undefined;
}

function methodsOf(object: Value): Readonly<Record<string, Method>> | undefined {
  if (typeof object === 'string') return textMethods;
  if (Array.isArray(object)) return listMethods;
  if (object instanceof Tuple) return tupleMethods;
  return object instanceof Dict ? dictMethods : undefined;
}

/** undefined: there is none, or the object has no items. */
function itemOrNone(object: Value, key: Value, meter: Meter): Value | undefined {
  if (object instanceof Undefined) throw object.fail();
  if (object instanceof Dict) {
    // A list as a key is a TypeError in Python, which Jinja2 takes for “not there”.
    return Array.isArray(key) || key instanceof Dict ? undefined : object.get(key);
  }
  const index = numeric(key);
  if (typeof index !== 'bigint') return undefined;
  const within = (length: number): number => Number(index < 0n ? index + BigInt(length) : index);
  if (typeof object === 'string') {
    meter.text(object.length);
    if (isPlain(object)) return object[within(object.length)];
    const characters = points(object);
    return characters[within(characters.length)];
  }
  if (Array.isArray(object)) return object[within(object.length)];
  if (object instanceof Tuple) return object.items[within(object.items.length)];
  if (!(object instanceof Range)) return undefined;
  const at = index < 0n ? index + object.length : index;
  return at >= 0n && at < object.length ? object.at(at) : undefined;
}

/** `object[start:stop:step]`. */
export function slice(object: Value, start: Value, stop: Value, step: Value, meter: Meter): Value {
  if (object instanceof Undefined) throw object.fail();
  const part = (value: Value) => (value === null ? null : asIndex(value, 'a part of a slice'));
  const [from, to, by] = [part(start), part(stop), part(step) ?? 1n];
  if (by === 0n) throw new TemplateFault('the step of a slice cannot be 0');
  if (object instanceof Range) {
    const [first, last] = bounds(object.length, from, to, by);
    return new Range(object.at(first), object.at(last), object.step * by);
  }
  if (typeof object === 'string' && by === 1n && isPlain(object)) {
    const [first, last] = bounds(BigInt(object.length), from, to, by);
    meter.text(object.length);
    return object.slice(Number(first), Math.max(Number(first), Number(last)));
  }
  const items = typeof object === 'string' ? points(object) : object instanceof Tuple ? object.items : object;
  if (!Array.isArray(items)) throw new TemplateFault(`${typeName(object)} cannot be sliced`);
  if (typeof object === 'string') meter.text(object.length);
  const [first, last] = bounds(BigInt(items.length), from, to, by);
  const chosen: Value[] = [];
  const jump = Number(by);
  for (let index = Number(first); jump > 0 ? index < last : index > last; index += jump)
    chosen.push(items[index] ?? null);
  if (typeof object === 'string') return chosen.join('');
  meter.step(chosen.length);
  return object instanceof Tuple ? new Tuple(chosen) : chosen;
}

/** Where a slice begins and ends, as Python's `slice.indices`. */
function bounds(length: bigint, start: bigint | null, stop: bigint | null, step: bigint): [bigint, bigint] {
  const [low, high] = step < 0n ? [-1n, length - 1n] : [0n, length];
  const clip = (value: bigint) => {
    const index = value < 0n ? value + length : value;
    return index < low ? low : index > high ? high : index;
  };
  return [
    start === null ? (step < 0n ? high : low) : clip(start),
    stop === null ? (step < 0n ? low : high) : clip(stop),
  ];
}
