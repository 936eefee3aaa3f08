import type { ReactNode } from 'react';
import css from './field-label.module.css';

/** A field's label, with its limit, or what else is to be known first, at the end of the line. */
export const fieldLabel = (title: string, limit?: ReactNode) => (
  <>
    {title}
    {limit && <span className={css.limit}>{limit}</span>}
  </>
);
