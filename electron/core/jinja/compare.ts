import { TemplateFault } from './fault.ts';
import type { Meter } from './meter.ts';
import { Dict, DictView, hashKey, iterate, Range, Tuple, typeName, Undefined, type Value, valuesOf } from './values.ts';

export type Numeric = bigint | number;

/** A bool counts as an int, as in Python. */
export function numeric(value: Value): Numeric | null {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  return typeof value === 'bigint' || typeof value === 'number' ? value : null;
}

/** Python's `==`. */
export function equals(a: Value, b: Value, meter: Meter): boolean {
  meter.step();
  const x = numeric(a);
  const y = numeric(b);
  // biome-ignore lint/suspicious/noDoubleEquals: only == compares a bigint with a number, and does so exactly.
  if (x !== null && y !== null) return x == y;
  if (typeof a === 'string' && typeof b === 'string') {
    if (a.length === b.length) meter.text(a.length);
    return a === b;
  }
  if (typeof a === 'string' || typeof b === 'string') return false;
  if (Array.isArray(a) && Array.isArray(b)) return sameItems(a, b, meter);
  if (a instanceof Tuple && b instanceof Tuple) return sameItems(a.items, b.items, meter);
  if (a instanceof Dict && b instanceof Dict) {
    if (a.size !== b.size) return false;
    for (const [key, value] of a.entries()) {
      const other = b.get(key);
      if (other === undefined || !equals(value, other, meter)) return false;
    }
    return true;
  }
  if (a instanceof Range && b instanceof Range) {
    if (a.length !== b.length) return false;
    return a.length === 0n || (a.start === b.start && (a.length === 1n || a.step === b.step));
  }
  if (a instanceof Undefined && b instanceof Undefined) return true;
  if (a instanceof DictView && b instanceof DictView && a.kind !== 'values' && b.kind !== 'values') {
    return a.dict.size === b.dict.size && [...a].every((item) => contains(b, item, meter));
  }
  return a === b;
}

const sameItems = (a: readonly Value[], b: readonly Value[], meter: Meter): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index] || equals(item, b[index] ?? null, meter));

export type Order = '<' | '<=' | '>' | '>=';

/** Python's ordering. @throws TemplateFault for types that have none between them */
export function ordered(a: Value, order: Order, b: Value, meter: Meter): boolean {
  meter.step();
  const x = numeric(a);
  const y = numeric(b);
  if (x !== null && y !== null) return byOrder(x, order, y);
  if (typeof a === 'string' && typeof b === 'string') {
    meter.text(Math.min(a.length, b.length));
    return byOrder(compareText(a, b), order, 0);
  }
  const left = itemsOf(a);
  const right = itemsOf(b);
  if (left && right && Array.isArray(a) === Array.isArray(b)) {
    for (let index = 0; index < Math.min(left.length, right.length); index++) {
      const p = left[index] ?? null;
      const q = right[index] ?? null;
      if (p !== q && !equals(p, q, meter)) return ordered(p, order, q, meter);
    }
    return byOrder(left.length, order, right.length);
  }
  for (const value of [a, b]) if (value instanceof Undefined) throw value.fail();
  throw new TemplateFault(`${typeName(a)} and ${typeName(b)} cannot be ordered by “${order}”`);
}

function itemsOf(value: Value): readonly Value[] | null {
  if (Array.isArray(value)) return value;
  return value instanceof Tuple ? value.items : null;
}

function byOrder(a: Numeric, order: Order, b: Numeric): boolean {
  if (order === '<') return a < b;
  if (order === '<=') return a <= b;
  return order === '>' ? a > b : a >= b;
}

/** By code points: JavaScript compares UTF-16 units, which differ above U+FFFF. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  let index = 0;
  while (index < a.length && a[index] === b[index]) index++;
  if (index > 0 && /[\udc00-\udfff]/.test(a[index] ?? b[index] ?? '')) index--;
  return (a.codePointAt(index) ?? -1) - (b.codePointAt(index) ?? -1);
}

/** Python's `item in container`. */
export function contains(container: Value, item: Value, meter: Meter): boolean {
  if (typeof container === 'string') {
    if (typeof item !== 'string') throw new TemplateFault(`“in” a text needs a text, not ${typeName(item)}`);
    meter.text(container.length);
    return container.includes(item);
  }
  if (container instanceof Dict || (container instanceof DictView && container.kind === 'keys')) {
    hashKey(item);
    return (container instanceof Dict ? container : container.dict).has(item);
  }
  const number = numeric(item);
  if (container instanceof Range && number !== null) {
    if (typeof number === 'number' && !Number.isInteger(number)) return false;
    const offset = BigInt(number) - container.start;
    const index = offset / container.step;
    return offset % container.step === 0n && index >= 0n && index < container.length;
  }
  if (valuesOf(container, meter) === null) throw new TemplateFault(`“in” does not work on ${typeName(container)}`);
  for (const value of iterate(container, meter)) if (value === item || equals(value, item, meter)) return true;
  return false;
}

/** Stable, as Python's sorted(): `reverse` keeps the order of equals. */
export function sorted(
  values: readonly Value[],
  key: (value: Value) => Value,
  reverse: boolean,
  meter: Meter,
): Value[] {
  const pairs = values.map((value) => ({ value, key: key(value) }));
  pairs.sort((a, b) => {
    if (ordered(a.key, '<', b.key, meter)) return reverse ? 1 : -1;
    return ordered(b.key, '<', a.key, meter) ? (reverse ? -1 : 1) : 0;
  });
  return pairs.map(({ value }) => value);
}
