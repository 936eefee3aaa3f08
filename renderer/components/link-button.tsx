import type { ComponentProps } from 'react';
import css from './link-button.module.css';

/** A button that looks like a link; `inline` where it stands in a sentence. */
export function LinkButton({ inline = false, className, ...rest }: ComponentProps<'button'> & { inline?: boolean }) {
  const names = [css.link, inline && css.inline, className].filter(Boolean).join(' ');
  return <button type="button" {...rest} className={names} />;
}
