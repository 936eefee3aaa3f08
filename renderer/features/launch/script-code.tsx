import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import code from '../../components/code.module.css';
import { stroke } from '../../components/icons.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { foldScript, type ScriptBlock } from './fold-script.ts';
import css from './script-panel.module.css';

function Line({ text }: { text: string }) {
  if (/^#(SBATCH|\$|PBS|BSUB)/.test(text)) {
    const [, word = '', rest = ''] = /^(\S+)(.*)$/s.exec(text) ?? [];
    return (
      <>
        <span className={css.directive}>{word}</span>
        {rest}
      </>
    );
  }
  if (text.trimStart().startsWith('#')) return <span className={css.comment}>{text}</span>;
  return <>{text}</>;
}

function Lines({ from, lines }: Pick<ScriptBlock, 'from' | 'lines'>) {
  return lines.map((text, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place in the script
    <span key={from + index} className={css.line} data-line={from + index + 1}>
      <Line text={text} />
      {'\n'}
    </span>
  ));
}

function Fold({ block }: { block: Extract<ScriptBlock, { kind: 'fold' }> }) {
  const [open, setOpen] = useState(false);
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <>
      <LinkButton className={css.fold} aria-expanded={open} onClick={() => setOpen(!open)}>
        <Chevron size={14} stroke={stroke} aria-hidden /> {block.title}
      </LinkButton>
      {open && <Lines from={block.from} lines={block.lines} />}
    </>
  );
}

/** A script with the numbers of its lines; long lines wrap, and its functions and files are folded. */
export function ScriptCode({ text, isBusy }: { text: string; isBusy: boolean }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <pre className={`${code.code} ${css.code}`} tabIndex={0} aria-busy={isBusy}>
      {foldScript(text).map((block) =>
        block.kind === 'fold' ? (
          <Fold key={block.from} block={block} />
        ) : (
          <Lines key={block.from} from={block.from} lines={block.lines} />
        ),
      )}
    </pre>
  );
}
