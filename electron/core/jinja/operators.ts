import type { BinaryOp } from './ast.ts';
import { type Numeric, numeric } from './compare.ts';
import { ratio, wholePower } from './exact.ts';
import { TemplateFault, unsupported } from './fault.ts';
import { printf } from './format.ts';
import { limits, type Meter } from './meter.ts';
import { toFloat } from './numbers.ts';
import { Tuple, typeName, Undefined, type Value } from './values.ts';

/** Python's operators of numbers, texts and lists. */
export function binary(left: Value, op: BinaryOp, right: Value, meter: Meter): Value {
  if (op === '%' && typeof left === 'string') return printf(left, right, meter);
  for (const value of [left, right]) if (value instanceof Undefined) throw value.fail();
  const a = numeric(left);
  const b = numeric(right);
  if (a !== null && b !== null) return arithmetic(a, op, b);
  if (op === '+') {
    if (typeof left === 'string' && typeof right === 'string') {
      meter.text(left.length + right.length);
      return left + right;
    }
    if (Array.isArray(left) && Array.isArray(right)) {
      meter.step(left.length + right.length);
      return [...left, ...right];
    }
    if (left instanceof Tuple && right instanceof Tuple) {
      meter.step(left.items.length + right.items.length);
      return new Tuple([...left.items, ...right.items]);
    }
  }
  if (op === '*') {
    if (typeof b === 'bigint' && typeof right !== 'number') return repeated(left, b, meter) ?? wrong(left, op, right);
    if (typeof a === 'bigint') return repeated(right, a, meter) ?? wrong(left, op, right);
  }
  return wrong(left, op, right);
}

function wrong(left: Value, op: BinaryOp, right: Value): never {
  throw new TemplateFault(`“${op}” does not work between ${typeName(left)} and ${typeName(right)}`);
}

function repeated(value: Value, times: bigint, meter: Meter): Value | null {
  const count = times < 0n ? 0 : Number(times);
  if (typeof value === 'string') {
    if (value === '') return '';
    meter.text(value.length * count);
    return value.repeat(count);
  }
  const items = value instanceof Tuple ? value.items : Array.isArray(value) ? value : null;
  if (items === null) return null;
  meter.step(items.length * count);
  const all = items.length === 0 ? [] : Array.from({ length: count }, () => items).flat();
  return value instanceof Tuple ? new Tuple(all) : all;
}

export function negate(value: Value): Value {
  if (value instanceof Undefined) throw value.fail();
  const number = numeric(value);
  if (number === null) throw new TemplateFault(`“-” does not work before ${typeName(value)}`);
  return -number;
}

export function plus(value: Value): Value {
  if (value instanceof Undefined) throw value.fail();
  const number = numeric(value);
  if (number === null) throw new TemplateFault(`“+” does not work before ${typeName(value)}`);
  return number;
}

function arithmetic(a: Numeric, op: BinaryOp, b: Numeric): Numeric {
  if ((op === '/' || op === '//' || op === '%') && Number(b) === 0) throw new TemplateFault('division by zero');
  if (typeof a === 'bigint' && typeof b === 'bigint') return op === '/' ? ratio(a, b) : integers(a, op, b);
  const x = toFloat(a);
  const y = toFloat(b);
  if (op === '+') return x + y;
  if (op === '-') return x - y;
  if (op === '*') return x * y;
  if (op === '/') return x / y;
  if (op === '**') return floatPower(x, y);
  const remainder = floatModulo(x, y);
  if (op === '%') return remainder;
  const quotient = (x - remainder) / y;
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

function integers(a: bigint, op: Exclude<BinaryOp, '/'>, b: bigint): Numeric {
  if (op === '+') return a + b;
  if (op === '-') return a - b;
  if (op === '*') {
    checkBits(bits(a) + bits(b));
    return a * b;
  }
  if (op === '**') {
    if (b < 0n) return floatPower(toFloat(a), toFloat(b));
    checkBits(a === 0n || a === 1n || a === -1n ? 1 : bits(a) * Number(b));
    return a ** b;
  }
  const remainder = a % b;
  const adjust = remainder !== 0n && remainder < 0n !== b < 0n;
  if (op === '%') return adjust ? remainder + b : remainder;
  return adjust ? a / b - 1n : a / b;
}

/** At least the number of bits; exact up to a few. */
const bits = (value: bigint): number => value.toString(16).length * 4;

function checkBits(count: number): void {
  if (count > limits.digits * 4) throw new TemplateFault(`an integer has more than ${limits.digits} digits`);
}

function floatPower(x: number, y: number): number {
  if (x === 0 && y < 0) throw new TemplateFault('zero cannot be raised to a negative power');
  if (x < 0 && !Number.isInteger(y) && Number.isFinite(y)) throw unsupported('a complex number');
  // Python: 1 to any power, and anything to the power 0, is 1.
  if (x === 1 || y === 0) return 1;
  const power = y === 0.5 ? Math.sqrt(x) : (wholePower(x, y) ?? x ** y);
  if (!Number.isFinite(power) && Number.isFinite(x) && Number.isFinite(y))
    throw new TemplateFault('a number is too large');
  return power;
}

function floatModulo(x: number, y: number): number {
  const remainder = x % y;
  if (remainder === 0) return y < 0 ? -0 : 0;
  return remainder < 0 !== y < 0 ? remainder + y : remainder;
}
