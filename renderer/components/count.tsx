import css from './count.module.css';

/** A number beside the words of a filter. */
export function Count({ value }: { value: number }) {
  return <span className={css.count}>{value}</span>;
}
