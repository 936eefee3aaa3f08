import { item } from './attributes.ts';
import { TemplateFault } from './fault.ts';
import type { Meter } from './meter.ts';
import { typeName, Undefined, type Value } from './values.ts';

/** A function that takes a value's attribute, `a.b.0` being a path. */
export function attributeGetter(attribute: Value, meter: Meter, fallback: Value = null): (value: Value) => Value {
  const path = pathOf(attribute);
  return (value) => {
    let found = value;
    for (const part of path) {
      found = item(found, part, meter);
      if (found instanceof Undefined && fallback !== null) found = fallback;
    }
    return found;
  };
}

export function pathOf(attribute: Value): Value[] {
  if (attribute === null) return [];
  if (typeof attribute === 'string')
    return attribute.split('.').map((part) => (/^\d+$/.test(part) ? BigInt(part) : part));
  if (typeof attribute === 'bigint') return [attribute];
  throw new TemplateFault(`an attribute is a text or a number, not ${typeName(attribute)}`);
}

export const ignoreCase = (value: Value): Value => (typeof value === 'string' ? value.toLowerCase() : value);
