import { TemplateFault } from './fault.ts';
import { formatText } from './format.ts';
import type { Meter } from './meter.ts';
import { asSize } from './numbers.ts';
import { space } from './text.ts';
import {
  type CallArgs,
  isPlain,
  iterate,
  points,
  Tuple,
  textLength,
  typeName,
  Undefined,
  type Value,
} from './values.ts';

/** A method of a Python type: the object it is called on, what it is called with. */
export type Method = (self: Value, args: CallArgs, meter: Meter) => Value;

/** Positional arguments of a method, named or not, checked for number. */
export function take(
  args: CallArgs,
  name: string,
  least: number,
  most: number,
  names: readonly string[] = [],
): Value[] {
  const values = [...args.positional];
  for (const [key, value] of args.named) {
    const place = names.indexOf(key);
    if (place === -1 || place < args.positional.length) throw new TemplateFault(`${name}() takes no argument “${key}”`);
    while (values.length < place) values.push(null);
    values[place] = value;
  }
  if (values.length < least || values.length > most) {
    throw new TemplateFault(
      `${name}() takes ${least === most ? least : `${least} to ${most}`} arguments, not ${values.length}`,
    );
  }
  return values;
}

export function text(value: Value | undefined, what: string): string {
  if (typeof value === 'string') return value;
  throw new TemplateFault(`${what} must be a text, not ${value === undefined ? 'nothing' : typeName(value)}`);
}

/** A method of texts with so many positional arguments. */
const method =
  (
    name: string,
    least: number,
    most: number,
    work: (self: string, args: Value[], meter: Meter) => Value,
    names: readonly string[] = [],
  ): Method =>
  (self, args, meter) => {
    const own = text(self, name);
    meter.text(own.length);
    return work(own, take(args, name, least, most, names), meter);
  };

const blank = new RegExp(`[${space}]`);
export function strip(value: string, chars: Value, ends: 'left' | 'right' | 'both', meter: Meter): string {
  if (chars instanceof Undefined) throw chars.fail();
  const set = chars === null ? null : new Set(points(text(chars, 'what is stripped')));
  const gone = (char: string | undefined) => char !== undefined && (set ? set.has(char) : blank.test(char));
  const all = isPlain(value) ? value : points(value);
  meter.text(value.length);
  let start = 0;
  let end = all.length;
  if (ends !== 'right') while (start < end && gone(all[start])) start++;
  if (ends !== 'left') while (end > start && gone(all[end - 1])) end--;
  const kept = all.slice(start, end);
  return typeof kept === 'string' ? kept : kept.join('');
}

const lineEnd = '\\r\\n|[\\n-\\r\\x1c-\\x1e\\x85\\u2028\\u2029]';
const lineEnds = new RegExp(lineEnd, 'g');
/** Python's splitlines(). */
export function splitLines(value: string, keep = false): string[] {
  const lines: string[] = [];
  let at = 0;
  for (const { 0: end, index } of value.matchAll(lineEnds)) {
    lines.push(value.slice(at, keep ? index + end.length : index));
    at = index + end.length;
  }
  if (at < value.length) lines.push(value.slice(at));
  return lines;
}

function split(value: string, separator: Value, most: number, fromRight: boolean, meter: Meter): Value[] {
  const limit = most < 0 ? Infinity : most;
  const parts: string[] = [];
  if (separator === null) {
    const words = [...value.matchAll(new RegExp(`[^${space}]+`, 'g'))];
    meter.step(words.length);
    const edge = words[fromRight ? words.length - limit - 1 : limit];
    if (words.length <= limit || !edge) return words.map(([word]) => word);
    // The side that is not split keeps its blanks.
    if (!fromRight) return [...words.slice(0, limit).map(([word]) => word), value.slice(edge.index)];
    const kept = words.slice(words.length - limit).map(([word]) => word);
    return [value.slice(0, edge.index + edge[0].length), ...kept];
  }
  const by = text(separator, 'a separator');
  if (by === '') throw new TemplateFault('a text cannot be split by an empty one');
  let from = 0;
  if (!fromRight) {
    for (let at = value.indexOf(by); at !== -1 && parts.length < limit; at = value.indexOf(by, from)) {
      parts.push(value.slice(from, at));
      from = at + by.length;
    }
    parts.push(value.slice(from));
  } else {
    let end = value.length;
    while (parts.length < limit && end >= by.length) {
      const at = value.lastIndexOf(by, end - by.length);
      if (at === -1) break;
      parts.unshift(value.slice(at + by.length, end));
      end = at;
    }
    parts.unshift(value.slice(0, end));
  }
  meter.step(parts.length);
  return parts;
}

/** Python's replace(); `most` below 0: all. */
export function replace(value: string, old: string, fresh: string, most: number, meter: Meter): string {
  const limit = most < 0 ? Infinity : most;
  if (limit === 0) return value;
  const parts = old === '' ? ['', ...points(value), ''] : value.split(old);
  const count = Math.min(parts.length - 1, limit);
  meter.text(value.length + count * fresh.length);
  if (count === parts.length - 1) return parts.join(fresh);
  return parts.slice(0, count + 1).join(fresh) + old + parts.slice(count + 1).join(old);
}

/** How many characters pad a text to a width. */
const missingWidth = (value: string, width: number): number => Math.max(0, width - textLength(value));

