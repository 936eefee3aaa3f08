import { contains, equals, numeric, type Order, ordered } from './compare.ts';
import { unsupported } from './fault.ts';
import { isLower, isUpper } from './methods-text.ts';
import { binary } from './operators.ts';
import { type Built, type BuiltTable, built } from './runtime.ts';
import { str } from './text.ts';
import { Callable, Dict, Range, Tuple, Undefined, type Value, valuesOf } from './values.ts';

const is = (test: (value: Value) => boolean): Built => built('', (_, value) => test(value));
const order = (by: Order): Built =>
  built('other!', ({ meter }, value, [other = null]) => ordered(value, by, other, meter));
const equal = built('other!', ({ meter }, value, [other = null]) => equals(value, other, meter));
const different = built('other!', ({ meter }, value, [other = null]) => !equals(value, other, meter));
const remainder = (expected: bigint): Built =>
  built('', ({ meter }, value) => equals(binary(value, '%', 2n, meter), expected, meter));

export const tests: BuiltTable = Object.assign(Object.create(null), {
  defined: is((value) => !(value instanceof Undefined)),
  undefined: is((value) => value instanceof Undefined),
  none: is((value) => value === null),
  boolean: is((value) => typeof value === 'boolean'),
  true: is((value) => value === true),
  false: is((value) => value === false),
  integer: is((value) => typeof value === 'bigint'),
  float: is((value) => typeof value === 'number'),
  number: is((value) => numeric(value) !== null),
  string: is((value) => typeof value === 'string'),
  mapping: is((value) => value instanceof Dict),
  sequence: is(
    (value) =>
      typeof value === 'string' ||
      Array.isArray(value) ||
      [Tuple, Dict, Range, Undefined].some((type) => value instanceof type),
  ),
  iterable: built('', ({ meter }, value) => valuesOf(value, meter) !== null),
  callable: is((value) => value instanceof Callable || value instanceof Undefined),
  lower: built('', ({ meter }, value) => isLower(str(value, meter))),
  upper: built('', ({ meter }, value) => isUpper(str(value, meter))),
  even: remainder(0n),
  odd: remainder(1n),
  divisibleby: built('num!', ({ meter }, value, [by = null]) => equals(binary(value, '%', by, meter), 0n, meter)),
  in: built('seq!', ({ meter }, value, [seq = null]) => contains(seq, value, meter)),
  sameas: built('other!', (_, value, [other = null]) => {
    if ([value, other].some((one) => one === null || typeof one === 'boolean')) return value === other;
    throw unsupported('“sameas” of anything but true, false and none');
  }),
  '==': equal,
  eq: equal,
  equalto: equal,
  '!=': different,
  ne: different,
  '<': order('<'),
  lt: order('<'),
  lessthan: order('<'),
  '<=': order('<='),
  le: order('<='),
  '>': order('>'),
  gt: order('>'),
  greaterthan: order('>'),
  '>=': order('>='),
  ge: order('>='),
});
