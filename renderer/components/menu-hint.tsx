import type { ReactNode } from 'react';
import css from './menu-hint.module.css';

/** The second line of a menu's entry. */
export function MenuHint({ children }: { children: ReactNode }) {
  return <span className={css.hint}>{children}</span>;
}
