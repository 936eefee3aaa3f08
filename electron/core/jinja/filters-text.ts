import { TemplateFault } from './fault.ts';
import { printf } from './format.ts';
import { tojson } from './json.ts';
import { capitalize, center, replace, splitLines, strip, text } from './methods-text.ts';
import { asSize } from './numbers.ts';
import { type BuiltTable, built } from './runtime.ts';
import { space, str } from './text.ts';
import { Dict, isTrue, points, Tuple, textLength } from './values.ts';

const wordStart = new RegExp(`([-${space}({\\[<]+)`);

export const textFilters: BuiltTable = {
  upper: built('', ({ meter }, input) => str(input, meter).toUpperCase()),
  lower: built('', ({ meter }, input) => str(input, meter).toLowerCase()),
  capitalize: built('', ({ meter }, input) => capitalize(str(input, meter))),
  title: built('', ({ meter }, input) => {
    const value = str(input, meter);
    meter.text(value.length);
    return value.split(wordStart).map(capitalize).join('');
  }),
  string: built('', ({ meter }, input) => str(input, meter)),
  trim: built('chars', ({ meter }, input, [chars = null]) => strip(str(input, meter), chars, 'both', meter)),
  replace: built('old! new! count', ({ meter }, input, [old = null, fresh = null, count = null]) => {
    const most = count === null ? -1 : asSize(count, 'a count');
    return replace(str(input, meter), str(old, meter), str(fresh, meter), most, meter);
  }),
  center: built('width', ({ meter }, input, [width = 80n]) =>
    center(str(input, meter), { positional: [width], named: new Map() }, meter),
  ),
  indent: built('width first blank', ({ meter }, input, [width = 4n, first = false, blank = false]) => {
    const size = typeof width === 'string' ? 0 : meter.text(Math.max(0, asSize(width, 'a width')));
    const indention = typeof width === 'string' ? width : ' '.repeat(size);
    const lines = splitLines(`${text(input, 'what is indented')}\n`);
    meter.text((indention.length + 1) * lines.length);
    const [head = '', ...rest] = lines;
    const later = rest.map((line) => `\n${isTrue(blank) || line !== '' ? indention : ''}${line}`);
    return (isTrue(first) ? indention : '') + head + later.join('');
  }),
  truncate: built(
    'length killwords end leeway',
    ({ meter }, input, [length = 255n, kill = false, end = '...', leeway = 5n]) => {
      const value = points(text(input, 'what is truncated'));
      meter.text(value.length);
      const tail = text(end, 'the end of a truncated text');
      const size = asSize(length, 'a length');
      const spare = leeway === null ? 5 : asSize(leeway, 'a leeway');
      if (size < textLength(tail) || spare < 0) throw new TemplateFault('the filter “truncate” has too small a length');
      if (value.length <= size + spare) return value.join('');
      const kept = value.slice(0, size - textLength(tail)).join('');
      const last = isTrue(kill) ? -1 : kept.lastIndexOf(' ');
      return (last === -1 ? kept : kept.slice(0, last)) + tail;
    },
  ),
  wordcount: built('', ({ meter }, input) => BigInt(str(input, meter).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0)),
  format: {
    free: ({ meter }, input, { positional, named }) => {
      if (positional.length > 0 && named.size > 0) {
        throw new TemplateFault('the filter “format” takes values by place or by name, not both');
      }
      return printf(str(input, meter), named.size > 0 ? Dict.of(named) : new Tuple(positional), meter);
    },
  },
  tojson: built('indent', ({ meter }, input, [indent = null]) => tojson(input, indent, meter)),
};
