export type MessageValue = string | number;
export type MessageValues = Record<string, MessageValue>;

/** A sentence for the user. `id` and `values` stay apart, so that a catalogue can translate it and code can read a value. */
export interface Message {
  /** The sentence with a placeholder for each value, e.g. `There is no queue named {queue}.` */
  readonly id: string;
  readonly values: MessageValues;
  readonly text: string;
}

/** A value as `{ queue }` gets its name in the placeholder; a bare one gets its position. */
type Slot = MessageValue | Readonly<Record<string, MessageValue>>;

/** Tag of a template: ``message`There is no queue named ${{ queue }}.` ``. */
export function message(strings: TemplateStringsArray, ...slots: readonly Slot[]): Message {
  const values: MessageValues = {};
  let id = strings[0] ?? '';
  let text = id;
  slots.forEach((slot, index) => {
    const [name, value] = nameSlot(slot, index);
    const after = strings[index + 1] ?? '';
    values[name] = value;
    id += `{${name}}${after}`;
    text += `${value}${after}`;
  });
  return { id, values, text };
}

function nameSlot(slot: Slot, index: number): readonly [name: string, value: MessageValue] {
  if (typeof slot !== 'object') return [String(index), slot];
  const [entry, ...others] = Object.entries(slot);
  if (!entry || others.length > 0) throw new TypeError('A slot of a message has one value.');
  return entry;
}
