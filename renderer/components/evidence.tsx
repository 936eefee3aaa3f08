import code from './code.module.css';
import css from './evidence.module.css';

/** What a program printed, as it printed it. */
export function Evidence({ text }: { text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <pre className={`${code.code} ${css.evidence}`} tabIndex={0}>
      {text}
    </pre>
  );
}
