import type { ReactNode } from 'react';
import css from './preview.module.css';

/** Rows and columns that never move, in a region that scrolls by itself. */
export function DataTable({
  label,
  head,
  rows,
}: {
  label: string;
  head: readonly ReactNode[];
  rows: readonly string[][];
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className={css.tableBox} tabIndex={0} aria-label={label}>
      <table className={css.table}>
        {head.length > 0 && (
          <thead>
            <tr>
              {head.map((name, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns of one table never move
                <th key={column} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of one table never move
            <tr key={index}>
              {row.map((value, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns of one table never move
                <td key={column}>{value}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
