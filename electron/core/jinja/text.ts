import { TemplateFault, unsupported } from './fault.ts';
import { limits, type Meter } from './meter.ts';
import {
  Callable,
  Dict,
  DictView,
  LoopLike,
  Namespace,
  Range,
  Stream,
  Tuple,
  typeName,
  Undefined,
  type Value,
} from './values.ts';

/** What Python's `\s`, `strip()` and `split()` take for white space. */
export const space = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

const blank = new RegExp(`[${space}]`);
/** Without the white space at its ends; a pattern with `+$` would look at each run of it once for each of its characters. */
export function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && blank.test(text[start] ?? '')) start++;
  while (end > start && blank.test(text[end - 1] ?? '')) end--;
  return text.slice(start, end);
}

/** Python's str(). */
export function str(value: Value, meter: Meter): string {
  if (typeof value === 'string') return value;
  return value instanceof Undefined ? '' : repr(value, meter);
}

/** Python's repr(). @throws TemplateFault for what would show a memory address */
export function repr(value: Value, meter: Meter): string {
  meter.step();
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'bigint') return intText(value);
  if (typeof value === 'number') return floatText(value);
  if (typeof value === 'string') return quoted(value, meter);
  if (value instanceof Undefined) return 'Undefined';
  if (Array.isArray(value)) return `[${list(value, meter)}]`;
  if (value instanceof Tuple) return `(${list(value.items, meter)}${value.items.length === 1 ? ',' : ''})`;
  if (value instanceof Dict) {
    const pairs = Array.from(value.entries(), ([key, item]) => `${repr(key, meter)}: ${repr(item, meter)}`);
    return `{${pairs.join(', ')}}`;
  }
  if (value instanceof DictView) return `${typeName(value)}([${list([...value], meter)}])`;
  if (value instanceof Range) {
    const { start, stop, step } = value;
    return `range(${start}, ${stop}${step === 1n ? '' : `, ${step}`})`;
  }
  if (value instanceof LoopLike) return `<LoopContext ${value.attribute('index')}/${value.length}>`;
  if (value instanceof Stream) throw new TemplateFault('an iterator was printed', 'Add “| list” or “| join”.');
  if (value instanceof Namespace) {
    return `<Namespace ${repr(Dict.of(value.vars), meter)}>`;
  }
  if (value instanceof Callable) throw new TemplateFault(`${value.name} was printed, not called`, 'Add “()”.');
  throw unsupported('printing this value');
}

const list = (items: readonly Value[], meter: Meter): string => items.map((item) => repr(item, meter)).join(', ');

/** @throws TemplateFault for an integer of more digits than Python prints */
export function intText(value: bigint): string {
  const text = value.toString();
  if (text.length > limits.digits + 1) throw new TemplateFault(`an integer has more than ${limits.digits} digits`);
  return text;
}

/** The shortest text that reads back as the same number, with exponents where Python has them. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power < -4 || power >= 16) {
    return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  }
  if (Number.isInteger(value)) return `${BigInt(value)}.0`;
  if (power >= 0) return String(value);
  const negative = mantissa.startsWith('-') ? '-' : '';
  return `${negative}0.${'0'.repeat(-power - 1)}${mantissa.replace(/[-.]/g, '')}`;
}

const special: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

function quoted(text: string, meter: Meter): string {
  meter.text(text.length);
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inner = text.replace(/[\\'"]|[^\x20-\x7e]/gu, (char) => {
    if (char === "'" || char === '"') return char === quote ? `\\${char}` : char;
    return special[char] ?? (/[\p{C}\p{Z}]/u.test(char) ? escaped(char) : char);
  });
  return quote + inner + quote;
}

function escaped(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
