import { TemplateFault } from './fault.ts';

/** `numerator / denominator`, rounded once, as Python's true division. @throws TemplateFault where it says OverflowError */
export function ratio(numerator: bigint, denominator: bigint): number {
  const negative = numerator < 0n !== denominator < 0n;
  const top = numerator < 0n ? -numerator : numerator;
  const bottom = denominator < 0n ? -denominator : denominator;
  // 66 bits or more, the last of which says that more follow: Number() then rounds once, and right.
  const shift = Math.max(0, 66 + bottom.toString(2).length - top.toString(2).length);
  const scaled = top << BigInt(shift);
  const quotient = scaled / bottom;
  const value = scaleDown(Number(scaled % bottom === 0n ? quotient : quotient | 1n), shift);
  if (!Number.isFinite(value)) throw new TemplateFault('a number is too large');
  return negative ? -value : value;
}

function scaleDown(value: number, shift: number): number {
  let scaled = value;
  for (let left = shift; left > 0; left -= 1000) scaled *= 2 ** -Math.min(left, 1000);
  return scaled;
}

/** A float to a small whole power, rounded once as C does it, which V8 does not; null: too large to do so. */
export function wholePower(base: number, exponent: number): number | null {
  if (!Number.isInteger(exponent) || Math.abs(exponent) > 64 || !Number.isFinite(base) || base === 0) return null;
  const [top, bottom] = fraction(base);
  const power = BigInt(Math.abs(exponent));
  return exponent < 0 ? ratio(bottom ** power, top ** power) : ratio(top ** power, bottom ** power);
}

/** The exact value of a float. */
function fraction(value: number): [bigint, bigint] {
  let top = value;
  let bits = 0;
  while (!Number.isInteger(top)) {
    top *= 2;
    bits++;
  }
  return [BigInt(top), 1n << BigInt(bits)];
}
