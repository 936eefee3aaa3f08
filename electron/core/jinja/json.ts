import { TemplateFault, unsupported } from './fault.ts';
import type { Meter } from './meter.ts';
import { asSize } from './numbers.ts';
import { floatText, intText } from './text.ts';
import { Dict, Tuple, typeName, type Value } from './values.ts';

/** Jinja2's `tojson`: keys sorted, ASCII only, safe inside HTML. */
export function tojson(value: Value, indent: Value, meter: Meter): string {
  if (typeof indent === 'string') throw unsupported('“tojson” with a text as indent');
  const width = indent === null ? null : Math.max(0, asSize(indent, 'an indent'));
  const escaped = write(value, width, 0, meter).replace(/[<>&']|\P{ASCII}/gu, unicode);
  meter.text(escaped.length);
  return escaped;
}

/** Each UTF-16 unit of a character. */
const unicode = (char: string): string =>
  char.replace(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

function write(value: Value, width: number | null, depth: number, meter: Meter): string {
  meter.step();
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint') return intText(value);
  if (typeof value === 'number') return jsonFloat(value);
  if (typeof value === 'string') {
    meter.text(value.length);
    return JSON.stringify(value).replaceAll('\x7f', '\\u007f');
  }
  const inner = (item: Value) => write(item, width, depth + 1, meter);
  const wrap = (open: string, parts: string[], close: string) => {
    if (parts.length === 0) return open + close;
    if (width === null) return open + parts.join(', ') + close;
    meter.text(width * (depth + 1) * parts.length);
    const line = `\n${' '.repeat(width * (depth + 1))}`;
    return `${open}${line}${parts.join(`,${line}`)}\n${' '.repeat(width * depth)}${close}`;
  };
  if (Array.isArray(value)) return wrap('[', value.map(inner), ']');
  if (value instanceof Tuple) return wrap('[', value.items.map(inner), ']');
  if (!(value instanceof Dict)) throw new TemplateFault(`${typeName(value)} has no JSON`);
  const entries = [...value.entries()];
  if (entries.length > 1 && entries.some(([key]) => typeof key !== 'string')) {
    throw unsupported('“tojson” of a dictionary whose keys are not texts');
  }
  const names = entries.map(([key, item]): [string, Value] => [jsonKey(key), item]);
  names.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return wrap(
    '{',
    names.map(([key, item]) => `${write(key, null, 0, meter)}: ${inner(item)}`),
    '}',
  );
}

function jsonFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return Number.isFinite(value) ? floatText(value) : value > 0 ? 'Infinity' : '-Infinity';
}

function jsonKey(key: Value): string {
  if (typeof key === 'string') return key;
  if (key === null) return 'null';
  if (typeof key === 'boolean') return String(key);
  if (typeof key === 'bigint') return intText(key);
  if (typeof key === 'number') return jsonFloat(key);
  throw new TemplateFault(`${typeName(key)} cannot be a key in JSON`);
}
