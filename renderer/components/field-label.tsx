import type { ReactNode } from 'react';
import css from './field-label.module.css';

/** A field's label, with its limit, or what else is to be known first, at the end of the line. */
export const fieldLabel = (title: string, limit?: ReactNode) => (
  <>
    {title}
    {limit && <span className={css.limit}>{limit}</span>}
  </>
);

/** A field's parts in their order: what it is, the value, what is wrong with it, and what else is to be known. */
export const descriptionLast: ('label' | 'input' | 'error' | 'description')[] = [
  'label',
  'input',
  'error',
  'description',
];
