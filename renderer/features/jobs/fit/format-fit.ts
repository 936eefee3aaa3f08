const numbers = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });
const powers = new Intl.NumberFormat('en', { notation: 'scientific', maximumSignificantDigits: 3 });
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** Four digits; a power of ten where there would be many zeros. */
export function formatValue(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'not known' : value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  return value !== 0 && (size >= 100_000 || size < 0.001) ? powers.format(value) : numbers.format(value);
}

export const formatStep = (step: number): string => whole.format(step);
