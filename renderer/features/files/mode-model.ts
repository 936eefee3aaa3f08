import { changeMode } from '../../../electron/shared/files.ts';

/** What is chosen for some files: the bits of `mask` become those of `mode`, and each file keeps its others. */
export interface ChosenMode {
  mode: number;
  mask: number;
}

export const nothingChosen: ChosenMode = { mode: 0, mask: 0 };

export type BitState = 'all' | 'some' | 'none';

/** How many of the files have a bit once the choice is carried out. */
export function bitState(modes: readonly number[], chosen: ChosenMode, bit: number): BitState {
  const having = modes.filter((mode) => (changeMode(mode, chosen) & bit) !== 0).length;
  if (having === 0) return 'none';
  return having === modes.length ? 'all' : 'some';
}

/** A bit that not all files have is given to all of them first. */
export function toggleBit(modes: readonly number[], chosen: ChosenMode, bit: number): ChosenMode {
  const isOn = bitState(modes, chosen, bit) !== 'all';
  return { mode: isOn ? chosen.mode | bit : chosen.mode & ~bit, mask: chosen.mask | bit };
}

/** Three digits say nothing of setuid, setgid and the sticky bit; null: not a mode. */
export function readTypedMode(text: string): ChosenMode | null {
  if (!/^[0-7]{3,4}$/.test(text)) return null;
  return { mode: Number.parseInt(text, 8), mask: text.length === 4 ? 0o7777 : 0o777 };
}

/** The mode of all files after the choice; null: they have different ones. */
export function commonMode(modes: readonly number[], chosen: ChosenMode): number | null {
  const [first, ...others] = modes.map((mode) => changeMode(mode, chosen));
  return first === undefined || others.some((mode) => mode !== first) ? null : first;
}

export const writeMode = (mode: number | null): string => (mode === null ? '' : mode.toString(8).padStart(3, '0'));
