import { useCallback } from 'react';
import { count } from '../../../text/size.ts';
import code from '../../code.module.css';
import type { FormatProps } from '../format-props.ts';
import { IsolatedFrame } from '../isolated/isolated-frame.tsx';
import { Markdown } from '../markdown/markdown.tsx';
import { readWhole } from '../read-whole.ts';
import { NotRead, Reading } from '../reading.tsx';
import { useAnswer } from '../use-answer.ts';
import css from './notebook.module.css';
import { type CellOutput, type NotebookCell, readNotebook } from './notebook-model.ts';

/** Tables and texts of notebooks, with fonts of their own where they have none. */
const framed = (html: string): string =>
  `<!doctype html><meta charset="utf-8"><style>body{font:13px system-ui,sans-serif;margin:8px}table{border-collapse:collapse}td,th{padding:2px 8px;text-align:right}</style>${html}`;

function Output({ output }: { output: CellOutput }) {
  switch (output.kind) {
    case 'text':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <pre className={`${code.code} ${css.output} ${output.isError ? 'tone-bad' : ''}`} tabIndex={0}>
          {output.text}
        </pre>
      );
    case 'image':
      return <img className={css.image} src={output.url} alt="Output of the cell" />;
    case 'html':
      return <IsolatedFrame html={framed(output.html)} title="Output of the cell" fits />;
  }
}

function Cell({ cell }: { cell: NotebookCell }) {
  if (cell.kind === 'markdown') return <Markdown text={cell.source} />;
  return (
    <div className={css.cell}>
      {cell.source !== '' && (
        <div className={css.source}>
          <span className="text-xs text-tertiary mono">[{cell.count ?? ' '}]</span>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
          <pre className={code.code} tabIndex={0}>
            {cell.source}
          </pre>
        </div>
      )}
      {cell.outputs.map((output, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: outputs of one cell never move
        <Output key={index} output={output} />
      ))}
    </div>
  );
}

/** The cells of a notebook with their saved outputs. Nothing of it is run. */
export default function NotebookView({ read, size, path }: FormatProps) {
  const ask = useCallback(
    async (signal: AbortSignal) => readNotebook(await readWhole(read, size, signal)),
    [read, size],
  );
  const answer = useAnswer(ask);
  if (answer.kind === 'loading') return <Reading />;
  if (answer.kind === 'failed') return <NotRead error={answer.error} />;
  const { cells, cellsLeft } = answer.value;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className={css.notebook} tabIndex={0} aria-label={`Cells of ${path}`}>
      {cells.map((cell, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: cells of one notebook never move
        <Cell key={index} cell={cell} />
      ))}
      {cells.length === 0 && <p className="text-secondary">The notebook has no cells.</p>}
      {cellsLeft > 0 && <p className="text-secondary">{count(cellsLeft, 'more cell')} not shown.</p>}
    </section>
  );
}
