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
  if (typeof value === 'number') return showNumber(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'not a time' : value.toISOString();
  if (isList(value)) return showList(value, depth);
  if (typeof value !== 'object') return String(value);
  if (depth >= MOST_DEPTH) return '{…}';
  const fields = Object.entries(value).slice(0, MOST_ITEMS);
  return cut(`{${fields.map(([name, each]) => `${name}: ${showValue(each, depth + 1)}`).join(', ')}}`);
}

/** One of 32 bits has more digits as one of 64 bits than say which it is. */
function showNumber(value: number): string {
  if (!Number.isFinite(value) || Number.isInteger(value) || Math.fround(value) !== value) return String(value);
  const short = [6, 7, 8, 9].map((digits) => Number(value.toPrecision(digits)));
  return String(short.find((each) => Math.fround(each) === value) ?? value);
}

function showList(list: ArrayLike<unknown>, depth: number): string {
  if (depth >= MOST_DEPTH) return '[…]';
  const items: string[] = [];
  for (let at = 0; at < Math.min(list.length, MOST_ITEMS); at += 1) items.push(showValue(list[at], depth + 1));
  if (list.length > MOST_ITEMS) items.push('…');
  return cut(`[${items.join(', ')}]`);
}
