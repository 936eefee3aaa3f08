import { useCallback } from 'react';
import type { FormatProps } from '../format-props.ts';
import preview from '../preview.module.css';
import { readWhole } from '../read-whole.ts';
import { NotRead, Reading } from '../reading.tsx';
import { useAnswer } from '../use-answer.ts';
import css from './isolated-frame.module.css';
import { IsolatedFrame } from './isolated-frame.tsx';

/** An HTML page as it looks, in the isolated frame. */
export default function HtmlView({ read, size, path }: FormatProps) {
  const answer = useAnswer(useCallback((signal: AbortSignal) => readWhole(read, size, signal), [read, size]));
  if (answer.kind === 'loading') return <Reading />;
  if (answer.kind === 'failed') return <NotRead error={answer.error} />;
  return (
    <div className={css.page}>
      <IsolatedFrame html={answer.value} title={path} />
      <p className={preview.remark}>Its scripts run, but it loads nothing from the network and no other files.</p>
    </div>
  );
}