function padded(name: string, sides: (missing: number, width: number) => [number, number]): Method {
  return method(name, 1, 2, (self, [width = null, fill = ' '], meter) => {
    const size = asSize(width, 'a width');
    if (textLength(text(fill, 'what fills')) !== 1) throw new TemplateFault(`${name}() fills with one character`);
    const missing = missingWidth(self, size);
    if (missing > 0) meter.text(size);
    const [left, right] = sides(missing, size);
    return text(fill, '').repeat(left) + self + text(fill, '').repeat(right);
  });
}

function affix(name: string, test: (self: string, part: string) => boolean): Method {
  return method(name, 1, 1, (self, [part = null], meter) => {
    const parts = part instanceof Tuple ? part.items : [part];
    meter.step(parts.length);
    return parts.map((one) => text(one, `what ${name}() looks for`)).some((one) => test(self, one));
  });
}

const find = (name: string, search: (self: string, part: string) => number, strict = false): Method =>
  method(name, 1, 1, (self, [part = null]) => {
    const at = search(self, text(part, `what ${name}() looks for`));
    if (at === -1 && strict) throw new TemplateFault('the text looked for is not there');
    return BigInt(at === -1 ? -1 : textLength(self.slice(0, at)));
  });

const cased = /[\p{Lu}\p{Ll}\p{Lt}]/u;
export const isLower = (value: string): boolean => cased.test(value) && !/[\p{Lu}\p{Lt}]/u.test(value);
export const isUpper = (value: string): boolean => cased.test(value) && !/[\p{Ll}\p{Lt}]/u.test(value);
export function capitalize(value: string): string {
  const [first = '', ...rest] = points(value);
  return first.toUpperCase() + rest.join('').toLowerCase();
}

export const center: Method = padded('center', (missing, width) => {
  const left = Math.floor(missing / 2) + (missing & width & 1);
  return [left, missing - left];
});

export const textMethods: Readonly<Record<string, Method>> = Object.assign(Object.create(null), {
  upper: method('upper', 0, 0, (self) => self.toUpperCase()),
  lower: method('lower', 0, 0, (self) => self.toLowerCase()),
  capitalize: method('capitalize', 0, 0, (self) => capitalize(self)),
  strip: method('strip', 0, 1, (self, [chars = null], meter) => strip(self, chars, 'both', meter)),
  lstrip: method('lstrip', 0, 1, (self, [chars = null], meter) => strip(self, chars, 'left', meter)),
  rstrip: method('rstrip', 0, 1, (self, [chars = null], meter) => strip(self, chars, 'right', meter)),
  split: method(
    'split',
    0,
    2,
    (self, [by = null, most = -1n], meter) => split(self, by, asSize(most, 'a number of splits'), false, meter),
    ['sep', 'maxsplit'],
  ),
  rsplit: method(
    'rsplit',
    0,
    2,
    (self, [by = null, most = -1n], meter) => split(self, by, asSize(most, 'a number of splits'), true, meter),
    ['sep', 'maxsplit'],
  ),
  splitlines: method(
    'splitlines',
    0,
    1,
    (self, [keep = false], meter) => {
      const lines = splitLines(self, keep === true);
      meter.step(lines.length);
      return lines;
    },
    ['keepends'],
  ),
  replace: method('replace', 2, 3, (self, [old = null, fresh = null, most = -1n], meter) =>
    replace(self, text(old, 'what is replaced'), text(fresh, 'what replaces it'), asSize(most, 'a count'), meter),
  ),
  startswith: affix('startswith', (self, part) => self.startsWith(part)),
  endswith: affix('endswith', (self, part) => self.endsWith(part)),
  find: find('find', (self, part) => self.indexOf(part)),
  rfind: find('rfind', (self, part) => self.lastIndexOf(part)),
  index: find('index', (self, part) => self.indexOf(part), true),
  rindex: find('rindex', (self, part) => self.lastIndexOf(part), true),
  count: method('count', 1, 1, (self, [part = null]) => {
    const by = text(part, 'what is counted');
    return BigInt(by === '' ? textLength(self) + 1 : self.split(by).length - 1);
  }),
  join: method('join', 1, 1, (self, [values = null], meter) => {
    const parts: string[] = [];
    for (const value of iterate(values, meter)) {
      parts.push(text(value, 'what is joined'));
      meter.text(self.length + (parts.at(-1)?.length ?? 0));
    }
    return parts.join(self);
  }),
  format: (self: Value, args: CallArgs, meter: Meter) => formatText(text(self, 'format'), args, meter),
  removeprefix: method('removeprefix', 1, 1, (self, [part = null]) => {
    const prefix = text(part, 'a prefix');
    return self.startsWith(prefix) ? self.slice(prefix.length) : self;
  }),
  removesuffix: method('removesuffix', 1, 1, (self, [part = null]) => {
    const suffix = text(part, 'a suffix');
    return suffix !== '' && self.endsWith(suffix) ? self.slice(0, -suffix.length) : self;
  }),
  ljust: padded('ljust', (missing) => [0, missing]),
  rjust: padded('rjust', (missing) => [missing, 0]),
  center,
  zfill: method('zfill', 1, 1, (self, [width = null], meter) => {
    const missing = missingWidth(self, asSize(width, 'a width'));
    meter.text(missing);
    return /^[+-]/.test(self) ? self[0] + '0'.repeat(missing) + self.slice(1) : '0'.repeat(missing) + self;
  }),
  isdigit: method('isdigit', 0, 0, (self) => /^[\p{Nd}²³¹⁰⁴-⁹₀-₉]+$/u.test(self)),
  isalpha: method('isalpha', 0, 0, (self) => /^\p{L}+$/u.test(self)),
  isupper: method('isupper', 0, 0, (self) => isUpper(self)),
  islower: method('islower', 0, 0, (self) => isLower(self)),
});
