import preview from '../preview.module.css';
import css from './markdown.module.css';
import { Markdown } from './markdown.tsx';

/** A Markdown file as far as it was read. */
export default function MarkdownText({ text }: { text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className={`${css.page} ${preview.page}`} tabIndex={0} aria-label="Content">
      <Markdown text={text} />
    </section>
  );
}
