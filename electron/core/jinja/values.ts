import { TemplateFault } from './fault.ts';
import { limits, type Meter } from './meter.ts';

/**
 * Python's values: None is null, int is bigint, float is number, list is an array that may change; the rest are the
 * classes below. Nothing else ever enters an evaluation, so no JavaScript object can be reached from a template.
 */
export type Value = null | boolean | bigint | number | string | Value[] | Special;
type Special = Undefined | Tuple | Dict | Range | Stream | DictView | Callable | Namespace | LoopLike;

/** Jinja2's default Undefined: empty, false, iterable; an error in all other uses. */
export class Undefined {
  /** What the error says, e.g. `“args” is undefined`. */
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
  fail(): TemplateFault {
    return new TemplateFault(this.reason);
  }
}

export class Tuple {
  readonly items: readonly Value[];
  constructor(items: readonly Value[]) {
    this.items = items;
  }
}

export class Range {
  readonly start: bigint;
  readonly stop: bigint;
  readonly step: bigint;
  constructor(start: bigint, stop: bigint, step: bigint) {
    if (step === 0n) throw new TemplateFault('range() takes no step of 0');
    this.start = start;
    this.stop = stop;
    this.step = step;
  }
  get length(): bigint {
    const span = this.step > 0n ? this.stop - this.start : this.start - this.stop;
    const step = this.step > 0n ? this.step : -this.step;
    return span > 0n ? (span + step - 1n) / step : 0n;
  }
  at(index: bigint): bigint {
    return this.start + index * this.step;
  }
}

/** A Python generator or iterator: runs once, has no length, cannot be printed. */
export class Stream {
  readonly iterator: Iterator<Value>;
  constructor(values: Iterable<Value>) {
    this.iterator = values[Symbol.iterator]();
  }
}

/** `keys()`, `values()` and `items()` of a dict: sees later changes. */
export class DictView {
  readonly dict: Dict;
  readonly kind: 'keys' | 'values' | 'items';
  constructor(dict: Dict, kind: DictView['kind']) {
    this.dict = dict;
    this.kind = kind;
  }
  *[Symbol.iterator](): Generator<Value> {
    for (const [key, value] of this.dict.entries()) {
      yield this.kind === 'keys' ? key : this.kind === 'values' ? value : new Tuple([key, value]);
    }
  }
}

export interface CallArgs {
  positional: Value[];
  named: ReadonlyMap<string, Value>;
}

/** Something that can be called. Printing it would show a memory address in Python, so it is refused. */
export class Callable {
  readonly name: string;
  readonly call: (args: CallArgs, meter: Meter) => Value;
  constructor(name: string, call: Callable['call']) {
    this.name = name;
    this.call = call;
  }
}

export class Namespace {
  readonly vars = new Map<string, Value>();
}

/** The `loop` of a for tag. */
export abstract class LoopLike {
  abstract attribute(name: string): Value;
  abstract get length(): bigint;
}

/** Insertion-ordered; 1, 1.0 and True are one key, as in Python. */
export class Dict {
  readonly #entries = new Map<string, [Value, Value]>();

  static of(entries: Iterable<readonly [Value, Value]>): Dict {
    const dict = new Dict();
    for (const [key, value] of entries) dict.set(key, value);
    return dict;
  }
  get size(): number {
    return this.#entries.size;
  }
  get(key: Value): Value | undefined {
    return this.#entries.get(hashKey(key))?.[1];
  }
  has(key: Value): boolean {
    return this.#entries.has(hashKey(key));
  }
  set(key: Value, value: Value): void {
    const hash = hashKey(key);
    const found = this.#entries.get(hash);
    if (found) found[1] = value;
    else this.#entries.set(hash, [key, value]);
  }
  delete(key: Value): void {
    this.#entries.delete(hashKey(key));
  }
  *entries(): Generator<readonly [Value, Value]> {
    const size = this.size;
    for (const entry of this.#entries.values()) {
      yield entry;
      if (this.size !== size) throw new TemplateFault('a dictionary changed its size while a loop ran over it');
    }
  }
}

