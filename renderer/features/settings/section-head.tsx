import type { ReactNode } from 'react';
import css from './settings.module.css';

/** The heading of a page of the settings, one line about it, and what can be done there. */
export function SectionHead({ title, note, children }: { title: string; note?: ReactNode; children?: ReactNode }) {
  return (
    <div className={css.head}>
      <h2>{title}</h2>
      {note !== undefined && <span className={`${css.shortNote} text-sm text-tertiary truncate`}>{note}</span>}
      {children !== undefined && <span className="grow" />}
      {children}
    </div>
  );
}
