import type { Metadata } from 'h5wasm';

const INTEGER = 0;
const FLOAT = 1;
const STRING = 3;
const OPAQUE = 5;
const COMPOUND = 6;
const REFERENCE = 7;
const ENUM = 8;
const VARIABLE = 9;
const ARRAY = 10;

/** Types in types are described to this depth. */
const MOST_DEPTH = 4;

const isBoolean = ({ enum_type: type }: Metadata): boolean =>
  type?.nmembers === 2 && type.members.FALSE === 0 && type.members.TRUE === 1;

/** The type of values as a short text, e.g. `int32`. */
export function describeType(metadata: Metadata, depth = 0): string {
  const { type, size, signed } = metadata;
  const inner = (of: Metadata | undefined) => (of && depth < MOST_DEPTH ? describeType(of, depth + 1) : '…');
  switch (type) {
    case INTEGER:
      return `${signed ? 'int' : 'uint'}${size * 8}`;
    case FLOAT:
      return `float${size * 8}`;
    case STRING:
      return metadata.vlen ? 'text' : `text of ${size} B`;
    case OPAQUE:
      return `${size} opaque bytes`;
    case REFERENCE:
      return 'reference';
    case ENUM:
      return isBoolean(metadata) ? 'boolean' : 'enumeration';
    case VARIABLE:
      return `lists of ${inner(metadata.vlen_type)}`;
    case ARRAY:
      return `${inner(metadata.array_type)} [${(metadata.array_type?.shape ?? []).join(' × ')}]`;
    case COMPOUND: {
      const members = metadata.compound_type?.members ?? [];
      const shown = members.slice(0, 8).map((member) => `${member.name}: ${inner(member)}`);
      return `{${shown.join(', ')}${members.length > 8 ? ', …' : ''}}`;
    }
    default:
      return 'another type';
  }
}

/** Whether values of the type are numbers that can be drawn. */
export const isNumeric = ({ type, size }: Metadata): boolean =>
  (type === INTEGER && size <= 8) || (type === FLOAT && (size === 4 || size === 8));
