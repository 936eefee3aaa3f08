import { IconSearch } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import code from '../code.module.css';
import { IconButton } from '../icon-button.tsx';
import { findAll } from '../log-model.ts';
import { LogSearch } from '../log-search.tsx';
import { markMatches } from '../mark-matches.tsx';
import css from './preview.module.css';

const describe = (needle: string, matches: number, current: number): string => {
  if (needle === '') return '';
  return matches === 0 ? 'none' : `${current + 1} of ${matches}`;
};

/** The part of a text that was read, with a search in it. */
export function SearchedText({ text }: { text: string }) {
  const [needle, setNeedle] = useState<string | null>(null);
  const [chosen, setChosen] = useState(0);
  const pane = useRef<HTMLPreElement>(null);
  const matches = useMemo(() => findAll(text, needle ?? ''), [text, needle]);
  const current = Math.min(chosen, Math.max(0, matches.length - 1));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chosen match is what moves the pane
  useEffect(() => {
    pane.current?.querySelector('mark[data-current]')?.scrollIntoView({ block: 'nearest' });
  }, [current, needle]);
  const search = (next: string | null) => {
    setNeedle(next);
    setChosen(0);
  };
  const step = (by: 1 | -1) => {
    if (matches.length > 0) setChosen((current + by + matches.length) % matches.length);
  };
  return (
    <>
      <div className={`${css.search} row`}>
        {needle !== null && (
          <LogSearch
            where="the text"
            needle={needle}
            result={describe(needle, matches.length, current)}
            onNeedle={search}
            onStep={step}
          />
        )}
        <IconButton
          icon={IconSearch}
          label="Search in the text"
          size={26}
          pressed={needle !== null}
          onClick={() => search(needle === null ? '' : null)}
        />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <pre ref={pane} className={`${code.code} ${css.text}`} tabIndex={0}>
        {text === '' ? 'The file is empty.' : markMatches(text, matches, needle?.length ?? 0, current)}
      </pre>
    </>
  );
}
