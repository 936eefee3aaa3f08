import type { DirectiveFields, Field, Slot } from './types.ts';

type TextField = 'name' | 'queue' | 'account' | 'qos' | 'array' | 'output' | 'dependency' | 'mailType' | 'mailUser';
type NumberField = 'time' | 'cpus' | 'memory' | 'gpus' | 'nodes';

/** An option whose value is one field as it is. */
export const textSlot = (key: string, field: TextField): Slot => ({
  key,
  fields: [field],
  read: (value) => ({ [field]: value }),
  write: (_previous, fields) => fields[field] || null,
});

/** The same, which a scheduler gets as an option: nothing else asks for it. */
export const optionSlot = (key: string, field: TextField): Slot => ({
  ...textSlot(key, field),
  isVerbatim: () => true,
});

/** An option whose value is one number. */
export const numberSlot = (
  key: string,
  field: NumberField,
  read: (value: string) => number | null,
  print: (value: number) => string = String,
): Slot => ({
  key,
  fields: [field],
  read: (value) => compact({ [field]: read(value) }),
  write: (_previous, fields) => mapNumber(fields[field], print),
});

export const mapNumber = (value: number | null, print: (value: number) => string): string | null =>
  value === null ? null : print(value);

/** Without what is null. */
export function compact(fields: Partial<Record<Field, DirectiveFields[Field]>>): Partial<DirectiveFields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
