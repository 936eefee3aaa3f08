import { numeric } from './compare.ts';
import { TemplateFault, unsupported } from './fault.ts';
import type { Meter } from './meter.ts';
import { asIndex, fixed, toInt, toNumber } from './numbers.ts';
import { floatText, intText, repr, str } from './text.ts';
import {
  type CallArgs,
  Callable,
  Dict,
  lengthOf,
  points,
  Tuple,
  textLength,
  typeName,
  Undefined,
  type Value,
} from './values.ts';

/** How one value is laid out: the common part of `%5.2f` and `{:>5.2f}`. */
interface Layout {
  fill: string;
  align: '<' | '>' | '^' | '=';
  sign: '' | '+' | ' ';
  alternate: boolean;
  comma: boolean;
  width: number;
  precision: number | null;
  kind: string;
}

const conversion = /%(?:\(([^()]*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d*))?[hlL]?(.)?/gsu;

/** Python's `format % values`. */
export function printf(format: string, values: Value, meter: Meter): string {
  meter.text(format.length);
  const list = values instanceof Tuple ? [...values.items] : [values];
  let used = 0;
  const next = (): Value => {
    const value = list[used++];
    if (value === undefined) throw new TemplateFault('there are fewer values than “%” places in the text');
    return value;
  };
  let named = false;
  const number = (text: string | undefined): number | null => {
    if (text === undefined) return null;
    return text === '*' ? Number(asIndex(next(), 'a width')) : size(text || '0');
  };
  const result = format.replace(
    conversion,
    (_, key?: string, flags = '', wide?: string, precise?: string, kind?: string) => {
      meter.step();
      const width = number(wide) ?? 0;
      const precision = number(precise);
      if (kind === '%') return '%';
      if (kind === undefined) throw new TemplateFault('a “%” in the text is incomplete');
      let value: Value;
      if (key !== undefined) {
        named = true;
        value = lookUp(values, key);
      } else value = next();
      const layout: Layout = {
        fill: flags.includes('0') && !flags.includes('-') ? '0' : ' ',
        align: flags.includes('-') ? '<' : flags.includes('0') ? '=' : '>',
        sign: flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '',
        alternate: flags.includes('#'),
        comma: false,
        width,
        precision,
        kind: kind === 'i' || kind === 'u' ? 'd' : kind,
      };
      return printed(value, layout, meter);
    },
  );
  // One value that can be indexed may be left unused, as in Python.
  const leftOver = !named && used < list.length && (values instanceof Tuple || !indexed(values));
  if (leftOver) throw new TemplateFault('there are more values than “%” places in the text');
  return result;
}

const indexed = (value: Value): boolean =>
  value instanceof Undefined ||
  value instanceof Dict ||
  Array.isArray(value) ||
  (lengthOf(value) !== null && typeof value !== 'string');

function lookUp(values: Value, key: string): Value {
  if (!(values instanceof Dict)) throw new TemplateFault('“%(name)s” needs a dictionary');
  const value = values.get(key);
  if (value === undefined) throw new TemplateFault(`there is no value “${key}” for the text`);
  return value;
}

function printed(value: Value, layout: Layout, meter: Meter): string {
  const { kind } = layout;
  if (kind === 's' || kind === 'r' || kind === 'a') {
    const text = kind === 's' ? str(value, meter) : repr(value, meter);
    return pad(cut(text, layout.precision), { ...layout, fill: ' ', align: layout.align === '<' ? '<' : '>' }, meter);
  }
  if (kind === 'c') {
    if (typeof value === 'string' && textLength(value) === 1) return pad(value, { ...layout, fill: ' ' }, meter);
    throw unsupported('“%c” of a number');
  }
  if (value instanceof Undefined) throw value.fail();
  if (numeric(value) === null) throw new TemplateFault(`“%${kind}” needs a number, not ${typeName(value)}`);
  if ('dxXo'.includes(kind)) {
    const integer = kind === 'd' ? (toInt(value) ?? 0n) : asIndex(value, `“%${kind}”`);
    // Precision of an integer is its least number of digits.
    const digits = integerDigits(integer, layout).padStart(
      Math.min(layout.precision ?? 0, meter.text(layout.precision ?? 0)),
      '0',
    );
    return pad(digits, layout, meter, integer < 0n);
  }
  if ('fFeEgG'.includes(kind)) {
    const float = toNumber(value) ?? 0;
    return pad(floatDigits(float, layout), layout, meter, float < 0 || Object.is(float, -0));
  }
  throw new TemplateFault(`“%${kind}” is no place for a value`);
}

const cut = (text: string, length: number | null): string =>
  length === null || text.length <= length ? text : points(text).slice(0, length).join('');

function integerDigits(value: bigint, { kind, alternate, comma }: Layout): string {
  const magnitude = value < 0n ? -value : value;
  const base = { x: 16, X: 16, o: 8, b: 2 }[kind];
  if (base === undefined) return comma ? thousands(intText(magnitude)) : intText(magnitude);
  const digits = magnitude.toString(base);
  return (alternate ? `0${kind}` : '') + (kind === 'X' ? digits.toUpperCase() : digits);
}

const thousands = (digits: string): string => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',');

function floatDigits(value: number, { kind, precision, comma, alternate }: Layout): string {
  if (alternate) throw unsupported('“#” in a format of floats');
  const magnitude = Math.abs(value);
  const digits = precision ?? 6;
  if (digits > 100) throw unsupported('more than 100 digits after the point');
  const upper = kind === 'E' || kind === 'G' || kind === 'F';
  let text: string;
  if (!Number.isFinite(magnitude)) text = floatText(magnitude);
  else if (kind === 'f' || kind === 'F') {
    text = fixed(magnitude, digits);
    if (comma) text = text.replace(/^\d+/, thousands);
  } else if (kind === 'e' || kind === 'E') text = pythonExponent(magnitude.toExponential(digits));
  else text = general(magnitude, digits === 0 ? 1 : digits);
  return upper ? text.toUpperCase() : text;
}