/** Equal keys have equal texts. @throws TemplateFault for what Python cannot hash */
export function hashKey(key: Value): string {
  if (key === null) return 'none';
  if (typeof key === 'string') return `s${short(key)}`;
  if (typeof key === 'boolean') return key ? 'n1' : 'n0';
  if (typeof key === 'bigint') return `n${key}`;
  if (typeof key === 'number') return `n${Number.isInteger(key) ? BigInt(key) : key}`;
  if (key instanceof Tuple) {
    let hash = '(';
    for (const item of key.items) hash = short(`${hash}${JSON.stringify(hashKey(item))},`);
    return hash;
  }
  if (key instanceof Undefined) return 'undefined';
  throw new TemplateFault(`${typeName(key)} cannot be a key`);
}

/** Looking up reads the whole key each time, and quotes double with each tuple in a tuple. */
function short(key: string): string {
  if (key.length <= limits.key) return key;
  throw new TemplateFault(`a key has more than ${limits.key} characters`);
}

/** Python's name of the value's type. */
export function typeName(value: Value): string {
  if (value === null) return 'NoneType';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float';
  if (typeof value === 'string') return 'str';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Tuple) return 'tuple';
  if (value instanceof Dict) return 'dict';
  if (value instanceof Range) return 'range';
  if (value instanceof Undefined) return 'Undefined';
  if (value instanceof Stream) return 'generator';
  if (value instanceof DictView) return `dict_${value.kind}`;
  if (value instanceof Namespace) return 'Namespace';
  return value instanceof Callable ? 'function' : 'loop';
}

/** A value of the context, copied: numbers that are integers become ints. */
export function fromData(data: unknown): Value {
  if (data === null || data === undefined) return null;
  if (typeof data === 'boolean' || typeof data === 'string' || typeof data === 'bigint') return data;
  if (typeof data === 'number') return Number.isSafeInteger(data) ? BigInt(data) : data;
  if (Array.isArray(data)) return data.map(fromData);
  if (typeof data === 'object') return Dict.of(Object.entries(data).map(([key, value]) => [key, fromData(value)]));
  throw new TemplateFault(`a ${typeof data} cannot enter a template`);
}

/** Characters as Python counts them. */
export const points = (text: string): string[] => Array.from(text);
const surrogate = /[\ud800-\udfff]/;
/** Each UTF-16 unit of it is a character. */
export const isPlain = (text: string): boolean => !surrogate.test(text);
export const textLength = (text: string): number => (isPlain(text) ? text.length : points(text).length);

/** Length by len(); null: it has none. */
export function lengthOf(value: Value): bigint | null {
  if (typeof value === 'string') return BigInt(textLength(value));
  if (Array.isArray(value)) return BigInt(value.length);
  if (value instanceof Tuple) return BigInt(value.items.length);
  if (value instanceof Dict) return BigInt(value.size);
  if (value instanceof DictView) return BigInt(value.dict.size);
  if (value instanceof Range || value instanceof LoopLike) return value.length;
  return value instanceof Undefined ? 0n : null;
}

export function isTrue(value: Value): boolean {
  if (value === null || value === false || value === 0 || value === 0n || value === '') return false;
  if (typeof value !== 'object') return true;
  const length = lengthOf(value);
  return length === null || length > 0n;
}

/** The values of an iterable, each counted as a step; null: it is none. */
export function valuesOf(value: Value, meter: Meter): Iterable<Value> | null {
  const plain = plainValues(value, meter);
  return plain && counted(plain, meter);
}

function plainValues(value: Value, meter: Meter): Iterable<Value> | null {
  if (typeof value === 'string') {
    meter.text(value.length);
    return value;
  }
  if (Array.isArray(value) || value instanceof DictView) return value;
  if (value instanceof Tuple) return value.items;
  if (value instanceof Dict) return new DictView(value, 'keys');
  if (value instanceof Range) return rangeValues(value);
  if (value instanceof Stream) return { [Symbol.iterator]: () => ({ next: () => value.iterator.next() }) };
  return value instanceof Undefined ? [] : null;
}

function* rangeValues(range: Range): Generator<Value> {
  const { length } = range;
  for (let index = 0n; index < length; index++) yield range.at(index);
}

function* counted(values: Iterable<Value>, meter: Meter): Generator<Value> {
  for (const value of values) {
    meter.step();
    yield value;
  }
}

/** @throws TemplateFault when the value is no iterable */
export function iterate(value: Value, meter: Meter): Iterable<Value> {
  const values = valuesOf(value, meter);
  if (values === null) throw new TemplateFault(`${typeName(value)} is not iterable`);
  return values;
}

export const listOf = (value: Value, meter: Meter): Value[] => [...iterate(value, meter)];
