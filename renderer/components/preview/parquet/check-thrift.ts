const BYTES: Record<number, number> = { 3: 1, 7: 8 };
const TRUE = 1;
const FALSE = 2;
const BINARY = 8;
const LIST = 9;
const SET = 10;
const STRUCT = 12;
/** Deeper structures are in no Parquet file. */
const MOST_DEPTH = 24;

const notValid = () => new RangeError('Its metadata is damaged.');

/**
 * Goes through a structure in Thrift's compact protocol, and gives where it ends. A list whose count is more than the bytes
 * that follow would fill the memory of a reader that believes it. @throws RangeError
 */
export function checkThrift(bytes: Uint8Array, start: number): number {
  let at = start;
  const next = (): number => {
    const byte = bytes[at];
    if (byte === undefined) throw notValid();
    at += 1;
    return byte;
  };
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = next();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw notValid();
  };
  const skip = (count: number) => {
    at += count;
    if (at > bytes.length) throw notValid();
  };
  const list = (depth: number) => {
    const head = next();
    const count = head >> 4 === 15 ? varint() : head >> 4;
    if (count > bytes.length - at) throw notValid();
    const type = head & 0x0f;
    for (let index = 0; index < count; index += 1) element(type, depth);
  };
  const element = (type: number, depth: number) => {
    if (type === TRUE || type === FALSE) return;
    const fixed = BYTES[type];
    if (fixed !== undefined) skip(fixed);
    else if (type === BINARY) skip(varint());
    else if (type === LIST || type === SET) list(depth + 1);
    else if (type === STRUCT) struct(depth + 1);
    else if (type >= 4 && type <= 6) varint();
    else throw notValid();
  };
  const struct = (depth: number) => {
    if (depth > MOST_DEPTH) throw notValid();
    for (let head = next(); head !== 0; head = next()) {
      if (head >> 4 === 0) varint();
      element(head & 0x0f, depth);
    }
  };
  struct(0);
  return at;
}
