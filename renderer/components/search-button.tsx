import { IconSearch } from '@tabler/icons-react';
import { palette } from '../palette-store.ts';
import { IconButton } from './icon-button.tsx';
import { stroke } from './icons.tsx';
import { Kbd, modKey } from './kbd.tsx';
import css from './search-button.module.css';

/** Opens the palette; an icon where room is short. */
export function SearchButton() {
  return (
    <>
      <button type="button" className={`${css.search} wide-only`} onClick={palette.open} aria-keyshortcuts="Control+K">
        <IconSearch size={16} stroke={stroke} aria-hidden />
        <span className="grow" style={{ textAlign: 'start' }}>
          Search or run
        </span>
        <Kbd keys={`${modKey()} K`} />
      </button>
      <span className="narrow-only">
        <IconButton icon={IconSearch} label="Search or run" onClick={palette.open} />
      </span>
    </>
  );
}