const pythonExponent = (text: string): string => text.replace(/e([+-])(\d)$/, 'e$10$2');

/** `%g`: the shorter of both notations, without zeros at the end. */
function general(value: number, digits: number): string {
  const exponent = value === 0 ? 0 : Number(value.toExponential(digits - 1).split('e')[1]);
  const trimmed = (text: string) => (text.includes('.') ? text.replace(/\.?0+($|e)/, '$1') : text);
  if (exponent < -4 || exponent >= digits) return pythonExponent(trimmed(value.toExponential(digits - 1)));
  return trimmed(fixed(value, digits - 1 - exponent));
}

function pad(digits: string, layout: Layout, meter: Meter, negative = false): string {
  const sign = negative ? '-' : layout.sign;
  const missing = layout.width - textLength(digits) - ('dxXobfFeEgG'.includes(layout.kind) ? sign.length : 0);
  const text = 'dxXobfFeEgG'.includes(layout.kind) ? sign + digits : digits;
  if (missing <= 0) return text;
  meter.text(layout.width);
  const blank = layout.fill.repeat(missing);
  if (layout.align === '<') return text + blank;
  if (layout.align === '=') return sign + blank + digits;
  if (layout.align === '>') return blank + text;
  return layout.fill.repeat(missing >> 1) + text + layout.fill.repeat(missing - (missing >> 1));
}

function size(digits: string): number {
  const number = Number(digits);
  if (!Number.isSafeInteger(number)) throw new TemplateFault('a width in the text is too large');
  return number;
}

const field = /\{\{|\}\}|\{([^{}!:]*)(?:!([rs]))?(?::([^{}]*))?\}|[{}]/gu;

/** Python's `str.format`, for plain names and numbers. */
export function formatText(format: string, args: CallArgs, meter: Meter): string {
  meter.text(format.length);
  let automatic = 0;
  return format.replace(field, (whole: string, name?: string, convert?: string, spec = '') => {
    meter.step();
    if (whole === '{{') return '{';
    if (whole === '}}') return '}';
    if (name === undefined) throw new TemplateFault('a single “{” or “}” in the format');
    if (!/^\w*$/.test(name)) throw unsupported(`“${whole}” in a format`);
    if (name === '' && automatic < 0) throw new TemplateFault('numbered and unnumbered places are mixed in the format');
    if (/^\d+$/.test(name) && automatic > 0)
      throw new TemplateFault('numbered and unnumbered places are mixed in the format');
    let value: Value | undefined;
    if (name === '') value = args.positional[automatic++];
    else if (/^\d+$/.test(name)) {
      automatic = -1;
      value = args.positional[Number(name)];
    } else value = args.named.get(name);
    if (value === undefined) throw new TemplateFault(`there is no value for “${whole}” in the format`);
    const shown = convert === 'r' ? repr(value, meter) : convert === 's' ? str(value, meter) : value;
    return formatValue(shown, spec, meter);
  });
}

const specification = /^(?:(.)?([<>=^]))?([+\- ])?(#)?(0)?(\d+)?(,)?(?:\.(\d+))?([a-zA-Z%])?$/su;

function formatValue(value: Value, spec: string, meter: Meter): string {
  if (spec === '') return str(value, meter);
  const parts = specification.exec(spec);
  if (parts === null) throw new TemplateFault(`“${spec}” is no format`);
  const [, fill, align, sign, hash, zero, width, comma, precision, kind] = parts;
  const number = numeric(value);
  const text = typeof value === 'string';
  if (number === null && !text) {
    if (value instanceof Callable) throw new TemplateFault(`${value.name} was printed, not called`);
    throw new TemplateFault(`${typeName(value)} takes no format`);
  }
  if (kind === '%' || kind === 'c' || kind === 'n') throw unsupported(`the format “${spec}”`);
  const layout: Layout = {
    fill: fill ?? (zero ? '0' : ' '),
    align:
      align === '<' || align === '>' || align === '^' || align === '=' ? align : zero && !text ? '=' : text ? '<' : '>',
    sign: sign === '+' || sign === ' ' ? sign : '',
    alternate: hash !== undefined,
    comma: comma !== undefined,
    width: width === undefined ? 0 : size(width),
    precision: precision === undefined ? null : size(precision),
    kind: kind ?? (text ? 's' : typeof number === 'bigint' ? 'd' : 'repr'),
  };
  if (text) {
    if (layout.kind !== 's' || sign || hash || comma || align === '=')
      throw new TemplateFault(`“${spec}” is no format of a text`);
    return pad(cut(value, layout.precision), layout, meter);
  }
  if (layout.kind === 'repr') {
    if (precision !== undefined) throw unsupported(`the format “${spec}” of a float`);
    const float = Number(number);
    const shown = floatText(Math.abs(float));
    return pad(comma ? shown.replace(/^\d+/, thousands) : shown, { ...layout, kind: 'f' }, meter, float < 0);
  }
  if ('dxXob'.includes(layout.kind)) {
    if (typeof number !== 'bigint' || precision !== undefined)
      throw new TemplateFault(`“${spec}” is no format of this number`);
    if (zero && comma) throw unsupported(`the format “${spec}”`);
    return pad(integerDigits(number, layout), layout, meter, number < 0n);
  }
  if (!'fFeEgG'.includes(layout.kind)) throw new TemplateFault(`“${spec}” is no format of a number`);
  const float = toNumber(number) ?? 0;
  return pad(floatDigits(float, layout), layout, meter, float < 0 || Object.is(float, -0));
}
