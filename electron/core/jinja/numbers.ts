import { type Numeric, numeric } from './compare.ts';
import { TemplateFault, unsupported } from './fault.ts';
import { limits } from './meter.ts';
import { trimmed } from './text.ts';
import { typeName, Undefined, type Value } from './values.ts';

/** Python's int(); null where it raises TypeError or ValueError. @throws TemplateFault where it raises another error */
export function toInt(value: Value, base = 10): bigint | null {
  if (value instanceof Undefined) throw value.fail();
  if (typeof value === 'string') return parseInteger(value, base);
  const number = numeric(value);
  if (typeof number !== 'number') return number;
  if (Number.isNaN(number)) return null;
  if (!Number.isFinite(number)) throw new TemplateFault('an infinite number is no integer');
  return BigInt(Math.trunc(number));
}

const prefixes: Readonly<Record<number, string>> = { 2: '0b', 8: '0o', 16: '0x' };

function parseInteger(text: string, base: number): bigint | null {
  if (base !== 0 && (base < 2 || base > 36)) return null;
  const match = /^([+-]?)(0[box])?_?([0-9a-z]+(?:_[0-9a-z]+)*)$/i.exec(trimmed(text.slice(0, 10_000)));
  if (match === null || text.length > 10_000) return null;
  const [, sign, , all = ''] = match;
  let prefix = match[2]?.toLowerCase();
  let digits = all.replaceAll('_', '').toLowerCase();
  let actual = base;
  if (base === 0) actual = prefix === '0b' ? 2 : prefix === '0o' ? 8 : prefix === '0x' ? 16 : 10;
  if (prefix !== undefined && prefixes[actual] !== prefix) {
    // `0b1` in base 16 is no prefix but digits.
    digits = prefix + digits;
    prefix = undefined;
  }
  if (base === 0 && prefix === undefined && /^0+[1-9]/.test(digits)) return null;
  if (digits.length > limits.digits) return null;
  let result = 0n;
  for (const digit of digits) {
    const number = Number.parseInt(digit, 36);
    if (Number.isNaN(number) || number >= actual) return null;
    result = result * BigInt(actual) + BigInt(number);
  }
  return sign === '-' ? -result : result;
}

/** @throws TemplateFault where Python says OverflowError */
export function toFloat(value: Numeric): number {
  const float = Number(value);
  if (typeof value === 'bigint' && !Number.isFinite(float))
    throw new TemplateFault('an integer is too large for a float');
  return float;
}

/** Python's float(); null where it raises TypeError or ValueError. */
export function toNumber(value: Value): number | null {
  if (value instanceof Undefined) throw value.fail();
  const number = numeric(value);
  if (number !== null) return toFloat(number);
  if (typeof value !== 'string') return null;
  const text = trimmed(value);
  if (/^[+-]?(\d+(_\d+)*(\.(\d+(_\d+)*)?)?|\.\d+(_\d+)*)(e[+-]?\d+(_\d+)*)?$/i.test(text)) {
    return Number(text.replaceAll('_', ''));
  }
  if (/^[+-]?nan$/i.test(text)) return Number.NaN;
  if (!/^[+-]?inf(inity)?$/i.test(text)) return null;
  return text.startsWith('-') ? -Infinity : Infinity;
}

/** Python's round(value, digits): ties go to the even neighbour, floats are taken at their exact value. */
export function roundTo(value: Numeric, digits: number): Numeric {
  if (typeof value === 'bigint') {
    if (digits >= 0) return value;
    const unit = 10n ** BigInt(Math.min(-digits, limits.digits));
    const floor = value - (((value % unit) + unit) % unit);
    const twice = 2n * (value - floor);
    const up = twice > unit || (twice === unit && (floor / unit) % 2n !== 0n);
    return up ? floor + unit : floor;
  }
  if (!Number.isFinite(value) || digits > 20) return value;
  if (digits < 0) throw unsupported('rounding a float to tens');
  return Number(fixed(value, digits));
}

/** Digits after the point as Python prints them; toFixed alone rounds ties away from zero. */
export function fixed(value: number, digits: number): string {
  if (Math.abs(value) >= 1e21) return digits > 0 ? `${BigInt(value)}.${'0'.repeat(digits)}` : String(BigInt(value));
  if (digits > 100) throw unsupported('more than 100 digits after the point');
  const rounded = value.toFixed(digits);
  const signed =
    Object.is(value, -0) || (value < 0 && !rounded.startsWith('-')) ? `-${rounded.replace('-', '')}` : rounded;
  const exact = value.toFixed(100);
  const rest = exact.slice(exact.indexOf('.') + 1 + digits);
  if (!/^50*$/.test(rest)) return signed;
  const cut = exact.slice(0, exact.length - rest.length).replace(/\.$/, '');
  return Number(cut.at(-1)) % 2 === 0 ? cut : signed;
}

/** An argument that must be an integer, as Python's built-in functions take it. */
export function asIndex(value: Value, what: string): bigint {
  if (value instanceof Undefined) throw value.fail();
  const number = numeric(value);
  if (typeof number === 'bigint') return number;
  throw new TemplateFault(`${what} must be an integer, not ${typeName(value)}`);
}

/** The same as a JavaScript number; beyond its range the nearest. */
export const asSize = (value: Value, what: string): number => {
  const index = asIndex(value, what);
  return Number(index > 2n ** 52n ? 2n ** 52n : index < -(2n ** 52n) ? -(2n ** 52n) : index);
};
