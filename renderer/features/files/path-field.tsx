import { Autocomplete } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { displayName, hasOddBytes } from '../../../electron/shared/file-names.ts';
import { changePane, type PaneId } from './files-store.ts';
import { focusGrid } from './grid-keys.ts';
import { nameKey } from './list-model.ts';
import { isReachable, openFolder } from './open-folder.ts';
import css from './pane.module.css';
import { baseOf, joinPath, type Source, splitTyped } from './places.ts';
import { fileSource } from './sources.ts';

const MOST = 30;

/** The folders that a typed path may be the beginning of; none while they are read, or where that fails. */
function useCompletions(source: Source, typed: string): string[] {
  const [wanted] = useDebouncedValue(splitTyped(typed).folder, 150);
  const [found, setFound] = useState<{ folder: string; names: string[] }>({ folder: '', names: [] });
  useEffect(() => {
    if (!isReachable(source)) return;
    const asked = new AbortController();
    fileSource(source)
      .read(
        wanted,
        ({ entries }) => {
          const names = entries.filter(({ kind, name }) => kind === 'folder' && !hasOddBytes(name));
          if (!asked.signal.aborted) setFound({ folder: wanted, names: names.map(({ name }) => name) });
        },
        asked.signal,
      )
      // Completions are a help and no more: the folder itself says why it cannot be read.
      .catch(() => undefined);
    return () => asked.abort();
  }, [source, wanted]);
  const { folder, begin } = splitTyped(typed);
  if (found.folder !== folder) return [];
  const key = nameKey(begin);
  return found.names
    .filter((name) => nameKey(name).startsWith(key))
    .sort()
    .slice(0, MOST)
    .map((name) => (folder === '' ? name : joinPath(folder, name)));
}

/** Takes a typed path, which it completes. */
export function PathField({ id, source, path }: { id: PaneId; source: Source; path: string }) {
  const [typed, setTyped] = useState(path === '/' || path === '' ? path : `${path}/`);
  const completions = useCompletions(source, typed);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  const close = () => {
    changePane(id, { isTyping: false });
    focusGrid(id);
  };
  const go = (to: string) => {
    openFolder(id, { source, path: to.replace(/(.)\/+$/, '$1') });
    focusGrid(id);
  };
  return (
    <Autocomplete
      ref={field}
      className={css.path}
      size="xs"
      comboboxProps={{ withinPortal: false }}
      maxDropdownHeight={320}
      aria-label="Path"
      autoFocus
      autoComplete="off"
      spellCheck={false}
      maxLength={4096}
      value={typed}
      data={completions}
      filter={({ options }) => options}
      renderOption={({ option }) => <span className="truncate">{displayName(baseOf(option.value))}</span>}
      onChange={setTyped}
      onOptionSubmit={(value) => setTyped(`${value}/`)}
      onBlur={() => changePane(id, { isTyping: false })}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
        // An option that is marked is taken by the field itself.
        else if (event.key === 'Enter' && field.current?.getAttribute('aria-activedescendant') === null) go(typed);
        else if (event.key === 'Tab' && !event.shiftKey && completions[0] !== undefined && completions[0] !== typed) {
          setTyped(`${completions[0]}/`);
          event.preventDefault();
        } else return;
        event.stopPropagation();
      }}
    />
  );
}
