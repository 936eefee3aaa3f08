import css from './facts.module.css';

/** Facts in one line; the whole line is the tooltip when it is cut. */
export function Facts({ list }: { list: string[] }) {
  return (
    <div className={`${css.facts} tabular`} title={list.join(' · ')}>
      {list.map((fact, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: facts have a fixed order and may repeat
        <span key={index} className={index === 0 || index === list.length - 1 ? 'truncate' : undefined}>
          {fact}
        </span>
      ))}
    </div>
  );
}
