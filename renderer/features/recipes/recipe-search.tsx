import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { stroke } from '../../components/icons.tsx';
import { Kbd } from '../../components/kbd.tsx';
import css from './recipes-page.module.css';

/** The page's search; Enter opens the first recipe found. */
export function RecipeSearch(props: { text: string; onText: (text: string) => void; onEnter: () => void }) {
  const { text, onText, onEnter } = props;
  return (
    <TextInput
      data-search
      className={css.search}
      aria-label="Search recipes"
      placeholder="Search recipes"
      aria-keyshortcuts="/"
      leftSection={<IconSearch size={16} stroke={stroke} aria-hidden />}
      rightSection={text === '' ? <Kbd keys="/" /> : undefined}
      value={text}
      onChange={(event) => onText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onText('');
        if (event.key === 'Enter' && text.trim() !== '') onEnter();
      }}
    />
  );
}
