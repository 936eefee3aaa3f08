import { type KeyboardEvent, useRef } from 'react';
import type { FileEntry } from '../../../electron/shared/files.ts';
import { step, typeAhead } from './picker-model.ts';
import { ROW_HEIGHT } from './use-file-rows.ts';

/** Letters typed within this time are one text, ms. */
const TYPING_PAUSE = 900;

interface FileKeys {
  entries: readonly FileEntry[];
  /** Index of the marked entry. */
  at: number;
  onMark: (index: number) => void;
  onOpen: (index: number) => void;
  onUp: () => void;
  onTake: () => void;
}

/** Handles the keys of a list of files: arrows, letters, Enter, Backspace, and Ctrl Enter to take what is marked. */
export function useFileKeys(keys: FileKeys): (event: KeyboardEvent<HTMLElement>) => void {
  const typed = useRef({ text: '', at: 0 });
  const { entries, at } = keys;
  const markTyped = (event: KeyboardEvent) => {
    const isContinued = event.timeStamp - typed.current.at < TYPING_PAUSE;
    const text = isContinued ? typed.current.text + event.key : event.key;
    typed.current = { text, at: event.timeStamp };
    if (entries.length > 0) keys.onMark(typeAhead(entries, at, text));
  };
  const isText = ({ key }: KeyboardEvent) => key.length === 1 && (key !== ' ' || typed.current.text !== '');
  return (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      keys.onTake();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(event.currentTarget.clientHeight / ROW_HEIGHT) - 1);
    const next = step(event.key, at, entries.length, page);
    if (next !== null) keys.onMark(next);
    else if (event.key === 'Enter') keys.onOpen(at);
    else if (event.key === 'Backspace') keys.onUp();
    else if (isText(event)) markTyped(event);
    else return;
    // The page behind would take some of these keys, such as `/` for its search.
    event.preventDefault();
  };
}
