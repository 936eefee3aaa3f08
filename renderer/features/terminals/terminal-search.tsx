import { TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconLetterCase, IconX } from '@tabler/icons-react';
import { type KeyboardEvent, useState } from 'react';
import { IconButton } from '../../components/icon-button.tsx';
import { closeSearch, sessionOf } from './open-terminal.ts';
import css from './terminals-page.module.css';
import type { SearchMatches } from './terminals-store.ts';

function describeMatches(text: string, { shown, count }: SearchMatches): string {
  if (text === '') return '';
  if (count === 0) return 'Not found';
  return shown === 0 ? `${count} matches` : `${shown} of ${count}`;
}

/** What is selected is what one wants to find, unless it is a whole paragraph. */
const firstText = (selection: string): string => (/^[^\n]{1,200}$/.test(selection) ? selection : '');

/** Searches what a terminal has shown: a row of its own above the screen, so that it covers nothing of it. */
export function TerminalSearch({ id, matches }: { id: number; matches: SearchMatches }) {
  const { screen } = sessionOf(id);
  const [text, setText] = useState(() => firstText(screen.selection));
  const [caseSensitive, setCaseSensitive] = useState(false);
  const step = (backwards: boolean) => screen.find(text, { backwards, caseSensitive });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') step(!event.shiftKey);
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    closeSearch(id);
  };
  return (
    <search className={`${css.search} row`}>
      <TextInput
        w={280}
        autoFocus
        aria-label="Search in the terminal"
        placeholder="Search in the terminal"
        value={text}
        onChange={({ currentTarget: { value } }) => {
          setText(value);
          screen.find(value, { incremental: true, backwards: true, caseSensitive });
        }}
        onKeyDown={onKeyDown}
      />
      <IconButton
        icon={IconLetterCase}
        label="Match upper and lower case"
        pressed={caseSensitive}
        size={30}
        onClick={() => {
          setCaseSensitive(!caseSensitive);
          screen.find(text, { backwards: true, caseSensitive: !caseSensitive });
        }}
      />
      <span className="text-sm text-tertiary tabular" role="status">
        {describeMatches(text, matches)}
      </span>
      <IconButton icon={IconChevronUp} label="Previous match" size={30} onClick={() => step(true)} />
      <IconButton icon={IconChevronDown} label="Next match" size={30} onClick={() => step(false)} />
      <span className="grow" />
      <IconButton icon={IconX} label="Close the search" size={30} onClick={() => closeSearch(id)} />
    </search>
  );
}
