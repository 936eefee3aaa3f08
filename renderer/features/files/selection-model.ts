/** What is chosen in a list: by names, since the list changes while it is read. */
export interface Selection {
  selected: ReadonlySet<string>;
  /** Where the keys are; null: at the first one. */
  cursor: string | null;
  /** Where a range begins. */
  anchor: string | null;
}

export const nothingSelected: Selection = { selected: new Set(), cursor: null, anchor: null };

type Names = readonly { name: string }[];

const indexOf = (names: Names, name: string | null): number =>
  name === null ? -1 : names.findIndex((each) => each.name === name);

function range(names: Names, from: number, to: number): string[] {
  return names.slice(Math.min(from, to), Math.max(from, to) + 1).map(({ name }) => name);
}

/** Chooses one row alone. */
export const selectOne = (name: string): Selection => ({ selected: new Set([name]), cursor: name, anchor: name });

/** Goes to a row: chooses it alone, the range up to it, or nothing more than before. */
export function goToRow(selection: Selection, names: Names, index: number, how: 'alone' | 'range' | 'move'): Selection {
  const name = names[index]?.name;
  if (name === undefined) return selection;
  if (how === 'alone') return selectOne(name);
  if (how === 'move') return { ...selection, cursor: name };
  const anchor = selection.anchor ?? selection.cursor ?? names[0]?.name ?? name;
  const from = Math.max(0, indexOf(names, anchor));
  return { selected: new Set(range(names, from, index)), cursor: name, anchor };
}

/** Adds a row to what is chosen, or takes it out. */
export function toggleRow(selection: Selection, name: string): Selection {
  const selected = new Set(selection.selected);
  if (!selected.delete(name)) selected.add(name);
  return { selected, cursor: name, anchor: name };
}

export const selectAll = (selection: Selection, names: Names): Selection => ({
  ...selection,
  selected: new Set(names.map(({ name }) => name)),
});

/** What an action is about: what is chosen, else the row of the cursor. */
export function chosenOf<T extends { name: string }>(selection: Selection, entries: readonly T[]): T[] {
  if (selection.selected.size > 0) return entries.filter(({ name }) => selection.selected.has(name));
  return entries.filter(({ name }) => name === selection.cursor);
}

/** Where the cursor goes when rows leave: the next one that stays, else the one before. */
export function cursorAfterRemoval(names: Names, removed: ReadonlySet<string>, cursor: string | null): string | null {
  const at = Math.max(0, indexOf(names, cursor));
  const stays = (each: { name: string }) => !removed.has(each.name);
  return names.slice(at).find(stays)?.name ?? names.slice(0, at).reverse().find(stays)?.name ?? null;
}
