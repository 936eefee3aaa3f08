import { type ReactNode, useEffect, useRef } from 'react';
import css from './page.module.css';

/** The page's heading; takes the focus when the page comes, so that screen readers say where one is. */
export function PageHead(props: { title: ReactNode; before?: ReactNode; count?: ReactNode; children?: ReactNode }) {
  const { title, before, count, children } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const focused = document.activeElement;
    if (focused === document.body || focused?.closest('[data-region="rail"]')) return;
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <header className={css.head}>
      {before}
      <h1 ref={heading} tabIndex={-1} className="truncate">
        {title}
      </h1>
      {count !== undefined && <span className="text-tertiary tabular">{count}</span>}
      {children}
    </header>
  );
}

/** What scrolls below the heading; `data-page-body` is how a long list finds it. */
export function PageBody({ children }: { children: ReactNode }) {
  return (
    <div className={css.body} data-page-body>
      {children}
    </div>
  );
}
