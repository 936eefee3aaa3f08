import { createElement, Fragment, useMemo } from 'react';
import css from './markdown.module.css';
import { type Block, parseMarkdown, type Span } from './parse-markdown.ts';

function Spans({ spans }: { spans: readonly Span[] }) {
  return spans.map((span, index) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text never move
    return <Fragment key={index}>{spanElement(span)}</Fragment>;
  });
}

function spanElement(span: Span) {
  switch (span.kind) {
    case 'code':
      return <code className="mono">{span.text}</code>;
    case 'strong':
      return <strong>{span.text}</strong>;
    case 'emphasis':
      return <em>{span.text}</em>;
    case 'link':
      return (
        <a href={span.href} target="_blank" rel="noreferrer" title={span.href}>
          {span.text}
        </a>
      );
    case 'text':
      return span.text;
  }
}

function TableBlock({ head, rows }: Extract<Block, { kind: 'table' }>) {
  return (
    <table>
      <thead>
        <tr>
          {head.map((spans, column) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: columns of one table never move
            <th key={column} scope="col">
              <Spans spans={spans} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows of one table never move
          <tr key={index}>
            {row.map((spans, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns of one table never move
              <td key={column}>
                <Spans spans={spans} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function blockElement(block: Block) {
  switch (block.kind) {
    case 'heading':
      // The head of the preview is of the second level.
      return createElement(`h${Math.min(6, block.level + 2)}`, null, <Spans spans={block.spans} />);
    case 'paragraph':
      return (
        <p>
          <Spans spans={block.spans} />
        </p>
      );
    case 'quote':
      return (
        <blockquote>
          <Spans spans={block.spans} />
        </blockquote>
      );
    case 'code':
      return <pre className="mono">{block.text}</pre>;
    case 'rule':
      return <hr />;
    case 'table':
      return <TableBlock {...block} />;
    case 'list':
      return createElement(
        block.isOrdered ? 'ol' : 'ul',
        null,
        block.items.map(({ level, spans }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: items of one list never move
          <li key={index} style={{ marginInlineStart: level * 16 }}>
            <Spans spans={spans} />
          </li>
        )),
      );
  }
}

/** A Markdown text as it is meant to look. Nothing of it is HTML. */
export function Markdown({ text }: { text: string }) {
  const blocks = useMemo(() => parseMarkdown(text), [text]);
  return (
    <div className={css.markdown}>
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks of one text never move
        <Fragment key={index}>{blockElement(block)}</Fragment>
      ))}
    </div>
  );
}
