import { readDirectives } from './script.ts';
import { type Dialect, type Directive, type DirectiveFields, noFields, type ReadFields, type Slot } from './types.ts';

/** What the directives of a script say; of an option that comes twice the last counts. */
export function readFields(script: string, dialect: Dialect): DirectiveFields {
  const directives = readDirectives(script, dialect).flatMap((line) => line.directives);
  return { ...noFields, ...readSlots(directives, dialect.slots) };
}

/** In the order of the slots, as some need what others say. */
export function readSlots(
  directives: readonly Directive[],
  slots: readonly Slot[],
  isRead: (slot: Slot, value: string) => boolean = () => true,
): Partial<DirectiveFields> {
  let fields: ReadFields = {};
  for (const slot of slots) {
    for (const { key, value } of directives) {
      if (key === slot.key && value !== null && isRead(slot, value)) {
        fields = { ...fields, ...slot.read(value, fields) };
      }
    }
  }
  const { perNode: _, ...read } = fields;
  return read;
}
