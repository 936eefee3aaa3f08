import type { ReactNode } from 'react';
import css from './tag.module.css';

export function Tag({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <span className={css.tag} title={title}>
      {children}
    </span>
  );
}
