import type { KeyboardEvent } from 'react';
import { useRef } from 'react';
import type { FileEntry } from '../../../electron/shared/files.ts';
import { step, typeAhead } from '../launch/picker-model.ts';
import {
  askForFolder,
  askToRemove,
  askToRename,
  copyPaths,
  editChosen,
  openChosen,
  paste,
  putInOther,
  showPreview,
  takeToClipboard,
  trashChosen,
} from './file-actions.ts';
import { changePane, otherPane, type PaneId, paneOf, useFiles } from './files-store.ts';
import { goUp, reload } from './open-folder.ts';
import { goToRow, nothingSelected, selectAll, toggleRow } from './selection-model.ts';
import { undoLast } from './undo.ts';

/** Letters typed within this time are one text, ms. */
const TYPING_PAUSE = 900;

export const gridId = (id: PaneId): string => `files-grid-${id}`;

export const focusGrid = (id: PaneId): void => document.getElementById(gridId(id))?.focus();

const withControl: Readonly<Record<string, (id: PaneId) => unknown>> = {
  c: (id) => takeToClipboard(id, false),
  x: (id) => takeToClipboard(id, true),
  v: paste,
  z: undoLast,
  l: (id) => changePane(id, { isTyping: true }),
  f: (id) => changePane(id, { isFinding: true }),
  h: () => useFiles.setState(({ showsHidden }) => ({ showsHidden: !showsHidden })),
};

const plain: Readonly<Record<string, (id: PaneId) => unknown>> = {
  Enter: openChosen,
  Backspace: goUp,
  Delete: trashChosen,
  F2: askToRename,
  F3: (id) => showPreview(id, !useFiles.getState().isPreviewing),
  F4: (id) => editChosen(id),
  F5: (id) => putInOther(id, false),
  F7: askForFolder,
};

/** Shift with a key that does something else without it. */
const withShift: Readonly<Record<string, (id: PaneId) => unknown>> = {
  Delete: askToRemove,
  F5: (id) => putInOther(id, true),
};

function commandOf(event: KeyboardEvent): ((id: PaneId) => unknown) | undefined {
  const { key, shiftKey, altKey } = event;
  const isControl = event.ctrlKey || event.metaKey;
  if (altKey) return !isControl && key === 'ArrowUp' ? goUp : undefined;
  if (isControl && shiftKey) return key.toLowerCase() === 'c' ? copyPaths : undefined;
  if (isControl) return key === 'r' ? reload : withControl[key.toLowerCase()];
  return shiftKey ? withShift[key] : plain[key];
}

/** Tab goes from the left list to the right one. Back it goes by what is above the right list, which no other key reaches. */
export const isTabToOther = (id: PaneId, { key, shiftKey, ctrlKey, altKey, metaKey }: TabKey): boolean =>
  id === 0 && key === 'Tab' && !shiftKey && !ctrlKey && !altKey && !metaKey;

type TabKey = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey'>;

/** False: the key goes on to what comes next on the page. */
function goToOtherPane(id: PaneId, event: KeyboardEvent): boolean {
  const { isTwoPane, isPreviewing } = useFiles.getState();
  if (!isTwoPane || isPreviewing || !isTabToOther(id, event)) return false;
  focusGrid(otherPane(id));
  return document.activeElement?.id === gridId(otherPane(id));
}

/** Handles the keys of the list of a pane. */
export function useGridKeys(id: PaneId, entries: readonly FileEntry[], pageSize: () => number) {
  const typed = useRef({ text: '', at: 0 });
  /** Where letters that are typed lead; null: they are no letters. */
  const typedRow = ({ key, timeStamp }: KeyboardEvent, at: number): number | null => {
    const isContinued = timeStamp - typed.current.at < TYPING_PAUSE;
    if (key.length !== 1 || key === '/' || key === '?' || (key === ' ' && !isContinued)) return null;
    typed.current = { text: isContinued ? typed.current.text + key : key, at: timeStamp };
    return entries.length > 0 ? typeAhead(entries, at, typed.current.text) : null;
  };
  const move = (event: KeyboardEvent): boolean => {
    const pane = paneOf(id);
    const at = entries.findIndex(({ name }) => name === pane.cursor);
    const isControl = event.ctrlKey || event.metaKey;
    const stepped = step(event.key, at, entries.length, pageSize());
    if (stepped !== null && !event.altKey) {
      changePane(id, goToRow(pane, entries, stepped, event.shiftKey ? 'range' : isControl ? 'move' : 'alone'));
      return true;
    }
    if (isControl && event.key.toLowerCase() === 'a') {
      changePane(id, selectAll(pane, entries));
      return true;
    }
    if (event.altKey || isControl) return false;
    const row = typedRow(event, at);
    if (row !== null) changePane(id, goToRow(pane, entries, row, 'alone'));
    else if (event.key === ' ' && pane.cursor !== null) changePane(id, toggleRow(pane, pane.cursor));
    else if (event.key === 'Escape' && useFiles.getState().isPreviewing) showPreview(id, false);
    else if (event.key === 'Escape' && pane.selected.size > 0)
      changePane(id, { ...nothingSelected, cursor: pane.cursor, anchor: pane.cursor });
    else return false;
    return true;
  };
  return (event: KeyboardEvent<HTMLElement>): void => {
    if (event.target !== event.currentTarget) return;
    const command = commandOf(event);
    if (command) void command(id);
    else if (!goToOtherPane(id, event) && !move(event)) return;
    // The page behind would take some of these keys, such as `/` for its search.
    event.preventDefault();
    event.stopPropagation();
  };
}
