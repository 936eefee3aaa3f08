/** A longer value is cut, characters. */
const MOST_CHARACTERS = 200;
/** So many items of a list are shown. */
const MOST_ITEMS = 20;
const MOST_DEPTH = 4;

const cut = (text: string): string => (text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text);

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value);

/** A value of a data file as a short text, however large it is. */
export function showValue(value: unknown, depth = 0): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return cut(value);
  if (typeof value === 'number')
    return String(Object.is(Math.fround(value), value) ? Number(value.toPrecision(7)) : value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'not a time' : value.toISOString();
  if (isList(value)) return showList(value, depth);
  if (typeof value !== 'object') return String(value);
  if (depth >= MOST_DEPTH) return '{…}';
  const fields = Object.entries(value).slice(0, MOST_ITEMS);
  return cut(`{${fields.map(([name, each]) => `${name}: ${showValue(each, depth + 1)}`).join(', ')}}`);
}

function showList(list: ArrayLike<unknown>, depth: number): string {
  if (depth >= MOST_DEPTH) return '[…]';
  const items: string[] = [];
  for (let at = 0; at < Math.min(list.length, MOST_ITEMS); at += 1) items.push(showValue(list[at], depth + 1));
  if (list.length > MOST_ITEMS) items.push('…');
  return cut(`[${items.join(', ')}]`);
}
