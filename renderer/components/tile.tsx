import type { ReactNode } from 'react';
import css from './tile.module.css';

/** A square with an icon at the start of a card, dialog or row. */
export function Tile(props: {
  tone?: 'accent' | 'neutral' | 'wait' | 'bad';
  size?: 'small' | 'medium' | 'large';
  children: ReactNode;
}) {
  const { tone = 'accent', size = 'medium', children } = props;
  const names = [css.tile, size !== 'medium' && css[size], tone !== 'accent' && css[tone]].filter(Boolean).join(' ');
  return <span className={names}>{children}</span>;
}
