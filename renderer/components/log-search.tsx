import { TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import { IconButton } from './icon-button.tsx';

/** The field for searching in a text, with buttons for the next and the previous match. */
export function LogSearch(props: {
  needle: string;
  /** What is searched, such as "the log". */
  where: string;
  /** Which match is shown, such as "2 of 5". */
  result: string;
  /** null closes the search. */
  onNeedle: (needle: string | null) => void;
  onStep: (by: 1 | -1) => void;
}) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') props.onStep(event.shiftKey ? -1 : 1);
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    props.onNeedle(null);
  };
  return (
    <>
      <TextInput
        size="xs"
        w={180}
        autoFocus
        aria-label={`Search in ${props.where}`}
        placeholder={`Search in ${props.where}`}
        value={props.needle}
        onChange={(event) => props.onNeedle(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <span className="tabular text-tertiary no-shrink" role="status">
        {props.result}
      </span>
      <IconButton icon={IconChevronUp} label="Previous match" size={26} onClick={() => props.onStep(-1)} />
      <IconButton icon={IconChevronDown} label="Next match" size={26} onClick={() => props.onStep(1)} />
    </>
  );
}
